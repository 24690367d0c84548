// Runs that stop before the end, for other reasons than a kill, and go on.

#include <csignal>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "victim.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;

const std::string pipeline = R"(name: resumed
sources:
  recording: {type: replay, path: recording.jsonl}
  ticks: {type: replay, path: ticks.jsonl, run: {out_of_order: 1s}}
transforms:
  markets: {type: normalise, inputs: [recording, ticks]}
  events: {type: dedupe, inputs: [markets]}
  minutes: {type: window, inputs: [events], every: 1m, by: [market], compute: [count]}
scorers:
  risk: {type: liquidation_risk, inputs: [events], heartbeat: 10m}
sinks:
  log: {type: file, path: log.jsonl, inputs: [minutes, minutes.late, risk]}
  store: {type: sqlite, path: store.db, inputs: [events, risk]}
checkpoint: {store: store, interval: 10ms}
)";

TEST(Resume, AFullDiskStopsTheRunAndRoomLetsItGoOn) {
    Victim victim(pipeline);
    const Victim::Output expected = victim.undisturbed();
    const rlim_t largest = expected.files.at("log.jsonl").size();
    // Files stop growing at a quarter, half and nine tenths of the largest.
    for (const rlim_t limit : {largest / 4, largest / 2, largest / 10 * 9}) {
        const int code = victim.run([limit] {
            signal(SIGXFSZ, SIG_IGN);  // writing fails instead
            const rlimit files{limit, limit};
            setrlimit(RLIMIT_FSIZE, &files);
        });
        EXPECT_EQ(code, 1) << victim.messages();
    }
    EXPECT_EQ(victim.run(), 0) << victim.messages();
    expect_equal(expected, victim.output());
}

TEST(Resume, AClockThatJumpsIsNotSeen) {
    Victim victim(pipeline);
    const Victim::Output expected = victim.undisturbed();
    int code = -SIGALRM, died = 0;
    for (const long life : {30'000L, 60'000L, 90'000L}) {
        const auto dies = dies_after(life);
        code = victim.run([&dies] {
            setenv("LD_PRELOAD", JUMPING_CLOCK, 1);
            dies();
        });
        if (code == 0) break;
        ASSERT_EQ(code, -SIGALRM) << victim.messages();
        ++died;
    }
    EXPECT_GT(died, 0);
    if (code != 0) code = victim.run([] { setenv("LD_PRELOAD", JUMPING_CLOCK, 1); });
    EXPECT_EQ(code, 0) << victim.messages();
    expect_equal(expected, victim.output());
}

TEST(Resume, AFinishedRunStartsOverAndEndsTheSame) {
    Victim victim(pipeline);
    const Victim::Output expected = victim.undisturbed();
    EXPECT_EQ(victim.run(), 0);
    EXPECT_EQ(victim.run(), 0);
    EXPECT_THAT(victim.messages(), HasSubstr("starts over"));
    expect_equal(expected, victim.output());
}

TEST(Resume, AnInterruptedRunSaysThatItGoesOn) {
    Victim victim(pipeline);
    const Victim::Output expected = victim.undisturbed();
    EXPECT_EQ(victim.run_a_part(), 0) << victim.messages();
    EXPECT_EQ(victim.run(), 0) << victim.messages();
    EXPECT_THAT(victim.messages(), HasSubstr("goes on from epoch"));
    expect_equal(expected, victim.output());
}

}  // namespace
}  // namespace spillway::testing
