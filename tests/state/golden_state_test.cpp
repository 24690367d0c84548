// What a version of Spillway wrote into a store is restored by every later one. The files in
// golden/, and in the folder state/ of a venue, are what it wrote, half-way through a fixed input:
// one a case and version of the state. With SPILLWAY_UPDATE_GOLDEN=1 those that are missing are
// made; no file is ever made anew.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "check/check_case.hpp"
#include "golden_rows.hpp"
#include "stateful_node.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

bool making_golden() {
    const char* const update = std::getenv("SPILLWAY_UPDATE_GOLDEN");
    return update != nullptr && std::string_view(update) == "1";
}

/// Handles of names are numbers of this process. Whoever wrote one into a state finds another name
/// behind it here.
void intern_strangers() {
    static const bool done = [] {
        for (int i = 0; i < 100; ++i) {
            const std::string name = fmt::format("stranger {}", i);
            static_cast<void>(venue_id(name));
            static_cast<void>(instrument_id(name));
            static_cast<void>(market_id(name));
            static_cast<void>(name_id(name));
        }
        for (const char* venue : {"okx", "bybit", "binance"}) static_cast<void>(venue_id(venue));
        for (const char* market : {"SOL", "ETH", "BTC"}) static_cast<void>(market_id(market));
        return true;
    }();
    static_cast<void>(done);
}

/// All that a player has answered, a line each, with the output in front.
std::vector<std::string> answers_of(const NodePlayer& player) {
    std::vector<std::string> lines;
    for (std::uint32_t port = 0; port < player.ports(); ++port) {
        for (const std::string& line : lines_of(player.out(port))) {
            lines.push_back(fmt::format("{} {}", port, line));
        }
    }
    for (const std::string& line : lines_of(player.letters())) lines.push_back("letter " + line);
    return lines;
}

/// What `player` answers to the second part of the input.
std::vector<std::string> answers_after(const StatefulNode& node, NodePlayer& player) {
    std::vector<std::string> before = answers_of(player);
    const Status status = node.play_after(player);
    EXPECT_TRUE(status.ok()) << status.subject() << ' ' << status.message();
    std::multiset<std::string> known(before.begin(), before.end());
    std::vector<std::string> added;
    for (std::string& line : answers_of(player)) {
        if (const auto old = known.find(line); old != known.end()) {
            known.erase(old);
        } else {
            added.push_back(std::move(line));
        }
    }
    return added;
}

std::vector<StateRows::Row> state_of(NodePlayer& player) {
    StateRows rows;
    EXPECT_TRUE(player.node().snapshot(rows, true).ok());
    return rows.rows;
}

class GoldenState : public ::testing::TestWithParam<StateCase> {
protected:
    GoldenState() {
        if (!making_golden()) intern_strangers();
    }
};

std::string name_of(const ::testing::TestParamInfo<StateCase>& info) { return info.param.name; }

TEST_P(GoldenState, OfTheVersionThatIsWrittenNowExists) {
    const StatefulNode node(GetParam());
    NodePlayer player = node.fresh();
    ASSERT_TRUE(node.play_before(player).ok());
    StateRows rows;
    rows.rows = state_of(player);
    ASSERT_FALSE(rows.rows.empty()) << "the input leaves no state";
    const fs::path file = golden_file(GetParam(), node.state_version());
    if (making_golden()) write_new_rows(file, rows);
    EXPECT_TRUE(fs::exists(file))
        << file << " is missing: run the test with SPILLWAY_UPDATE_GOLDEN=1 and commit the file";
}

TEST_P(GoldenState, OfEveryVersionIsRestoredAndGoesOnAsIfNothingHadHappened) {
    const StatefulNode node(GetParam());
    NodePlayer uninterrupted = node.fresh();
    ASSERT_TRUE(node.play_before(uninterrupted).ok());
    const std::vector<std::string> expected = answers_after(node, uninterrupted);
    ASSERT_FALSE(expected.empty()) << "the second part of the input shows nothing";

    NodePlayer without_state = node.fresh();
    EXPECT_NE(answers_after(node, without_state), expected)
        << "the second part of the input does not depend on the state";

    for (std::uint32_t version = 1; version <= node.state_version(); ++version) {
        const fs::path file = golden_file(GetParam(), version);
        SCOPED_TRACE(file);
        NodePlayer restored = node.fresh();
        const Status status = read_rows(file).restore(restored.node());
        ASSERT_TRUE(status.ok()) << status.subject() << ' ' << status.message();
        const std::vector<std::string> found = answers_after(node, restored);
        for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
            ASSERT_EQ(found[i], expected[i]);
        }
        EXPECT_EQ(found.size(), expected.size());
        EXPECT_TRUE(state_of(restored) == state_of(uninterrupted))
            << "it answers alike, but keeps another state";
    }
}

TEST_P(GoldenState, OfANewerVersionIsRefused) {
    const StatefulNode node(GetParam());
    const StateRows rows = read_rows(golden_file(GetParam(), node.state_version()));
    for (const StateRows::Row& row : rows.rows) {
        NodePlayer player = node.fresh();
        const Status status =
            player.node().restore(row.key, row.part, node.state_version() + 1, row.bytes);
        ASSERT_FALSE(status.ok()) << row.key;
        EXPECT_EQ(status.code(), Code::unsupported);
        EXPECT_NE(status.message().find("newer version"), std::string_view::npos)
            << status.message();
    }
}

INSTANTIATE_TEST_SUITE_P(Nodes, GoldenState, ::testing::ValuesIn(state_cases()), name_of);

TEST(GoldenFiles, BelongToACaseEach) {
    std::set<std::string> known;
    for (const StateCase& one : state_cases()) known.insert(one.name);
    for (const auto& entry :
         fs::directory_iterator(fs::path(SPILLWAY_SOURCE_DIR) / "tests/state/golden")) {
        const std::string name = entry.path().filename().string();
        EXPECT_TRUE(known.contains(name.substr(0, name.find('.'))))
            << name << ": what a released version wrote must be restored for ever";
    }
}

TEST(GoldenFiles, AreThereForEveryPluginWithState) {
    std::set<std::string> known;
    for (const StateCase& one : state_cases()) known.insert(one.plugin);
    for (const runtime::PluginDescription* plugin : node_plugins()) {
        if (known.contains(plugin->name)) continue;
        ASSERT_NE(plugin->category, Category::venue)
            << plugin->name << ": add state/input.tsv to its folder, as other venues have it";
        const auto with = cli::CheckCase::read(fs::path(SPILLWAY_SOURCE_DIR) /
                                               "plugins/transforms" / plugin->name / "check.yaml");
        ASSERT_TRUE(with) << with.error();
        const StatefulNode node(
            {plugin->name, plugin->name, with->options, {.streams = {{Kind::liquidation}}}});
        NodePlayer player = node.fresh();
        ASSERT_TRUE(node.play_before(player).ok());
        EXPECT_TRUE(state_of(player).empty())
            << plugin->name << " keeps state: add a case to stateful_node.cpp";
    }
}

}  // namespace
}  // namespace spillway::testing
