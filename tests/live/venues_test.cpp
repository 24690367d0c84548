#include <string>
#include <vector>

#include "live/live_fixture.hpp"

// What only some venues have, and what the mock exchange has instead of a venue.

namespace spillway::testing {
namespace {

std::size_t count_of(const std::vector<std::string>& lines, const std::string& name,
                     const std::string& what) {
    std::size_t count = 0;
    for (const std::string& line : lines) {
        const bool counts = line.find(venue(name)) != std::string::npos &&
                            line.find(kind(what)) != std::string::npos;
        count += counts ? 1 : 0;
    }
    return count;
}

TEST_F(LiveTest, KrakenFuturesRunsFromItsOwnPipeline) {
    const MockExchange exchange({"--cascade-every", "3"});
    PipelineRun run;
    run.file = std::string(SPILLWAY_SOURCE_DIR) + "/plugins/sources/kraken_futures/pipeline.yaml";
    run.variables = {{"SPILLWAY_GATEWAY", exchange.gateway()}};
    run.settings.data_dir = path("data");
    run.taps = {"events"};
    LivePipeline pipeline(run);
    for (const std::string what : {"price", "funding_rate", "open_interest", "liquidation"}) {
        EXPECT_TRUE(pipeline.wait_for("events", {venue("kraken_futures"), kind(what)})) << what;
    }
    const runtime::RunResult result = pipeline.stop();
    EXPECT_TRUE(result.status.ok()) << result.node << ": " << result.status.message();
    expect_balanced(result.final);
    const std::string state = exchange.state();
    EXPECT_EQ(state.find(R"("refused":{")"), std::string::npos) << "a rule was broken: " << state;
}

TEST_F(LiveTest, CoinGeckoTakesAKeyAndSaysWhenItIsWrong) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    run.overrides = {{"sources.coingecko.api_key", "CG-demo"}};
    {
        LivePipeline pipeline(run);
        EXPECT_TRUE(pipeline.wait_for("events", {venue("coingecko"), kind("price")}));
        expect_balanced(pipeline.stop().final);
    }
    EXPECT_EQ(exchange.state().find(R"("key":)"), std::string::npos) << exchange.state();
    run.overrides = {{"sources.coingecko.api_key", "CG-wrong"}};
    run.settings.fresh = true;
    LivePipeline pipeline(run);
    EXPECT_TRUE(
        pipeline.wait_for("events", {venue("coingecko"), kind("source_status"), "HTTP 401"}));
    EXPECT_TRUE(pipeline.wait_for("events", {venue("okx"), kind("price")}));
    for (const std::string& line : pipeline.lines("events")) {
        EXPECT_EQ(line.find("CG-wrong"), std::string::npos) << line;
    }
    expect_balanced(pipeline.stop().final);
}

TEST_F(LiveTest, TheMockExchangePlaysARecording) {
    std::size_t wanted = 0;
    {
        const MockExchange exchange({"--cascade-every", "3"});
        PipelineRun run = live(exchange);
        run.settings.record = path("recording");
        LivePipeline pipeline(run);
        EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("liquidation")}));
        EXPECT_TRUE(pipeline.wait_for("cascades", {kind("cascade")}));
        EXPECT_TRUE(pipeline.stop().status.ok());
        wanted = count_of(pipeline.lines("events"), "bybit", "liquidation");
    }
    ASSERT_GT(wanted, 0U);
    const MockExchange exchange({"--spillway", std::string(SPILLWAY_BINARY_DIR) + "/bin/spillway",
                                 "--play", path("recording/bybit").string()});
    LivePipeline pipeline(live(exchange, "again"));
    const auto seen = [&] { return pipeline.lines("events"); };
    for (auto lines = seen(); count_of(lines, "bybit", "liquidation") < wanted; lines = seen()) {
        ASSERT_TRUE(
            pipeline.wait_for("events", {venue("bybit"), kind("liquidation")}, lines.size()))
            << count_of(lines, "bybit", "liquidation") << " of " << wanted;
    }
    expect_balanced(pipeline.stop().final);
    EXPECT_EQ(count_of(pipeline.lines("events"), "bybit", "liquidation"), wanted);
}

}  // namespace
}  // namespace spillway::testing
