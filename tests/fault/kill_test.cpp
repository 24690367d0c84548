// `kill -9` at random moments: the final store equals that of an undisturbed run row by row, the
// final file byte by byte.

#include <chrono>
#include <csignal>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "victim.hpp"

namespace spillway::testing {
namespace {

/// Shards, windows, timers, late data, dead letters and two kinds of sinks. Checkpoints are as
/// frequent as they may be, so that there is always something to go on from.
const std::string busy_pipeline = R"(name: busy
sources:
  recording: {type: replay, path: recording.jsonl}
  ticks: {type: replay, path: ticks.jsonl, run: {out_of_order: 1s}}
  made: {type: generate, count: 20000, rate: 0.2, seed: 7, start: "2026-02-03T20:25:00Z",
         kinds: [liquidation, price]}
transforms:
  markets: {type: normalise, inputs: [recording, ticks, made]}
  events: {type: dedupe, inputs: [markets]}
  longs: {type: filter, inputs: [events], where: [side == long]}
  large: {type: filter, inputs: [events], where: [kind == liquidation, notional > 10_000]}
  both: {type: dedupe, inputs: [large, longs], window: 1h}
  cascades: {type: cascades, inputs: [events], min_events: 3, min_notional: 10_000,
             run: {parallelism: 3}}
  minutes: {type: window, inputs: [both], every: 1m, by: [market, side],
            compute: [count, sum(notional), last(price)]}
  rollups: {type: rollup, inputs: [events, cascades], run: {parallelism: 2}}
  alerts: {type: alerts, inputs: [risk], valid_for: 15m}
scorers:
  risk: {type: liquidation_risk, inputs: [events], heartbeat: 10m, run: {parallelism: 2}}
sinks:
  log: {type: file, path: log.jsonl,
        inputs: [both, cascades, cascades.velocity, minutes, minutes.late, rollups, alerts, risk]}
  rotated: {type: file, path: rotated.jsonl, rotate: 64KiB, keep: 100, inputs: [minutes, alerts]}
  store: {type: sqlite, path: store.db, inputs: [events, cascades, rollups, alerts, risk]}
checkpoint: {store: store, interval: 10ms}
)";

double milliseconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

/// Runs until one run ends by itself, killing those before at moments spread over a whole run. What
/// the last one leaves is compared at once: another would start over and write everything anew.
void kill_and_compare(Victim& victim, int kills, unsigned seed) {
    Victim::Output expected;
    const double whole = milliseconds_of([&] { expected = victim.undisturbed(); });
    std::mt19937 random(seed);
    int done = 0, resumed = 0;
    while (done < kills) {
        victim.clear();
        int code = -SIGALRM;
        // Each life is a part of a whole run: some die while they open, some run far.
        for (int life = 0; code != 0; ++life) {
            const double share = static_cast<double>(random() % 1000 + 1) / 1000;
            const bool dies = life < 12 && done < kills;
            code = dies ? victim.run(dies_after(static_cast<long>(whole * share * 600)))
                        : victim.run();
            if (code != 0) {
                ASSERT_EQ(code, dies ? -SIGALRM : 0) << victim.messages();
                ++done;
            }
        }
        resumed += victim.messages().find("goes on from epoch") != std::string::npos ? 1 : 0;
        expect_equal(expected, victim.output());
        ASSERT_FALSE(::testing::Test::HasFailure()) << "after " << done << " kills, seed " << seed;
    }
    EXPECT_GT(resumed, 0) << "every life started over";
    ::testing::Test::RecordProperty("resumed", resumed);
}

TEST(Kill, AtRandomMomentsOfAPipelineWithShardsWindowsTimersAndLateData) {
    Victim victim(busy_pipeline);
    kill_and_compare(victim, kills_wanted(40), 1);
}

/// The shipped demo with checkpoints as often as possible.
TEST(Kill, AtRandomMomentsOfTheDemo) {
    std::string demo = content_of(SPILLWAY_SOURCE_DIR "/pipelines/demo.yaml");
    const auto replace = [&demo](const std::string& from, const std::string& to) {
        const std::size_t at = demo.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        demo.replace(at, from.size(), to);
    };
    replace("pipelines/data/", SPILLWAY_SOURCE_DIR "/pipelines/data/");
    replace("spillway-demo/spillway.db", "spillway.db");
    replace("path: spillway-demo/alerts.jsonl", "path: alerts.jsonl");
    replace("  store: store\n", "  store: store\n  interval: 20ms\n");
    Victim victim(demo);
    kill_and_compare(victim, kills_wanted(16), 2);
}

}  // namespace
}  // namespace spillway::testing
