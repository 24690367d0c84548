#pragma once

#include <string_view>

#include <spillway/kind.hpp>
#include <spillway/time.hpp>

namespace spillway::kraken_futures {

/// A trade as it is written.
struct Trade {
    std::string_view uid;  ///< empty: recordings of early 2019 have none
    Time time = 0;
    double price = 0, quantity = 0, sequence = 0;
    TakerSide side = TakerSide::buy;
    bool liquidation = false;
    /// Not made in the order book: a block, or a position that the venue handed over. Its price is
    /// no market price, and nobody took.
    bool off_book = false;
};

}  // namespace spillway::kraken_futures
