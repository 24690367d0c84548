#include <algorithm>
#include <cstdlib>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

/// SPILLWAY_SOAK sets for how many seconds (`tools/test --soak SECONDS`).
TEST_F(LiveTest, WhateverGoesWrongTheBooksBalanceAndTheReplayIsTheSame) {
    const char* const wanted = std::getenv("SPILLWAY_SOAK");
    const long seconds = wanted != nullptr ? std::max(1L, std::strtol(wanted, nullptr, 10)) : 20;
    const MockExchange exchange({"--fault", "random::1", "--cascade-every", "5"});
    PipelineRun run = scored(exchange);
    run.settings.record = path("recording");
    run.settings.run_for = seconds * second;
    const PipelineOutcome lived = run_pipeline(run);
    EXPECT_TRUE(lived.result.status.ok()) << lived.result.status.message();
    expect_balanced(lived.result.final);
    EXPECT_NE(exchange.state().find(R"("random":)"), std::string::npos) << "nothing went wrong";
    PipelineRun again = scored(exchange, "again");
    again.replay = path("recording");
    const PipelineOutcome replayed = run_pipeline(again);
    ASSERT_TRUE(replayed.diagnostics.empty()) << to_text(replayed.diagnostics);
    for (const std::string& tap : run.taps) {
        EXPECT_FALSE(lived.lines.at(tap).empty()) << tap;
        EXPECT_EQ(lived.lines.at(tap), replayed.lines.at(tap)) << tap;
    }
}

}  // namespace
}  // namespace spillway::testing
