#include <algorithm>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <stdexcept>

#include <spillway/frame_reader.hpp>

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

/// How often a journal tells that the pipeline was down.
int outages_in(const std::filesystem::path& journal) {
    int outages = 0;
    for (const auto& file : std::filesystem::directory_iterator(journal)) {
        auto reader = FrameReader::open(file.path().string());
        if (!reader) throw std::runtime_error(std::string(reader.error().message()));
        while (reader->next().value()) {
            for (const Frame& frame : reader->piece().frames) {
                const bool down =
                    frame.bytes.find("the pipeline was down") != std::string_view::npos;
                outages += frame.type == FrameType::gap && down ? 1 : 0;
            }
        }
    }
    return outages;
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
        for (const std::string venue : {"binance", "bybit", "okx"}) {
            EXPECT_TRUE(second.wait_for_output(venue + ": gap: the pipeline was down"))
                << second.err();
        }
        second.signal(SIGTERM);
        EXPECT_EQ(second.wait(), 0) << second.err();
    }
    for (const std::string& source : sources) {
        EXPECT_GE(outages_in(home / "journal" / source), 1) << source;
    }
    // The journal of both runs, read as one recording, must give what they put into their store.
    const std::filesystem::path again = path("again");
    std::filesystem::create_directories(again);
    const CommandResult replay =
        run_command(run_in(again, {"--replay", (home / "journal").string()}));
    EXPECT_EQ(replay.code, 0) << replay.err;
    const CommandResult in_its_place =
        run_command(run_in(home, {"--replay", (home / "journal").string()}));
    EXPECT_EQ(in_its_place.code, 1);
    EXPECT_NE(in_its_place.err.find("run it in another --data-dir (a replay keeps"),
              std::string::npos)
        << in_its_place.err;
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
            second.wait_for("events", {venue(name), kind("source_status"), "\"state\":\"gap\"",
                                       "the pipeline was down: nothing was received from "}))
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

/// Of the journal of a source, oldest first.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// Times and ids of its prices; the rest of one depends on those before it.
std::vector<std::string> prices_of_bybit(const std::vector<std::string>& events) {
    std::vector<std::string> prices;
    for (const std::string& line : events) {
        const std::size_t end = line.find(venue("bybit"));
        if (end == std::string::npos || line.find(kind("price")) == std::string::npos) continue;
        prices.push_back(line.substr(0, end));
    }
    return prices;
}

TEST_F(LiveTest, AJournalLosesItsOldestFilesAndReplaysWithoutThem) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    for (const std::string& source : sources) {
        const std::string key = "sources." + source + ".run.";
        run.overrides.emplace_back(key + "journal", path("journal"));
        run.overrides.emplace_back(key + "journal_keep_bytes", "40MiB");
    }
    const std::filesystem::path journal = path("journal/bybit");
    LivePipeline pipeline(run);
    ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
    const std::filesystem::path oldest = files_of(journal).front();
    // Just below max_message: five of them fill a file.
    exchange.fault(R"({"name": "huge", "venue": "bybit", "argument": 7, "every": 4})");
    const auto wait_for_price = [&] {
        const std::size_t seen = pipeline.lines("events").size();
        return pipeline.wait_for("events", {venue("bybit"), kind("price")}, seen);
    };
    constexpr int patience = 300;
    for (int prices = 0; std::filesystem::exists(oldest); ++prices) {
        ASSERT_TRUE(wait_for_price());
        ASSERT_LT(prices, patience);
    }
    EXPECT_TRUE(wait_for_price());
    for (const std::string& line : pipeline.lines("events")) {
        if (line.find(kind("source_status")) == std::string::npos) continue;
        EXPECT_NE(line.find("\"state\":\"connected\""), std::string::npos) << line;
    }
    exchange.clear_faults();
    const runtime::RunResult result = pipeline.stop();
    EXPECT_TRUE(result.status.ok()) << result.status.message();
    expect_balanced(result.final);
    constexpr std::uint64_t mebibyte = 1U << 20U;
    std::uint64_t kept = 0;
    for (const auto& file : files_of(journal)) kept += std::filesystem::file_size(file);
    EXPECT_GT(kept, 32 * mebibyte) << "no more goes than has to";
    // What is kept, a file that is not full yet, and the message that fills it.
    EXPECT_LE(kept, (40 + 32 + 8) * mebibyte);

    PipelineRun again = live(exchange, "again");
    again.replay = path("journal");
    const PipelineOutcome replayed = run_pipeline(again);
    ASSERT_TRUE(replayed.diagnostics.empty()) << to_text(replayed.diagnostics);
    EXPECT_TRUE(replayed.result.status.ok()) << replayed.result.status.message();
    expect_balanced(replayed.result.final);
    // Its end is that of the run, its beginning is gone.
    const std::vector<std::string> lived = prices_of_bybit(pipeline.lines("events"));
    const std::vector<std::string> left = prices_of_bybit(replayed.lines.at("events"));
    ASSERT_FALSE(left.empty());
    EXPECT_LT(left.size(), lived.size());
    EXPECT_EQ(left.back(), lived.back());
}

}  // namespace
}  // namespace spillway::testing
