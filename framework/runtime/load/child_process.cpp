#include "runtime/load/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spillway::runtime {
namespace {

constexpr std::size_t output_tail = 2048;

class Descriptor {
public:
    explicit Descriptor(int value) noexcept : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    [[nodiscard]] int get() const noexcept { return value_; }

private:
    int value_;
};

/// Files in memory rather than pipes: nobody ever blocks on them, and what a dead child wrote
/// stays readable.
Descriptor memory_file(const char* name) { return Descriptor(::memfd_create(name, MFD_CLOEXEC)); }

/// The first byte of the answer file tells that the work returned.
constexpr char finished_mark = '.';

/// An exception of the work ends the child: it must not unwind into what the parent was doing.
[[noreturn]] void be_child(const std::function<std::string()>& work, int answer, int output,
                           const ChildLimits& limits) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit no_core = {0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    const rlimit little_output = {limits.file, limits.file};
    ::setrlimit(RLIMIT_FSIZE, &little_output);
    // Ctrl-C is the parent's to handle; a crash is nobody's.
    std::signal(SIGINT, SIG_IGN);
    for (const int crash : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM}) {
        std::signal(crash, SIG_DFL);
    }
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);

    std::string text = work();
    text.resize(std::min(text.size(), limits.answer));
    text.insert(text.begin(), finished_mark);
    const ssize_t written = ::pwrite(answer, text.data(), text.size(), 0);
    // Not exit(): handlers and buffers belong to the parent.
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

std::string read_all(int file, std::size_t limit, bool tail) {
    const off_t size = ::lseek(file, 0, SEEK_END);
    if (size <= 0) return {};
    const auto total = static_cast<std::size_t>(size);
    std::string text(std::min(total, limit), '\0');
    const ssize_t count =
        ::pread(file, text.data(), text.size(), tail ? static_cast<off_t>(total - text.size()) : 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

/// True if the process ended before its time was over.
bool wait_for_end(int process, std::chrono::milliseconds patience) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + patience;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd ended = {process, POLLIN, 0};
        const int ready =
            ::poll(&ended, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

}  // namespace

ChildOutcome run_in_child(const std::function<std::string()>& work,
                          std::chrono::milliseconds patience, const ChildLimits& limits) {
    using Ending = ChildOutcome::Ending;
    ChildOutcome outcome;
    const Descriptor answer = memory_file("answer");
    const Descriptor output = memory_file("output");
    std::fflush(nullptr);  // else a child that calls exit() prints our buffers again
    const pid_t child = answer.get() < 0 || output.get() < 0 ? -1 : ::fork();
    if (child < 0) {
        outcome.code = errno;
        return outcome;
    }
    if (child == 0) be_child(work, answer.get(), output.get(), limits);

    // As a system call, because glibc 2.36 declares pidfd_open() without extern "C".
    const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const bool in_time = process.get() >= 0 && wait_for_end(process.get(), patience);
    if (!in_time) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    outcome.output = read_all(output.get(), output_tail, true);
    std::string text = read_all(answer.get(), limits.answer + 1, false);
    if (!in_time) {
        outcome.ending = Ending::timed_out;
    } else if (text.starts_with(finished_mark)) {
        outcome.ending = Ending::finished;
        outcome.answer = text.substr(1);
    } else if (WIFSIGNALED(status)) {
        outcome.ending = Ending::signalled;
        outcome.code = WTERMSIG(status);
    } else {
        outcome.ending = Ending::exited;
        outcome.code = WEXITSTATUS(status);
    }
    return outcome;
}

}  // namespace spillway::runtime
