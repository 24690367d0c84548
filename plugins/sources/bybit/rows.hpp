#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/status.hpp>
#include <spillway/time.hpp>

#include "common/venues/json_fields.hpp"

namespace spillway::bybit {

namespace ondemand = venues::ondemand;

/// A liquidated order as the venue writes it. Texts are those of the parsed message.
struct LiquidationRow {
    std::string_view symbol, side;
    double size = 0, price = 0;
    Time time = 0;
    std::int64_t native_id = 0;
    bool has_native_id = false;
};

/// Refuses what is not complete. Takes the names of the stream and those of its REST form.
[[nodiscard]] Status read_liquidation(ondemand::object fields, LiquidationRow& row);

/// A public trade as the venue writes it. Texts are those of the parsed message.
struct TradeRow {
    std::string_view symbol, side, native_id;
    double size = 0, price = 0;
    Time time = 0;

    [[nodiscard]] bool complete() const noexcept {
        return !symbol.empty() && !side.empty() && size != 0 && price != 0 && time != 0 &&
               !native_id.empty();
    }
};

/// Refuses what is not complete.
[[nodiscard]] Status read_trade(ondemand::object fields, TradeRow& row);

}  // namespace spillway::bybit
