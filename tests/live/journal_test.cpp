#include <algorithm>
#include <csignal>
#include <fstream>

#include "live/live_fixture.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

const std::vector<std::string> sources = {"binance", "bybit", "okx", "coingecko"};

Command::Settings run_in(const std::filesystem::path& folder,
                         const std::vector<std::string>& arguments) {
    Command::Settings settings;
    settings.folder = folder;
    settings.arguments = {"run", std::string(SPILLWAY_SOURCE_DIR) + "/pipelines/live.yaml",
                          "--no-progress"};
    settings.arguments.insert(settings.arguments.end(), arguments.begin(), arguments.end());
    return settings;
}

Command::Settings journaling(const MockExchange& exchange, const std::filesystem::path& folder) {
    std::vector<std::string> arguments;
    for (const std::string& source : sources) {
        const std::string key = "sources." + source;
        arguments.insert(arguments.end(), {"--set", key + ".gateway=" + exchange.gateway(), "--set",
                                           key + ".run.journal=journal"});
    }
    return run_in(folder, arguments);
}

/// What a cascade looks like on the terminal.
constexpr std::string_view cascade_line = "cascade";

TEST_F(LiveTest, NothingThatWasJournalledIsLostByAKill) {
    const MockExchange exchange({"--cascade-every", "2"});
    const std::filesystem::path home = path("home");
    std::filesystem::create_directories(home);
    {
        Command first(journaling(exchange, home));
        ASSERT_TRUE(first.wait_for_output(cascade_line)) << first.out() << first.err();
        first.signal(SIGKILL);
        EXPECT_EQ(first.wait(), -SIGKILL);
    }
    {
        Command second(journaling(exchange, home));
        ASSERT_TRUE(second.wait_for_output("goes on from epoch")) << second.err();
        ASSERT_TRUE(second.wait_for_output(cascade_line)) << second.out() << second.err();
        second.signal(SIGTERM);
        EXPECT_EQ(second.wait(), 0) << second.err();
    }
    // The journal of both runs, read as one recording, must give what they put into their store.
    const std::filesystem::path again = path("again");
    std::filesystem::create_directories(again);
    const CommandResult replay =
        run_command(run_in(again, {"--replay", (home / "journal").string()}));
    EXPECT_EQ(replay.code, 0) << replay.err;
    auto lived = Database(home / "spillway-live/spillway.db").content();
    auto replayed = Database(again / "spillway-live/spillway.db").content();
    for (const std::string table : {"pipeline_epochs", "pipeline_state", "schema_migrations"}) {
        lived.erase(table);
        replayed.erase(table);
    }
    EXPECT_EQ(lived, replayed);
}

TEST_F(LiveTest, WhatWasMissedWhileTheProcessWasDownIsTold) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    {
        LivePipeline first(run);
        for (const std::string name : {"binance", "bybit", "okx"}) {
            ASSERT_TRUE(first.wait_for("events", {venue(name), kind("price")})) << name;
        }
        EXPECT_TRUE(first.stop().status.ok());
    }
    LivePipeline second(run);
    for (const std::string name : {"binance", "bybit", "okx"}) {
        EXPECT_TRUE(
            second.wait_for("events", {venue(name), kind("source_status"), "\"state\":\"gap\""}))
            << name;
    }
}

TEST_F(LiveTest, AStoppedRunGoesOnWithItsWindows) {
    const MockExchange exchange;
    const std::filesystem::path file = path("windows.yaml");
    std::ofstream(file)
        << "sources:\n"
           "  bybit: {type: live, venue: bybit, gateway: \""
        << exchange.gateway()
        << "\"}\n"
           "transforms:\n"
           "  markets: {type: normalise, inputs: [bybit]}\n"
           "  seconds: {type: window, inputs: [{from: markets, kinds: [price]}], every: 1s}\n"
           "sinks:\n"
           "  store: {type: sqlite, inputs: [seconds], path: windows.db}\n"
           "checkpoint: {store: store}\n";
    PipelineRun run;
    run.file = file;
    run.settings.data_dir = path("data");
    run.taps = {"seconds", "seconds.late"};
    for (const char* life : {"first", "second"}) {
        LivePipeline pipeline(run);
        EXPECT_TRUE(pipeline.wait_for("seconds", {kind("extension")})) << life;
        EXPECT_TRUE(pipeline.stop().status.ok());
        EXPECT_TRUE(pipeline.lines("seconds.late").empty()) << life;
    }
}

}  // namespace
}  // namespace spillway::testing
