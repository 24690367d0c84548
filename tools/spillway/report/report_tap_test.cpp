#include "report/report_tap.hpp"

#include <cstring>

#include <gtest/gtest.h>

#include <spillway/fields.hpp>

namespace spillway::report {
namespace {

constexpr Time start = 1'770'322'800 * spillway::second;

/// Events as nodes of a pipeline would send them.
class Tapped : public testing::Test {
protected:
    Event& add(Kind kind, Time time = start) {
        Event& event = batch_->append(kind);
        event.event_time = event.receive_time = time;
        event.venue = venue_id("binance");
        event.market = market_id("BTC");
        event.instrument = instrument_id("BTC/USDT:USDT");
        return event;
    }
    Event& add_price(double price, Time time = start) {
        Event& event = add(Kind::price, time);
        event.price.last = price;
        event.price.interval = 5 * spillway::minute;
        event.set_present(field::price::last);
        event.set_present(field::price::interval);
        return event;
    }
    Event& add_score(const char* name, spillway::Direction direction, bool headline, double value) {
        Event& event = add(Kind::score);
        event.score.name = name_id(name);
        event.score.direction = direction;
        event.score.headline = headline;
        event.score.value = value;
        event.score.coverage = 0.8;
        event.set_present(field::score::value);
        event.score.contributions = 2;
        const spillway::Contribution parts[2] = {
            {40, 100, 0, 0, name_id("ignition"), NameId::none, {}, false, false},
            {0, 20, 0, -1, name_id("long_short"), NameId::none, {}, true, false}};
        std::memcpy(batch_->extend_blob(event, sizeof(parts)), parts, sizeof(parts));
        return event;
    }
    Event& add_alert(spillway::AlertState state, AlertType type, const char* market) {
        Event& event = add(Kind::alert);
        event.market = *market == '*' ? market_wide() : market_id(market);
        event.alert.episode = {1, 2};
        event.alert.severity = spillway::Severity::warning;
        event.alert.direction = spillway::Direction::down;
        event.alert.state = state;
        event.alert.type = type;
        return event;
    }
    RunReport report() {
        ReportTap tap(collector_);
        EXPECT_TRUE(tap.write({*batch_, {nullptr, batch_->size()}}).ok());
        return collector_.report({});
    }

    BatchRef batch_ = BatchRef::create();
    Collector collector_;
};

TEST_F(Tapped, PricesAreKeptByMarketAndStream) {
    add_price(70'000);
    add_price(69'000, start + 5 * spillway::minute);
    const RunReport found = report();
    ASSERT_EQ(found.markets.size(), 1u);
    ASSERT_TRUE(found.markets[0].price.has_value());
    EXPECT_EQ(found.markets[0].price->stream, "binance BTC/USDT:USDT");
    EXPECT_EQ(found.markets[0].price->low, 69'000);
    EXPECT_EQ(found.markets[0].price->high, 70'000);
}

TEST_F(Tapped, TheMarkPriceGoesBeforeTheLastPrice) {
    Event& event = add_price(70'000);
    event.price.mark = 70'100;
    event.set_present(field::price::mark);
    EXPECT_EQ(report().markets.at(0).price->high, 70'100);
}

TEST_F(Tapped, EpisodesComeFromTheHeadlineAndCoverageFromTheDirections) {
    add_price(70'000);
    add_score("risk", spillway::Direction::down, false, 75);
    add_score("risk", spillway::Direction::up, false, 10);
    add_score("risk", spillway::Direction::down, true, 75);
    add_score("fragility", spillway::Direction::down, true, 90);
    add_price(70'000, start + 5 * spillway::minute);
    const RunReport found = report();
    ASSERT_EQ(found.markets.size(), 1u);
    ASSERT_EQ(found.markets[0].episodes.size(), 1u);
    const Episode& episode = found.markets[0].episodes[0];
    EXPECT_EQ(episode.peak, 75);
    ASSERT_EQ(episode.contributions.size(), 2u);
    EXPECT_EQ(episode.contributions[0].points, 40);
    EXPECT_FALSE(episode.contributions[1].points.has_value());
    ASSERT_EQ(found.coverage.size(), 1u);
    EXPECT_EQ(found.coverage[0].score, "risk");
    EXPECT_DOUBLE_EQ(*found.coverage[0].coverage.mean(), 0.8);
}

TEST_F(Tapped, LendingProtocolsAreOnChain) {
    Event& event = add(Kind::liquidation);
    event.venue = venue_id("aave_base");
    event.liquidation.notional = 1'000;
    event.set_present(field::liquidation::notional);
    const RunReport found = report();
    ASSERT_EQ(found.liquidation_venues.size(), 1u);
    EXPECT_TRUE(found.liquidation_venues[0].on_chain);
}

TEST_F(Tapped, ACascadeCountsOnceHoweverOftenItIsTold) {
    for (const CascadeState state :
         {CascadeState::active, CascadeState::cooling, CascadeState::closed}) {
        Event& event = add(Kind::cascade);
        event.cascade.cascade = {3, 4};
        event.cascade.start = event.cascade.last = start;
        event.cascade.long_count = 6;
        event.cascade.long_notional = 2e6;
        event.cascade.side = spillway::Side::long_position;
        event.set_present(field::cascade::side);
        event.cascade.state = state;
    }
    const RunReport found = report();
    ASSERT_EQ(found.cascades.size(), 1u);
    EXPECT_EQ(found.cascades[0].count, 1u);
    EXPECT_EQ(found.cascades[0].open, 0u);
    EXPECT_EQ(found.cascades[0].liquidations, 6u);
    EXPECT_EQ(found.cascades[0].side, Side::longs);
}

TEST_F(Tapped, AMarketWideAlertThatNamesMoreMarketsIsStillOne) {
    add_alert(AlertState::firing, AlertType::liquidation_risk, "*");
    add_alert(AlertState::firing, AlertType::liquidation_risk, "*");
    add_alert(AlertState::resolved, AlertType::liquidation_risk, "*");
    EXPECT_EQ(report().market_wide_alerts, 1u);
}

TEST_F(Tapped, AlertsAboutDataAreCountedApart) {
    add_price(70'000);
    add_alert(AlertState::firing, AlertType::data, "BTC");
    add_alert(AlertState::firing, AlertType::liquidation_risk, "BTC");
    const RunReport found = report();
    EXPECT_EQ(found.degraded_data_alerts, 1u);
    EXPECT_EQ(found.alerts.total(), 1u);
}

/// A pipeline of plugins described by hand.
class ReportInputs : public testing::Test {
protected:
    runtime::NodeSpec& node(const char* id, Category category, const char* type, KindSet emits,
                            Trait traits = Trait::none) {
        auto plugin = std::make_unique<runtime::PluginDescription>();
        plugin->name = type;
        plugin->category = category;
        plugin->emits = emits;
        plugin->traits = traits;
        runtime::NodeSpec spec;
        spec.id = id;
        spec.category = category;
        spec.plugin = plugin.get();
        spec.emits = emits;
        plugins_.push_back(std::move(plugin));
        spec_.nodes.push_back(std::move(spec));
        return spec_.nodes.back();
    }
    static runtime::InputSpec from(const char* id, KindSet kinds) {
        runtime::InputSpec input;
        input.from = id;
        input.kinds = kinds;
        return input;
    }
    [[nodiscard]] KindSet heard(std::string_view id) const {
        KindSet kinds;
        int times = 0;
        for (const runtime::InputSpec& input : report_inputs(spec_)) {
            if (input.from != id) continue;
            kinds = input.kinds;
            ++times;
        }
        EXPECT_LE(times, 1) << id;
        return kinds;
    }

    runtime::PipelineSpec spec_;
    std::vector<std::unique_ptr<runtime::PluginDescription>> plugins_;
};

TEST_F(ReportInputs, ListenWhereTheFirstScorerDoesAndToAllFindings) {
    const KindSet data = {Kind::price, Kind::liquidation, Kind::stablecoin_flow};
    node("recording", Category::source, "replay", data);
    node("events", Category::transform, "dedupe", data, Trait::in_place);
    node("pressure", Category::scorer, "stablecoin_pressure", {Kind::score}).inputs = {
        from("events", {Kind::stablecoin_flow})};
    node("risk", Category::scorer, "liquidation_risk", {Kind::score}).inputs = {
        from("events", {Kind::price, Kind::liquidation})};
    node("cascades", Category::transform, "cascades", {Kind::cascade}).inputs = {
        from("events", {Kind::liquidation})};
    node("alerts", Category::transform, "alerts", {Kind::alert}).inputs = {
        from("risk", {Kind::score})};
    node("loud", Category::transform, "filter", {Kind::alert}, Trait::in_place).inputs = {
        from("alerts", {Kind::alert})};
    EXPECT_EQ(heard("recording"), KindSet{});
    EXPECT_EQ(heard("events"), data);
    EXPECT_EQ(heard("risk"), KindSet{Kind::score});
    EXPECT_EQ(heard("pressure"), KindSet{Kind::score});
    EXPECT_EQ(heard("cascades"), KindSet{Kind::cascade});
    EXPECT_EQ(heard("alerts"), KindSet{Kind::alert});
    EXPECT_EQ(heard("loud"), KindSet{});
}

TEST_F(ReportInputs, DataThatNoScorerUsesIsStillHeardOf) {
    node("recording", Category::source, "replay", {Kind::price, Kind::stablecoin_flow});
    node("risk", Category::scorer, "liquidation_risk", {Kind::score}).inputs = {
        from("recording", {Kind::price})};
    EXPECT_EQ(heard("recording"), (KindSet{Kind::price, Kind::stablecoin_flow}));
}

TEST_F(ReportInputs, APipelineThatAssessesNothingHasNone) {
    node("recording", Category::source, "replay", {Kind::liquidation});
    node("minutes", Category::transform, "window", {Kind::extension}).inputs = {
        from("recording", {Kind::liquidation})};
    EXPECT_TRUE(report_inputs(spec_).empty());
}

TEST_F(Tapped, AStopIsNoTroubleOfItsSource) {
    const auto tell = [&](FeedState state, const char* why) {
        Event& event = add(Kind::source_status);
        event.source_status.state = state;
        event.set_present(field::source_status::state);
        event.source_status.reason = batch_->add_text(event, why);
        event.set_present(field::source_status::reason);
    };
    tell(FeedState::disconnected, "stopped");
    tell(FeedState::gap, "stopped");
    EXPECT_TRUE(report().sources.empty());
    tell(FeedState::disconnected, "lost");
    EXPECT_EQ(report().sources.size(), 1u);
}

}  // namespace
}  // namespace spillway::report
