#include "run/signals.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "exit_code.hpp"

namespace spillway::cli {
namespace {

TEST(RunSignals, TheFirstOneAsksToStop) {
    RunSignals signals;
    std::promise<void> asked;
    signals.watch({.stop = [&asked] { asked.set_value(); }, .leave = [] {}, .reload = {}});
    kill(getpid(), SIGTERM);
    asked.get_future().wait();
}

TEST(RunSignals, OneThatCameBeforeTheWatchCounts) {
    RunSignals signals;
    kill(getpid(), SIGINT);
    std::promise<void> asked;
    signals.watch({.stop = [&asked] { asked.set_value(); }, .leave = [] {}, .reload = {}});
    asked.get_future().wait();
}

TEST(RunSignals, NothingIsCalledAfterTheWatchEnded) {
    RunSignals signals;
    std::atomic<bool> called{false};
    signals.watch({.stop = [&called] { called = true; }, .leave = [] {}, .reload = {}});
    signals.unwatch();
    EXPECT_FALSE(called);
}

TEST(RunSignals, HangUpAsksToReloadAsOftenAsItComes) {
    RunSignals signals;
    std::promise<void> first, second;
    int times = 0;
    signals.watch({.stop = [] {},
                   .leave = [] {},
                   .reload = [&] { (++times == 1 ? first : second).set_value(); }});
    kill(getpid(), SIGHUP);
    first.get_future().wait();
    kill(getpid(), SIGHUP);
    second.get_future().wait();
}

void stop_twice() {
    RunSignals signals;
    std::promise<void> asked;
    signals.watch({.stop = [&asked] { asked.set_value(); }, .leave = [] {}, .reload = {}});
    kill(getpid(), SIGINT);
    asked.get_future().wait();
    kill(getpid(), SIGINT);
    for (;;) pause();
}

TEST(RunSignalsDeathTest, TheSecondOneEndsTheProcessAtOnce) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(stop_twice(), testing::ExitedWithCode(exit_at_once), "");
}

}  // namespace
}  // namespace spillway::cli
