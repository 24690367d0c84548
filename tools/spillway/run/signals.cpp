#include "run/signals.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "exit_code.hpp"

namespace spillway::cli {
namespace {

int checked(int result, const char* call) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), call);
    return result;
}

/// Waits for a signal; false when `end` was written to instead.
bool next_signal(int signals, int end) {
    std::array<pollfd, 2> waiting{{{signals, POLLIN, 0}, {end, POLLIN, 0}}};
    while (poll(waiting.data(), waiting.size(), -1) < 0) {
        if (errno != EINTR) return false;
    }
    signalfd_siginfo info{};
    return (waiting[1].revents & POLLIN) == 0 &&
           read(signals, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info));
}

}  // namespace

StopSignals::StopSignals() {
    // A closed pipe (`| head`) is an error of that write, not the end of the run.
    signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = checked(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
    end_ = checked(eventfd(0, EFD_CLOEXEC), "eventfd");
}

StopSignals::~StopSignals() {
    unwatch();
    close(end_);
    close(signals_);
}

void StopSignals::unwatch() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    static_cast<void>(!write(end_, &one, sizeof(one)));
    thread_.join();
}

void StopSignals::watch(std::function<void()> on_first, std::function<void()> on_second) {
    thread_ = std::thread([this, first = std::move(on_first), second = std::move(on_second)] {
        if (!next_signal(signals_, end_)) return;
        first();
        if (!next_signal(signals_, end_)) return;
        second();
        _exit(exit_at_once);
    });
}

}  // namespace spillway::cli
