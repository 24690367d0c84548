#pragma once

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <string_view>

#include <spillway/protocol.hpp>

namespace spillway::live {

/// A protocol of words, for tests:
///
///     -> sub 7 a b            -> unsub 8 a
///     <- ok 7  | ok topic a   <- no 7 | no topic a | no
///     <- data a ...           <- seq 12 a ...          <- tick (data of no named topic)
///     <- ping x (-> x)        <- pong                  <- bye (about to close)
///
/// Replies: "limited", "bad key", "fault", "next=TEXT" at the end (a next page), "t=<ms>" at the
/// start.
class ToyVenue final : public Protocol {
public:
    std::function<void(PlanWriter&)> on_prepare = [](PlanWriter&) {};
    std::function<Status(std::span<const Reply>, PlanWriter&)> on_plan;
    std::string refuses_to_write;  ///< a topic that `subscribe` has no words for

    Status prepare(PlanWriter& out) const noexcept override {
        on_prepare(out);
        return {};
    }
    Status plan(std::span<const Reply> replies, PlanWriter& out) const noexcept override {
        return on_plan(replies, out);
    }
    Status subscribe(const Subscription& what, TextWriter& out) const noexcept override {
        out.append(what.on ? "sub " : "unsub ");
        out.append(std::to_string(what.id));
        for (const std::string_view topic : what.topics) {
            if (topic == refuses_to_write) return {Code::defect, "no words"};
            out.append(" ");
            out.append(topic);
        }
        return {};
    }
    [[nodiscard]] Heard hear(std::string_view, std::string_view message) const noexcept override {
        using What = Heard::What;
        const std::string_view first = word(message);
        if (first == "ok" || first == "no") {
            const What what = first == "ok" ? What::subscribed : What::refused;
            const std::string_view second = word(message);
            if (second == "topic") return {what, {}, word(message), 0, 0};
            return {what, {}, {}, number(second), 0};
        }
        if (first == "data") return {What::data, {}, word(message), 0, 0};
        if (first == "seq") {
            const std::uint64_t sequence = number(word(message));
            return {What::data, {}, word(message), 0, sequence};
        }
        if (first == "ping") return {What::ping, word(message), {}, 0, 0};
        if (first == "pong") return {What::alive, {}, {}, 0, 0};
        if (first == "bye") return {What::leaving, "service upgrade", {}, 0, 0};
        return {};
    }
    void next_page(const Reply& reply, TextWriter& out) const noexcept override {
        const std::size_t at = reply.body.find("next=");
        if (at == std::string_view::npos) return;
        out.append("cursor=");
        out.append(reply.body.substr(at + 5));
    }
    [[nodiscard]] Fault fault(const Reply& reply) const noexcept override {
        if (reply.body == "limited") return {"too many", false, true};
        if (reply.body == "bad key") return {"bad key", true, false};
        if (reply.body == "fault") return {"fault", false, false};
        return {};
    }
    [[nodiscard]] std::optional<Time> venue_time(std::string_view body) const noexcept override {
        if (!body.starts_with("t=")) return std::nullopt;
        constexpr std::uint64_t latest = time_never / millisecond;
        return static_cast<Time>(std::min(number(body.substr(2)), latest)) * millisecond;
    }

private:
    static std::string_view word(std::string_view& text) noexcept {
        const std::string_view result = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), result.size() + 1));
        return result;
    }
    static std::uint64_t number(std::string_view text) noexcept {
        std::uint64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }
};

}  // namespace spillway::live
