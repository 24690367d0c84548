#include "support/mock_exchange.hpp"

#include <array>
#include <csignal>
#include <cstdlib>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spillway::testing {
namespace {

/// What stands between two texts of a longer one.
std::string between(const std::string& text, std::string_view before, std::string_view after) {
    const std::size_t start = text.find(before);
    if (start == std::string::npos) return {};
    const std::size_t from = start + before.size();
    return text.substr(from, text.find(after, from) - from);
}

}  // namespace

MockExchange::MockExchange(std::vector<std::string> arguments) {
    Command::Settings settings;
    settings.program = std::string(SPILLWAY_SOURCE_DIR) + "/tools/mock-exchange";
    settings.arguments = std::move(arguments);
    settings.arguments.insert(settings.arguments.end(), {"--control", "0"});
    child_ = std::make_unique<Command>(settings);
    const bool ready =
        child_->wait_for_output("control 127.0.0.1:") && child_->wait_for_output("\n");
    EXPECT_TRUE(ready) << child_->out() << child_->err();
    gateway_ = between(child_->out(), "ready ", "\n");
    control_ = std::atoi(between(child_->out(), "control 127.0.0.1:", "\n").c_str());
}

MockExchange::~MockExchange() {
    child_->signal(SIGTERM);
    EXPECT_EQ(child_->wait(), 0) << child_->err();
}

std::string MockExchange::request(std::string_view method, std::string_view path,
                                  std::string_view body) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(control_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    std::string text(method);
    text.append(" ").append(path).append(" HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n");
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    text += body;
    EXPECT_EQ(::send(socket, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
    std::string answer;
    std::array<char, 65536> buffer;
    for (ssize_t size = 0; (size = ::recv(socket, buffer.data(), buffer.size(), 0)) > 0;) {
        answer.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(socket);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << method << ' ' << path << ": " << answer;
    return answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4));
}

void MockExchange::fault(std::string_view json) const {
    static_cast<void>(request("POST", "/fault", json));
}
void MockExchange::clear_faults() const { static_cast<void>(request("DELETE", "/fault", "")); }
void MockExchange::cut(std::string_view venue) const {
    static_cast<void>(request("POST", "/cut", "{\"venue\": \"" + std::string(venue) + "\"}"));
}
std::string MockExchange::state() const { return request("GET", "/state", ""); }

}  // namespace spillway::testing
