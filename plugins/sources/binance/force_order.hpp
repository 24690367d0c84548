#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <simdjson.h>

#include <spillway/kind.hpp>
#include <spillway/status.hpp>

#include "common/venues/json_fields.hpp"

namespace spillway::binance {

namespace ondemand = simdjson::ondemand;

/// The product line that a message names in `st`; frames before 2026-06 have none.
enum class Line : std::uint8_t { unnamed = 0, usd_margined = 1, coin_margined = 2 };

/// The order inside a forceOrder message. Price and quantity are of what was filled, else of the
/// order itself; the quantity of COIN-M orders counts contracts.
struct ForceOrder {
    std::string_view symbol;  ///< views the frame
    Side side = Side::long_position;
    double price = 0;
    double quantity = 0;
    std::int64_t time_ms = 0;  ///< trade time
    PriceKind price_kind = PriceKind::fill;
    Line line = Line::unnamed;
};

/// Reads the frame as the venue has written it since 2019: keys in one order, one order a frame,
/// bare or in a `data` object. False for everything else, which `read_order` and its caller take
/// apart with patience.
[[nodiscard]] bool read_frame_as_written(venues::StreamReader& reader, std::string_view bytes,
                                         ForceOrder& order) noexcept;

/// Reads the fields of an order in any order.
[[nodiscard]] Status read_order(ondemand::object object, ForceOrder& order);

/// True if the JSON text is `expected`; short texts without escapes, well within the padding.
template <std::size_t Size>
[[nodiscard]] bool is(ondemand::raw_json_string text, const char (&expected)[Size]) noexcept {
    return std::memcmp(text.raw(), expected, Size - 1) == 0 && text.raw()[Size - 1] == '"';
}

}  // namespace spillway::binance
