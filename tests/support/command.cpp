#include "support/command.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spillway::testing {
namespace {

/// Appends what is there; false at the end.
bool append_from(int& pipe, std::string& text) {
    std::array<char, 65536> buffer;
    const ssize_t size = ::read(pipe, buffer.data(), buffer.size());
    if (size > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(size));
        return true;
    }
    if (size < 0 && errno == EINTR) return true;
    ::close(pipe);
    pipe = -1;
    return false;
}

}  // namespace

Command::Command(const Settings& settings) {
    const std::string program = settings.program.empty()
                                    ? std::string(SPILLWAY_BINARY_DIR) + "/bin/spillway"
                                    : settings.program;
    std::vector<char*> words = {const_cast<char*>(program.c_str())};
    for (const std::string& word : settings.arguments) {
        words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) std::abort();
    child_ = ::fork();
    if (child_ == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(err[1], STDERR_FILENO);
        if (!settings.folder.empty() && ::chdir(settings.folder.c_str()) != 0) ::_exit(126);
        if (settings.prepare) settings.prepare();
        ::execv(program.c_str(), words.data());
        ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_pipe_ = out[0];
    err_pipe_ = err[0];
}

Command::~Command() {
    if (child_ > 0) {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    if (out_pipe_ >= 0) ::close(out_pipe_);
    if (err_pipe_ >= 0) ::close(err_pipe_);
}

bool Command::read_more() {
    if (out_pipe_ < 0 && err_pipe_ < 0) return false;
    std::array<pollfd, 2> polls = {{{out_pipe_, POLLIN, 0}, {err_pipe_, POLLIN, 0}}};
    if (::poll(polls.data(), polls.size(), -1) < 0) return errno == EINTR;
    if (polls[0].revents != 0) append_from(out_pipe_, out_);
    if (polls[1].revents != 0) append_from(err_pipe_, err_);
    return true;
}

bool Command::wait_for_output(std::string_view text) {
    const auto there = [&] {
        return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos;
    };
    while (!there()) {
        if (!read_more()) return there();
    }
    return true;
}

void Command::signal(int number) const { ::kill(child_, number); }

int Command::wait() {
    while (read_more()) {
    }
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

CommandResult run_command(const Command::Settings& settings) {
    Command command(settings);
    CommandResult result;
    result.code = command.wait();
    result.out = command.out();
    result.err = command.err();
    return result;
}

}  // namespace spillway::testing
