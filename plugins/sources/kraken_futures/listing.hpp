#pragma once

#include <string>
#include <string_view>

#include <spillway/kind.hpp>
#include <spillway/status.hpp>

#include "common/venues/json.hpp"
#include "contract.hpp"

namespace spillway::kraken_futures {

/// A row of the instrument list.
struct Listing {
    std::string_view id;
    Contract contract;
    double tick = 0;  ///< 0: not said
    TradingStatus status = TradingStatus::trading;
    std::string said;  ///< all that is used of it, to see whether it changed
};

/// Reads a row; the id views it. Of what is not decoded only the id is read.
[[nodiscard]] Status read_listing(venues::dom::object row, Listing& listing);

}  // namespace spillway::kraken_futures
