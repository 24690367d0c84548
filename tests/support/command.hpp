#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace spillway::testing {

/// The `spillway` command of this build, or another program, as a child process. What it prints is
/// collected from a pipe, so it is observed as soon as it is written.
class Command {
public:
    struct Settings {
        std::vector<std::string> arguments;
        std::filesystem::path folder = {};  ///< where it runs; empty: here
        /// Run in the child before the command starts (limits, user). Async-signal-safe calls only.
        std::function<void()> prepare = {};
        std::string program = {};  ///< empty: the command
    };
    explicit Command(const Settings& settings);
    ~Command();
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    /// Reads standard output and error until one of them holds `text` or the child has ended both.
    bool wait_for_output(std::string_view text);
    void signal(int number) const;
    /// Reads to the end. Exit status, or minus the signal that ended it.
    int wait();

    [[nodiscard]] pid_t process() const noexcept { return child_; }
    [[nodiscard]] const std::string& out() const noexcept { return out_; }
    [[nodiscard]] const std::string& err() const noexcept { return err_; }

private:
    bool read_more();

    pid_t child_ = -1;
    int out_pipe_ = -1;
    int err_pipe_ = -1;
    std::string out_;
    std::string err_;
};

/// Runs the command to its end.
struct CommandResult {
    int code = 0;
    std::string out;
    std::string err;
};
[[nodiscard]] CommandResult run_command(const Command::Settings& settings);

}  // namespace spillway::testing
