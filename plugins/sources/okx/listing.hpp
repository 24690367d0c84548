#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/event.hpp>
#include <spillway/status.hpp>

#include "common/venues/json.hpp"
#include "contracts.hpp"

namespace spillway::okx {

/// A row of the instrument list.
struct Listing {
    std::string_view id, settle;
    Contract contract;
    double tick = 0;  ///< 0: not said
    TradingStatus status = TradingStatus::trading;
    std::uint64_t hash = 0;  ///< of all that it says

    [[nodiscard]] std::string_view base() const noexcept { return id.substr(0, id.find('-')); }
};

/// Reads a row; texts view it. Of what is no swap or future in dollars only the id is read.
[[nodiscard]] Status read_listing(venues::dom::object row, Listing& listing);

}  // namespace spillway::okx
