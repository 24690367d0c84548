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

/// Waits for a signal; 0 when `end` was written to instead.
unsigned next_signal(int signals, int end) {
    std::array<pollfd, 2> waiting{{{signals, POLLIN, 0}, {end, POLLIN, 0}}};
    while (poll(waiting.data(), waiting.size(), -1) < 0) {
        if (errno != EINTR) return 0;
    }
    if ((waiting[1].revents & POLLIN) != 0) return 0;
    signalfd_siginfo info{};
    if (read(signals, &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info))) return 0;
    return info.ssi_signo;
}

}  // namespace

RunSignals::RunSignals() : end_(checked(eventfd(0, EFD_CLOEXEC), "eventfd")) {
    // A closed pipe (`| head`) is an error of that write, not the end of the run.
    signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = checked(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
}

RunSignals::~RunSignals() {
    unwatch();
    close(end_);
    close(signals_);
}

void RunSignals::unwatch() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    static_cast<void>(!write(end_, &one, sizeof(one)));
    thread_.join();
}

void RunSignals::watch(Actions actions) {
    thread_ = std::thread([this, does = std::move(actions)] {
        bool stopping = false;
        while (const unsigned number = next_signal(signals_, end_)) {
            if (number == SIGHUP) {
                if (!stopping && does.reload) does.reload();
            } else if (!stopping) {
                stopping = true;
                does.stop();
            } else {
                does.leave();
                _exit(exit_at_once);
            }
        }
    });
}

}  // namespace spillway::cli
