#include "run/signals.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "exit_code.hpp"

namespace spillway::cli {
namespace {

TEST(StopSignals, TheFirstOneAsksToStop) {
    StopSignals signals;
    std::promise<void> asked;
    signals.watch([&asked] { asked.set_value(); }, [] {});
    kill(getpid(), SIGTERM);
    asked.get_future().wait();
}

TEST(StopSignals, OneThatCameBeforeTheWatchCounts) {
    StopSignals signals;
    kill(getpid(), SIGINT);
    std::promise<void> asked;
    signals.watch([&asked] { asked.set_value(); }, [] {});
    asked.get_future().wait();
}

TEST(StopSignals, NothingIsCalledAfterTheWatchEnded) {
    StopSignals signals;
    std::atomic<bool> called{false};
    signals.watch([&called] { called = true; }, [] {});
    signals.unwatch();
    EXPECT_FALSE(called);
}

void stop_twice() {
    StopSignals signals;
    std::promise<void> asked;
    signals.watch([&asked] { asked.set_value(); }, [] {});
    kill(getpid(), SIGINT);
    asked.get_future().wait();
    kill(getpid(), SIGINT);
    for (;;) pause();
}

TEST(StopSignalsDeathTest, TheSecondOneEndsTheProcessAtOnce) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(stop_twice(), testing::ExitedWithCode(exit_at_once), "");
}

}  // namespace
}  // namespace spillway::cli
