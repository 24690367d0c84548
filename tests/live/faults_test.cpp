#include <algorithm>
#include <cstdlib>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

/// Something that goes wrong at Bybit, and how that is seen.
struct FaultCase {
    std::string name;
    std::string fault;                   ///< as the mock exchange takes it
    std::vector<std::string> seen;       ///< texts of the event that tells it; empty: nothing does
    bool recovers = true;                ///< data goes on while the fault lasts, or after it
    std::vector<std::string> mock = {};  ///< more arguments of the mock exchange
    bool from_start = false;             ///< there before the first connection
};

void PrintTo(const FaultCase& one, std::ostream* out) { *out << one.name; }

const std::string disconnected = "\"state\":\"disconnected\"";
const std::string gap = "\"state\":\"gap\"";

std::vector<FaultCase> fault_cases() {
    return {
        {"DropInTheMiddleOfAFrame",
         R"({"name": "drop", "venue": "bybit", "times": 1})",
         {disconnected}},
        {"CutWithoutGoodbye", R"({"name": "cut", "venue": "bybit", "times": 1})", {disconnected}},
        {"ServerCloseCode",
         R"({"name": "close", "venue": "bybit", "argument": 1012, "times": 1})",
         {disconnected}},
        {"Garbage", R"({"name": "garbage", "venue": "bybit", "times": 3})", {}},
        {"InvalidUtf8",
         R"({"name": "invalid-utf8", "venue": "bybit", "times": 1})",
         {disconnected}},
        {"BrokenFrame", R"({"name": "bad-frame", "venue": "bybit", "times": 1})", {disconnected}},
        {"HugeFrame", R"({"name": "huge", "venue": "bybit", "times": 1})", {disconnected}},
        {"Fragments", R"({"name": "fragments", "venue": "bybit"})", {}},
        {"Duplicates", R"({"name": "duplicate", "venue": "bybit"})", {}},
        {"Reordered", R"({"name": "reorder", "venue": "bybit"})", {}},
        {"Missing", R"({"name": "missing", "venue": "bybit"})", {}},
        {"MinutesLate", R"({"name": "late", "venue": "bybit"})", {}},
        {"SnapshotAfterDelta",
         R"({"name": "snapshot-late", "venue": "bybit"})",
         {},
         true,
         {},
         true},
        {"NewField", R"({"name": "new-field", "venue": "bybit"})", {}},
        {"RemovedField", R"({"name": "removed-field", "venue": "bybit"})", {}},
        {"ChangedType", R"({"name": "changed-type", "venue": "bybit"})", {}},
        {"ClockSkewOfAMinute", R"({"name": "clock-skew", "venue": "bybit", "argument": 59})", {}},
        {"ClockBehindByMoreThanAMinute",
         R"({"name": "clock-skew", "venue": "bybit", "argument": 75})",
         {gap, "ahead of this machine"},
         false,
         {},
         true},
        {"SubscriptionRefused", R"({"name": "refuse", "venue": "bybit"})", {gap}, false, {}, true},
        {"WrongHost",
         R"({"name": "wrong-host", "venue": "bybit"})",
         {disconnected},
         false,
         {},
         true},
        {"Expired", R"({"name": "expired", "venue": "bybit"})", {disconnected}, false, {}, true},
        {"SelfSigned",
         R"({"name": "self-signed", "venue": "bybit"})",
         {disconnected},
         false,
         {},
         true},
        {"Blocked",
         R"({"name": "451", "venue": "bybit"})",
         {"\"kind\":\"source_status\"", "451"},
         false,
         {},
         true},
        {"Redirect",
         R"({"name": "redirect", "venue": "bybit"})",
         {"\"kind\":\"source_status\""},
         false,
         {},
         true},
        {"TooManyRequests",
         R"({"name": "429", "venue": "bybit", "seconds": 3})",
         {"\"kind\":\"source_status\""},
         true,
         {},
         true},
        {"TooManyRequestsBare",
         R"({"name": "429-bare", "venue": "bybit", "seconds": 2})",
         {"\"kind\":\"source_status\""},
         false,
         {},
         true},
        {"ServerErrors",
         R"({"name": "5xx", "venue": "bybit", "seconds": 3})",
         {"\"kind\":\"source_status\""},
         true,
         {},
         true},
        {"Banned",
         R"({"name": "418", "venue": "bybit"})",
         {"\"kind\":\"source_status\""},
         false,
         {},
         true},
        {"SlowLoris",
         R"({"name": "slow-loris", "venue": "bybit"})",
         {"\"kind\":\"source_status\""},
         false,
         {},
         true},
        {"Stuck", R"({"name": "stuck", "venue": "bybit"})", {disconnected}, false, {}, true},
    };
}

class LiveFault : public LiveTest, public ::testing::WithParamInterface<FaultCase> {};

TEST_P(LiveFault, IsToldAndStopsNothingElse) {
    const FaultCase& one = GetParam();
    const MockExchange exchange(one.mock);
    if (one.from_start) exchange.fault(one.fault);
    PipelineRun run = live(exchange);
    run.overrides = {{"sources.bybit.connect_timeout", "2s"}};
    LivePipeline pipeline(run);
    if (!one.from_start) {
        ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
        exchange.fault(one.fault);
    }
    if (!one.seen.empty()) {
        std::vector<std::string> texts = {venue("bybit")};
        texts.insert(texts.end(), one.seen.begin(), one.seen.end());
        EXPECT_TRUE(pipeline.wait_for("events", texts));
    }
    const std::size_t seen = pipeline.lines("events").size();
    EXPECT_TRUE(pipeline.wait_for("events", {venue("okx"), kind("price")}, seen));
    EXPECT_TRUE(pipeline.wait_for("events", {venue("binance"), kind("price")}, seen));
    if (one.recovers) {
        EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}, seen));
    }
    exchange.clear_faults();
    const runtime::RunResult result = pipeline.stop();
    EXPECT_TRUE(result.status.ok()) << result.node << ": " << result.status.message();
    expect_balanced(result.final);
}

TEST_F(LiveTest, AVenueWithoutAnAddressStopsNothingElse) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    run.overrides = {{"sources.bybit.gateway", "nothing.invalid:443"}};
    LivePipeline pipeline(run);
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), disconnected}));
    EXPECT_TRUE(pipeline.wait_for("events", {venue("okx"), kind("price")}));
    expect_balanced(pipeline.stop().final);
}

/// SPILLWAY_SOAK sets for how many seconds.
TEST_F(LiveTest, WhateverGoesWrongTheBooksBalanceAndTheReplayIsTheSame) {
    const char* const wanted = std::getenv("SPILLWAY_SOAK");
    const long seconds = wanted != nullptr ? std::max(1L, std::atol(wanted)) : 20;
    const MockExchange exchange({"--fault", "random::1", "--cascade-every", "5"});
    PipelineRun run = live(exchange);
    run.settings.record = path("recording");
    run.settings.run_for = seconds * second;
    const PipelineOutcome lived = run_pipeline(run);
    EXPECT_TRUE(lived.result.status.ok()) << lived.result.status.message();
    expect_balanced(lived.result.final);
    PipelineRun again = live(exchange, "again");
    again.replay = path("recording");
    const PipelineOutcome replayed = run_pipeline(again);
    ASSERT_TRUE(replayed.diagnostics.empty()) << to_text(replayed.diagnostics);
    for (const std::string tap : {"risk", "cascades", "alerts"}) {
        EXPECT_EQ(lived.lines.at(tap), replayed.lines.at(tap)) << tap;
    }
}

INSTANTIATE_TEST_SUITE_P(Venue, LiveFault, ::testing::ValuesIn(fault_cases()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace spillway::testing
