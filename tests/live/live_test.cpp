#include <utility>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

TEST_F(LiveTest, EveryVenueReachesTheScorersAndTheBooksBalance) {
    const MockExchange exchange({"--cascade-every", "5"});
    LivePipeline pipeline(live(exchange));
    for (const std::string name : {"binance", "bybit", "okx"}) {
        for (const std::string what :
             {"price", "funding_rate", "open_interest", "long_short_ratio", "liquidation"}) {
            EXPECT_TRUE(pipeline.wait_for("events", {venue(name), kind(what)}))
                << name << ' ' << what;
        }
    }
    for (const std::string population : {"global_account", "top_account", "top_position"}) {
        EXPECT_TRUE(pipeline.wait_for(
            "events", {venue("binance"), kind("long_short_ratio"), R"("instrument":"BTC/USD:BTC")",
                       R"("population":")" + population + '"'}))
            << population;
    }
    EXPECT_TRUE(pipeline.wait_for("events", {venue("coingecko"), kind("price")}));
    for (const std::string market : {"BTC", "ETH"}) {
        EXPECT_TRUE(pipeline.wait_for("risk", {R"("market":")" + market + '"'})) << market;
    }
    EXPECT_TRUE(pipeline.wait_for("cascades", {kind("cascade")}));
    const std::string metrics = pipeline.metrics();
    for (const std::string name : {"binance", "bybit", "okx"}) {
        const std::string count =
            R"(spillway_live_lag_seconds_count{pipeline="live",node=")" + name + R"("} )";
        EXPECT_NE(metrics.find(count), std::string::npos) << name << '\n' << metrics;
        EXPECT_EQ(metrics.find(count + "0\n"), std::string::npos) << name;
    }
    const runtime::RunResult result = pipeline.stop();
    EXPECT_TRUE(result.status.ok()) << result.node << ": " << result.status.message();
    expect_balanced(result.final);
    EXPECT_TRUE(std::filesystem::exists(path("data/spillway-live/spillway.db")));
    const std::string state = exchange.state();
    EXPECT_EQ(state.find(R"("refused":{")"), std::string::npos) << "a rule was broken: " << state;
    EXPECT_NE(state.find(R"("refused":{})"), std::string::npos) << state;
}

TEST_F(LiveTest, AVenueMayHaveAnIpv6Address) {
    const MockExchange exchange({"--host", "::1"});
    EXPECT_TRUE(exchange.gateway().starts_with("[::1]:")) << exchange.gateway();
    LivePipeline pipeline(live(exchange));
    for (const std::string name : {"binance", "bybit", "okx", "coingecko"}) {
        EXPECT_TRUE(pipeline.wait_for("events", {venue(name), kind("price")})) << name;
    }
    expect_balanced(pipeline.stop().final);
}

TEST_F(LiveTest, OnlyChosenMarketsComeThrough) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    run.variables["MARKETS"] = "SOL";
    LivePipeline pipeline(run);
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
    EXPECT_TRUE(pipeline.wait_for("events", {venue("okx"), kind("price")}));
    EXPECT_TRUE(pipeline.stop().status.ok());
    for (const std::string& line : pipeline.lines("events")) {
        if (line.find(kind("source_status")) != std::string::npos) continue;
        EXPECT_NE(line.find("\"market\":\"SOL\""), std::string::npos) << line;
    }
}

TEST_F(LiveTest, AReplayOfItsRecordingGivesTheSameBytes) {
    const MockExchange exchange({"--cascade-every", "4"});
    PipelineRun run = scored(exchange);
    run.settings.record = path("recording");
    std::map<std::string, std::vector<std::string>> then;
    {
        LivePipeline pipeline(run);
        EXPECT_TRUE(pipeline.wait_for("cascades", {kind("cascade")}));
        EXPECT_TRUE(pipeline.wait_for("alerts", {kind("alert")}));
        for (const std::string name : {"binance", "bybit", "okx", "coingecko"}) {
            EXPECT_TRUE(pipeline.wait_for("events", {venue(name), kind("price")})) << name;
        }
        EXPECT_TRUE(pipeline.stop().status.ok());
        for (const std::string& tap : run.taps) then[tap] = pipeline.lines(tap);
    }
    PipelineRun again = scored(exchange, "again");
    again.replay = path("recording");
    for (const auto executor : {runtime::ExecutorKind::inline_only, runtime::ExecutorKind::tbb}) {
        again.settings.executor = executor;
        again.settings.fresh = true;
        again.settings.random_steps = 7;
        const PipelineOutcome outcome = run_pipeline(again);
        ASSERT_TRUE(outcome.diagnostics.empty()) << to_text(outcome.diagnostics);
        EXPECT_TRUE(outcome.result.status.ok()) << outcome.result.status.message();
        for (const std::string& tap : run.taps) {
            EXPECT_FALSE(then[tap].empty()) << tap;
            EXPECT_EQ(outcome.lines.at(tap), then[tap]) << tap;
        }
    }
}

TEST_F(LiveTest, ReadsOnAfterAReconnectAndTellsTheGap) {
    const MockExchange exchange;
    LivePipeline pipeline(live(exchange));
    ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
    exchange.cut("bybit");
    std::size_t seen = 0;
    for (const auto& [state, reason] :
         {std::pair("disconnected", "lost: "), std::pair("gap", "nothing was received from "),
          std::pair("resumed", "")}) {
        ASSERT_TRUE(pipeline.wait_for("events",
                                      {venue("bybit"), kind("source_status"),
                                       R"("state":")" + std::string(state) + '"', reason},
                                      seen))
            << state;
    }
    seen = pipeline.lines("events").size();
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}, seen));
    const std::string metrics = pipeline.metrics();
    EXPECT_NE(metrics.find("cause=\"lost\"} "), std::string::npos) << metrics;
    expect_balanced(pipeline.stop().final);
}

}  // namespace
}  // namespace spillway::testing
