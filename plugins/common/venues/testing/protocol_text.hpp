#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include <spillway/protocol.hpp>
#include <spillway/time.hpp>

namespace spillway::testing {

/// A plan as lines of text, for tests of a Protocol:
///
///     quota requests: 600 in 5s
///     topic linear tickers.BTCUSDT: price, every 10s
///     poll account-ratio?symbol=X: long_short_ratio, every 5m, 15s later, requests 1
///     missing PEPE: no contract
class PlanText final : public PlanWriter {
public:
    void quota(const Quota& quota) override {
        lines.push_back(fmt::format("quota {}: {:g} in {}", quota.name, quota.amount,
                                    format_duration(quota.per)));
    }
    void socket(const Socket& socket) override {
        lines.push_back(fmt::format("socket {}: {}", socket.name, socket.url));
    }
    void topic(const Topic& topic) override {
        std::string line =
            fmt::format("topic {} {}: {}", topic.socket, topic.name, to_string(topic.about));
        if (topic.interval > 0) line += ", every " + format_duration(topic.interval);
        lines.push_back(line);
    }
    void poll(const Poll& poll) override {
        std::string line = fmt::format("poll {}: {}", poll.channel, to_string(poll.about));
        if (poll.every > 0) line += ", every " + format_duration(poll.every);
        if (poll.after_period)
            line += fmt::format(", {} later", format_duration(*poll.after_period));
        if (!poll.quota.empty()) line += fmt::format(", {} {:g}", poll.quota, poll.weight);
        lines.push_back(line);
        channels.emplace_back(poll.channel);
        urls.emplace_back(poll.url);
        headers.push_back(poll.header.empty()
                              ? std::string()
                              : fmt::format("{}: {}", poll.header, poll.header_value));
    }
    void missing(std::string_view what, std::string_view why) override {
        lines.push_back(fmt::format("missing {}: {}", what, why));
    }

    std::vector<std::string> lines;
    std::vector<std::string> channels, urls, headers;  ///< of the polls
};

class MessageText final : public TextWriter {
public:
    void append(std::string_view more) override { text += more; }
    std::string text;
};

/// A reply to a poll with 64 readable bytes after it.
class ReplyText {
public:
    ReplyText(std::string channel, std::string body, std::uint16_t status = 200)
        : channel_(std::move(channel)), body_(std::move(body)), status_(status) {
        body_.reserve(body_.size() + simdjson::SIMDJSON_PADDING);
    }
    [[nodiscard]] Reply view() const { return {channel_, status_, body_}; }

private:
    std::string channel_, body_;
    std::uint16_t status_;
};

/// `subscribed 1`, `refused a.b: no such topic`, `data a.b`.
[[nodiscard]] inline std::string to_text(const Heard& heard) {
    constexpr std::array<std::string_view, 6> names = {"data",  "subscribed", "refused",
                                                       "alive", "ping",       "leaving"};
    std::string line(names[static_cast<std::size_t>(heard.what)]);
    if (heard.id != 0) line += fmt::format(" {}", heard.id);
    if (!heard.topic.empty()) line += fmt::format(" {}", heard.topic);
    if (!heard.text.empty()) line += fmt::format(": {}", heard.text);
    return line;
}

[[nodiscard]] inline std::vector<std::string> plan_lines(const Protocol& protocol,
                                                         const std::vector<ReplyText>& replies) {
    std::vector<Reply> views;
    for (const ReplyText& reply : replies) views.push_back(reply.view());
    PlanText plan;
    const Status status = protocol.plan(views, plan);
    if (!status.ok()) plan.lines.push_back(fmt::format("failed: {}", status.message()));
    return plan.lines;
}

}  // namespace spillway::testing
