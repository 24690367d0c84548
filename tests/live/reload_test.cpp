// A reload leaves the connections of what it does not change as they are.

#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "live/okx_trades.hpp"

namespace spillway::testing {
namespace {

class LiveReloadTest : public LiveTest {
protected:
    [[nodiscard]] PipelineRun with_trades(const MockExchange& exchange) const {
        PipelineRun run = live(exchange);
        run.overrides = {{"sources.okx.trades", "true"}};
        return run;
    }
    /// Until each of these has sent a price since now.
    static void expect_prices(LivePipeline& pipeline, const std::set<std::string>& venues) {
        const std::size_t seen = pipeline.lines("events").size();
        for (const std::string& name : venues) {
            EXPECT_TRUE(pipeline.wait_for("events", {venue(name), kind("price")}, seen)) << name;
        }
    }
    /// What was told of a venue's connections, oldest first.
    static std::vector<std::string> told_of(const LivePipeline& pipeline, std::string_view name) {
        std::vector<std::string> told;
        for (const std::string& line : pipeline.lines("events")) {
            if (line.find(venue(name)) == std::string::npos) continue;
            if (line.find(kind("source_status")) != std::string::npos) told.push_back(line);
        }
        return told;
    }
    static void expect_only_connected(const LivePipeline& pipeline, std::string_view name) {
        const std::vector<std::string> told = told_of(pipeline, name);
        ASSERT_EQ(told.size(), 1U) << told.back();
        EXPECT_NE(told.front().find("\"state\":\"connected\""), std::string::npos) << told.front();
    }
};

TEST_F(LiveReloadTest, WhatDidNotChangeStaysConnectedAndMissesNothing) {
    const MockExchange exchange;
    PipelineRun run = with_trades(exchange);
    run.settings.record = path("recording");
    LivePipeline pipeline(run);
    expect_prices(pipeline, {"binance", "bybit", "okx", "coingecko"});

    run.overrides.emplace_back("transforms.cascades.min_notional", "50_000");
    run.overrides.emplace_back("sources.bybit.markets", "BTC");
    const Status status = pipeline.reload(run);
    ASSERT_TRUE(status.ok()) << status.message();
    expect_prices(pipeline, {"binance", "bybit", "okx", "coingecko"});

    expect_only_connected(pipeline, "binance");
    expect_only_connected(pipeline, "okx");
    expect_only_connected(pipeline, "coingecko");
    const std::vector<std::string> told = told_of(pipeline, "bybit");
    const auto says = [&](std::string_view text) {
        return std::any_of(told.begin(), told.end(), [&](const std::string& line) {
            return line.find(text) != std::string::npos;
        });
    };
    EXPECT_TRUE(says("\"state\":\"disconnected\"")) << "another list of markets: connected anew";
    EXPECT_TRUE(says("the pipeline was down: nothing was received from "));
    EXPECT_TRUE(says("\"state\":\"resumed\""));

    expect_balanced(pipeline.stop().final);
    const Numbers numbers = numbers_in(path("recording/okx"));
    ASSERT_EQ(numbers.size(), 1U) << "connections";
    const std::set<std::uint64_t>& trades = numbers.begin()->second;
    EXPECT_EQ(trades.size(), *trades.rbegin() - *trades.begin() + 1) << "none is missing";
    EXPECT_EQ(ids_of(pipeline.lines("events"), "trade").size(), trades.size());
}

TEST_F(LiveReloadTest, AFileThatCannotComeIntoForceDisturbsNoConnection) {
    const MockExchange exchange;
    PipelineRun run = with_trades(exchange);
    run.settings.record = path("recording");
    LivePipeline pipeline(run);
    expect_prices(pipeline, {"binance", "bybit", "okx"});
    std::atomic<bool> over{false};
    std::thread watcher([&] {
        while (!over) EXPECT_FALSE(pipeline.metrics().empty());
    });
    for (int i = 0; i < 3; ++i) {
        PipelineRun other = run;
        other.overrides.emplace_back("sinks.store.path", "elsewhere.db");
        EXPECT_FALSE(pipeline.reload(other).ok());
    }
    over = true;
    watcher.join();
    expect_prices(pipeline, {"binance", "bybit", "okx"});
    for (const char* name : {"binance", "bybit", "okx"}) {
        expect_only_connected(pipeline, name);
    }
    expect_balanced(pipeline.stop().final);
    const Numbers numbers = numbers_in(path("recording/okx"));
    ASSERT_EQ(numbers.size(), 1U) << "connections";
    const std::set<std::uint64_t>& trades = numbers.begin()->second;
    EXPECT_EQ(trades.size(), *trades.rbegin() - *trades.begin() + 1) << "none is missing";
}

TEST_F(LiveReloadTest, AStopThatComesBeforeTheReloadIsAStop) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    LivePipeline pipeline(run);
    expect_prices(pipeline, {"binance", "bybit", "okx"});
    run.overrides.emplace_back("sinks.log.path", "spillway-live/other.jsonl");
    ASSERT_TRUE(pipeline.request_reload(run).ok());
    const runtime::RunResult result = pipeline.stop();
    EXPECT_TRUE(result.status.ok()) << result.status.message();
    expect_balanced(result.final);
    for (const char* name : {"binance", "bybit", "okx"}) {
        const std::vector<std::string> told = told_of(pipeline, name);
        ASSERT_FALSE(told.empty());
        EXPECT_NE(told.back().find("\"reason\":\"stopped\""), std::string::npos) << told.back();
    }
    EXPECT_FALSE(pipeline.request_reload(run).ok()) << "it has stopped";
}

TEST_F(LiveReloadTest, OfTwoFilesTheNewestCountsAndWhatItDropsIsClosedInOrder) {
    const MockExchange exchange;
    const PipelineRun run = live(exchange);
    LivePipeline pipeline(run);
    expect_prices(pipeline, {"binance", "bybit", "okx"});
    PipelineRun first = run, second = run;
    first.overrides.emplace_back("transforms.cascades.min_notional", "50_000");
    second.overrides.emplace_back("sources.bybit.markets", "BTC");
    ASSERT_TRUE(pipeline.request_reload(first).ok());
    ASSERT_TRUE(pipeline.request_reload(second).ok());
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), "\"state\":\"resumed\""}));
    expect_prices(pipeline, {"binance", "bybit", "okx"});
    expect_only_connected(pipeline, "binance");
    expect_only_connected(pipeline, "okx");
    const std::vector<std::string> told = told_of(pipeline, "bybit");
    EXPECT_TRUE(std::any_of(told.begin(), told.end(), [](const std::string& line) {
        return line.find("\"reason\":\"stopped\"") != std::string::npos;
    }));
    expect_balanced(pipeline.stop().final);
}

TEST_F(LiveReloadTest, AVenueThatIsRemovedIsClosedAndTheOthersStay) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    run.file = path("two.yaml");
    const auto write = [&](const std::string& sources, const std::string& inputs) {
        std::ofstream(run.file) << "name: two\nsources:\n"
                                << sources << "transforms:\n  events: {type: normalise, inputs: ["
                                << inputs
                                << "]}\nsinks:\n  store: {type: sqlite, inputs: [events], path: "
                                   "two.db}\ncheckpoint: {store: store}\n";
    };
    const std::string bybit =
        "  bybit: {type: live, venue: bybit, gateway: \"" + exchange.gateway() + "\"}\n";
    const std::string okx =
        "  okx: {type: live, venue: okx, gateway: \"" + exchange.gateway() + "\"}\n";
    write(bybit + okx, "bybit, okx");
    run.taps = {"events"};
    LivePipeline pipeline(run);
    expect_prices(pipeline, {"bybit", "okx"});
    write(okx, "okx");
    const Status status = pipeline.reload(run);
    ASSERT_TRUE(status.ok()) << status.message();
    expect_prices(pipeline, {"okx"});
    expect_only_connected(pipeline, "okx");
    EXPECT_NE(told_of(pipeline, "bybit").back().find("\"reason\":\"stopped\""), std::string::npos);
    expect_balanced(pipeline.stop().final);
}

}  // namespace
}  // namespace spillway::testing
