#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/event.hpp>
#include <spillway/status.hpp>

#include "common/venues/json.hpp"
#include "contracts.hpp"

namespace spillway::bybit {

/// A row of the instrument list.
struct Listing {
    std::string_view symbol, base, quote, settle;  ///< as the venue names them
    Contract contract;
    double funding_hours = 0, tick = 0;  ///< 0: not said
    TradingStatus status = TradingStatus::trading;
    std::uint64_t hash = 0;  ///< of all that it says
};

/// Reads a row; texts view it. The settlement of what is not quoted in dollars is unknown.
[[nodiscard]] Status read_listing(venues::dom::object row, Listing& listing);

}  // namespace spillway::bybit
