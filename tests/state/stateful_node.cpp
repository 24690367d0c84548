#include "stateful_node.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "check/plugin_subject.hpp"
#include "runtime/load/library.hpp"
#include "support/run_pipeline.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(SPILLWAY_SOURCE_DIR) / "tests/state";

const FixedPlan liquidations = {.streams = {{Kind::liquidation}, {Kind::price, 3}}};

/// More than a day of 5-minute bars: less has no ranks.
FixedPlan risk_plan() {
    FixedPlan plan;
    plan.streams = {{Kind::bar},
                    {Kind::open_interest},
                    {Kind::funding_rate, 12},
                    {Kind::long_short_ratio, 2},
                    {Kind::liquidation},
                    {Kind::liquidation_sum, 4},
                    {Kind::score, 6, "pressure"},
                    {Kind::source_status, 50}};
    plan.tick = 5 * minute;
    plan.half = 320;
    plan.ticks = 400;
    plan.markets = {"BTC"};
    return plan;
}

FixedPlan score_plan() {
    FixedPlan plan;
    plan.streams = {{Kind::score, 1, "risk"},
                    {Kind::score, 2, "fragility"},
                    {Kind::score, 7, "pressure"},
                    {Kind::source_status, 8}};
    plan.tick = 30 * second;
    return plan;
}

FixedPlan rollup_plan() {
    FixedPlan plan;
    plan.streams = {{Kind::liquidation},
                    {Kind::funding_rate, 12},
                    {Kind::open_interest, 5},
                    {Kind::cascade, 3}};
    plan.tick = minute;
    plan.ticks = 180;
    plan.half = 90;
    plan.markets = {"BTC"};
    return plan;
}

FixedPlan flow_plan() {
    FixedPlan plan;
    plan.streams = {{Kind::stablecoin_flow}};
    plan.tick = 2 * minute;
    return plan;
}

const runtime::PluginDescription& described(const std::string& plugin) {
    for (const runtime::PluginDescription* one : node_plugins()) {
        if (one->name == plugin) return *one;
    }
    throw std::runtime_error(fmt::format("this build has no plugin '{}'", plugin));
}

/// A venue's input and golden files lie in its own folder.
fs::path folder_of_venue(const std::string& venue) {
    return fs::path(SPILLWAY_SOURCE_DIR) / "plugins/sources" / venue / "state";
}

}  // namespace

const std::vector<StateCase>& state_cases() {
    static const std::vector<StateCase> cases = {
        {"alerts", "alerts", {{"group_after", "2"}}, score_plan()},
        {"alerts_classic", "alerts", {{"profile", "classic"}, {"info", "40"}}, score_plan()},
        {"cascades", "cascades", {{"min_events", "3"}}, liquidations},
        {"cascades_pooled", "cascades", {{"min_events", "3"}, {"pooled", "true"}}, liquidations},
        {"dedupe",
         "dedupe",
         {{"window", "20m"}},
         {.streams = {{Kind::trade}, {Kind::funding_rate, 2}, {Kind::open_interest, 3}},
          .ticks = 200,
          .half = 100,
          .echo = 40}},
        {"liquidation_risk", "liquidation_risk", {{"weight_self_excitation", "1"}}, risk_plan()},
        {"liquidation_risk_monotone", "liquidation_risk", {{"profile", "monotone"}}, risk_plan()},
        {"liquidation_risk_classic", "liquidation_risk", {{"profile", "classic"}}, risk_plan()},
        {"rollup", "rollup", {{"every", "30s"}}, rollup_plan()},
        {"stablecoin_pressure", "stablecoin_pressure", {}, flow_plan()},
        {"window",
         "window",
         {{"every", "1m"},
          {"length", "5m"},
          {"by", "market,venue,side"},
          {"compute", "count,sum(notional),mean(price),max(price)"}},
         liquidations},
    };
    static const std::vector<StateCase> all = [] {
        std::vector<StateCase> found = cases;
        for (const runtime::PluginDescription* plugin : node_plugins()) {
            if (plugin->category != Category::venue) continue;
            if (fs::exists(folder_of_venue(plugin->name) / "input.tsv")) {
                found.push_back({plugin->name, plugin->name});
                found.back().venue = true;
            }
        }
        return found;
    }();
    return all;
}

void PrintTo(const StateCase& with, std::ostream* out) { *out << with.name; }

std::vector<const runtime::PluginDescription*> node_plugins() {
    std::vector<const runtime::PluginDescription*> found;
    for (const runtime::PluginDescription& plugin : built_plugins().plugins()) {
        if (plugin.category != Category::source && plugin.category != Category::sink) {
            found.push_back(&plugin);
        }
    }
    return found;
}

StatefulNode::StatefulNode(const StateCase& with) {
    const runtime::PluginDescription& plugin = described(with.plugin);
    cli::CheckCase check;
    check.options = with.options;
    auto subject = cli::subject_of(plugin, check);
    if (!subject) throw std::runtime_error(subject.error().message);
    subject_ = std::move(*subject);
    const auto library = runtime::Library::load(plugin.file);
    if (!library) throw std::runtime_error(library.error().reason);
    subject_.create = [library = *library]() -> std::unique_ptr<Plugin> {
        auto made = library.create();
        return made ? std::move(*made) : nullptr;
    };
    if (plugin.category == Category::venue) {
        input_ = FixedFrames::read(folder_of_venue(with.plugin) / "input.tsv");
    } else {
        input_.emplace<FixedMarket>(with.plan);
    }
}

NodePlayer StatefulNode::fresh() const {
    NodePlayer player = subject_.player(subject_.name);
    const Status status = player.start();
    EXPECT_TRUE(status.ok()) << status.subject() << ' ' << status.message();
    return player;
}

Status StatefulNode::play_before(NodePlayer& player) const {
    if (const auto* market = std::get_if<FixedMarket>(&input_)) {
        return player.play(market->before, {.most = 16});
    }
    const auto& frames = std::get<FixedFrames>(input_);
    return player.step(frames.script, 0, frames.half,
                       frames.script.messages()[frames.half - 1].receive_time);
}

Status StatefulNode::play_after(NodePlayer& player) const {
    if (const auto* market = std::get_if<FixedMarket>(&input_)) {
        return player.play(market->after, {.most = 16});
    }
    const auto& frames = std::get<FixedFrames>(input_);
    return player.step(frames.script, frames.half, frames.script.size(), frames.script.end());
}

fs::path golden_file(const StateCase& with, std::uint32_t version) {
    if (with.venue) return folder_of_venue(with.plugin) / fmt::format("v{}.state", version);
    return folder / "golden" / fmt::format("{}.v{}.state", with.name, version);
}

}  // namespace spillway::testing
