#include "process.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <boost/dll/runtime_symbol_info.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spillway/testing/temporary_folder.hpp>

#include "runtime/ingress/wall_clock.hpp"

namespace spillway::bench {
namespace {

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

std::string text_of_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Standard streams and folder of the child.
class SpawnActions {
public:
    SpawnActions(const std::filesystem::path& output, const std::filesystem::path& errors,
                 const std::filesystem::path& folder) {
        posix_spawn_file_actions_init(&actions_);
        open(STDIN_FILENO, "/dev/null", O_RDONLY);
        open(STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC);
        open(STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC);
        posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    }
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    void open(int descriptor, const std::filesystem::path& file, int flags) {
        posix_spawn_file_actions_addopen(&actions_, descriptor, file.c_str(), flags, 0600);
    }
    posix_spawn_file_actions_t actions_{};
};

}  // namespace

tl::expected<ProcessResult, std::string> run_program(const std::vector<std::string>& arguments,
                                                     const std::filesystem::path& folder) {
    const testing::TemporaryFolder scratch;
    const std::string program = boost::dll::program_location().string();
    std::vector<std::string> texts = {program};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);

    const SpawnActions actions(scratch / "out", scratch / "err", folder);
    ProcessResult result;
    pid_t child = 0;
    result.started = runtime::steady_nanoseconds();
    if (const int error = ::posix_spawn(&child, program.c_str(), actions.get(), nullptr,
                                        pointers.data(), environ)) {
        return tl::make_unexpected(
            fmt::format("cannot start {}: {}", program, std::generic_category().message(error)));
    }
    int status = 0;
    rusage usage{};
    while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    result.wall_seconds =
        1e-9 * static_cast<double>(runtime::steady_nanoseconds() - result.started);
    result.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    result.peak_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    result.output = text_of_file(scratch / "out");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return result;
    return tl::make_unexpected(fmt::format(
        "{} ended with {} {}: {}", fmt::join(texts, " "), WIFEXITED(status) ? "code" : "signal",
        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), text_of_file(scratch / "err")));
}

}  // namespace spillway::bench
