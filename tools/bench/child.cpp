#include "child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>
#include <utility>

#include <boost/dll/runtime_symbol_info.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spillway::bench {
namespace {

struct Pipe {
    int read = -1, write = -1;
};

/// Not inherited by other children, which would keep it open.
Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    return {ends[0], ends[1]};
}

}  // namespace

tl::expected<Child, std::string> Child::start(const std::filesystem::path& program,
                                              const std::vector<std::string>& arguments) {
    std::vector<std::string> texts = {program.string()};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);

    const Pipe input = make_pipe(), output = make_pipe();
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
    pid_t process = 0;
    const int error =
        ::posix_spawn(&process, program.c_str(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(input.read);
    ::close(output.write);
    if (error == 0) return Child(program.filename().string(), process, input.write, output.read);
    ::close(input.write);
    ::close(output.read);
    return tl::make_unexpected(fmt::format("cannot start {}: {}", program.string(),
                                           std::generic_category().message(error)));
}

Child::Child(Child&& other) noexcept
    : name_(std::move(other.name_)),
      process_(std::exchange(other.process_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      read_(std::move(other.read_)) {}

Child::~Child() {
    close_input();
    if (output_ >= 0) ::close(output_);
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

tl::expected<std::string, std::string> Child::read_line() {
    for (;;) {
        if (const std::size_t end = read_.find('\n'); end != std::string::npos) {
            std::string line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        std::array<char, 256> block{};
        const ssize_t size = ::read(output_, block.data(), block.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return tl::make_unexpected(name_ + " has ended before its time");
        read_.append(block.data(), static_cast<std::size_t>(size));
    }
}

double Child::cpu_seconds() const {
    clockid_t clock{};
    std::timespec time{};
    if (clock_getcpuclockid(process_, &clock) != 0) return 0;
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void Child::close_input() {
    if (input_ >= 0) ::close(std::exchange(input_, -1));
}

tl::expected<std::filesystem::path, std::string> program_beside(const std::string& name) {
    std::error_code unknown;
    std::filesystem::path program = boost::dll::program_location(unknown).parent_path() / name;
    if (std::filesystem::exists(program, unknown)) return program;
    return tl::make_unexpected(
        fmt::format("there is no {}: run this benchmark from a build tree that has the target {}",
                    program.string(), name));
}

}  // namespace spillway::bench
