#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <spillway/time.hpp>

namespace spillway::live {

/// What is waited at most because a server asks for it. The longest bans of venues last three days;
/// more is a mistake, and would end the source without a word.
inline constexpr Duration longest_retry = 7 * day;

/// "Fri, 31 Dec 1999 23:59:59 GMT" as seconds since 1970 (the years that it may have do not fit
/// into a Time); none if it is of another form.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text) noexcept;

/// The value of a Retry-After header as a span from `now`: seconds ("120") or a date ("Fri, 31 Dec
/// 1999 23:59:59 GMT"; one that is past is 0), up to `longest_retry`. None if it is neither.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view value, Time now) noexcept;

/// What a status that is no success means here and what to do; empty for what has no such meaning.
[[nodiscard]] std::string_view status_advice(std::uint16_t status) noexcept;

/// "HTTP 451 from api.binance.com: the venue does not serve this country: ..."
[[nodiscard]] std::string describe_status(std::uint16_t status, std::string_view host,
                                          std::string_view body, std::string_view location);

/// At most `limit` printable characters of what somebody else sent, on one line.
[[nodiscard]] std::string quotable(std::string_view text, std::size_t limit = 200);

}  // namespace spillway::live
