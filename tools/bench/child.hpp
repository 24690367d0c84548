#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>
#include <tl/expected.hpp>

namespace spillway::bench {

/// A program that runs beside this one: says lines, is told to end by the end of its standard
/// input, and is killed by the destructor. Its standard error is this program's.
class Child {
public:
    [[nodiscard]] static tl::expected<Child, std::string> start(
        const std::filesystem::path& program, const std::vector<std::string>& arguments);
    Child(Child&& other) noexcept;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    /// The next line of its output; an error once there is no more. Blocks.
    [[nodiscard]] tl::expected<std::string, std::string> read_line();
    /// What it has used so far, all threads.
    [[nodiscard]] double cpu_seconds() const;
    void close_input();

private:
    Child(std::string name, pid_t process, int input, int output)
        : name_(std::move(name)), process_(process), input_(input), output_(output) {}

    std::string name_;
    pid_t process_;
    int input_, output_;
    std::string read_;
};

/// A program of the build that stands beside this one.
[[nodiscard]] tl::expected<std::filesystem::path, std::string> program_beside(
    const std::string& name);

}  // namespace spillway::bench
