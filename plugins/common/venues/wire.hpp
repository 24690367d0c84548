#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <spillway/protocol.hpp>
#include <spillway/time.hpp>

#include "common/venues/json.hpp"

namespace spillway::venues {

// What implementations of Protocol share: looking at messages cheaply, and writing addresses.

/// Messages that answer requests are short: nothing longer needs to be read whole.
inline constexpr std::size_t longest_control = 4096;

/// The text up to `until` behind `head`, if the message begins with that. How data is told from
/// control without reading it: `{"topic":"` up to `"`.
[[nodiscard]] inline std::optional<std::string_view> text_after(std::string_view message,
                                                                std::string_view head,
                                                                char until) noexcept {
    if (!message.starts_with(head)) return std::nullopt;
    const std::size_t end = message.find(until, head.size());
    if (end == std::string_view::npos) return std::nullopt;
    return message.substr(head.size(), end - head.size());
}

/// Reads messages and replies whole. What it answers is valid until the next call.
class MessageReader {
public:
    /// False if it is no JSON object.
    [[nodiscard]] bool read(std::string_view message, dom::object& object) noexcept;

private:
    dom::parser parser_;
    std::string padded_;
};

/// A time in milliseconds behind `key`, which includes the colon (`"ts":`), in quotes or not;
/// the last one, as replies end with it. None if there is no such key or time.
[[nodiscard]] std::optional<Time> time_behind(std::string_view body, std::string_view key) noexcept;

/// A request id as an answer gives it back: a number, in quotes or not. 0: none.
[[nodiscard]] std::uint64_t read_request_id(dom::object answer, std::string_view key) noexcept;

/// A poll with GET whose channel is what follows `base` in its address. The parameters of `name`
/// stand in alphabetical order; what an address may not hold is escaped there.
void get(PlanWriter& out, std::string_view base, std::string_view name, spillway::Poll poll);

/// Escapes all but letters, digits, `-._~` and `also`.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view also = {});

/// A name that can stand in JSON between quotes as it is. Venues name contracts in UTF-8.
[[nodiscard]] bool is_plain_name(std::string_view name) noexcept;

}  // namespace spillway::venues
