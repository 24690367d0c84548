#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/venues/json.hpp"

namespace spillway::coingecko {

/// An error in the body of a reply, in one of the venue's forms:
///     {"status":{"error_code":429,"error_message":".."}}    {"error":"coin not found"}
struct ReplyError {
    std::int64_t code = 0;  ///< 0: not said
    std::string_view text;
};

/// `status` and `error` could be coins: what has no code, or is no text, is none.
[[nodiscard]] inline std::optional<ReplyError> read_error(venues::dom::object reply) noexcept {
    using venues::Found;
    ReplyError error;
    venues::dom::object status;
    venues::dom::element value;
    if (venues::find_text(reply, "error", error.text) == Found::present) return error;
    if (venues::find_object(reply, "status", status) != Found::present ||
        venues::find_value(status, "error_code", value) != Found::present ||
        venues::read_integer(value, error.code) != Found::present) {
        return std::nullopt;
    }
    if (venues::find_text(status, "error_message", error.text) != Found::present) {
        error.text = "an error without message";
    }
    return error;
}

}  // namespace spillway::coingecko
