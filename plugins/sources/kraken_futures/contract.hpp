#pragma once

#include <string>
#include <string_view>

namespace spillway::kraken_futures {

/// What a product id stands for.
struct Contract {
    /// Canonical: `BTC/USD:USD`, `BTC/USD:BTC-261225`. Empty: nothing that is decoded (indices,
    /// contracts quoted in coins).
    std::string instrument;
    std::string base;  ///< as the contract names it, tickers resolved: `BTC`
    bool inverse = false;
    bool perpetual = false;
    /// Of one contract, which the venue's quantities count: coins of a linear one, dollars of an
    /// inverse one. 1 of all contracts so far.
    double size = 1;

    [[nodiscard]] bool decoded() const noexcept { return !instrument.empty(); }
    [[nodiscard]] double coins(double quantity, double price) const noexcept {
        return inverse ? quantity * size / price : quantity * size;
    }
    [[nodiscard]] double dollars(double quantity, double price) const noexcept {
        return inverse ? quantity * size : quantity * size * price;
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, instrument);
        io(2, base);
        io(3, inverse);
        io(4, perpetual);
        io(5, size);
    }
};

/// Reads an id by its spelling: PF_XBTUSD and FF_XBTUSD_261225 are linear, PI_XBTUSD and
/// FI_XBTUSD_261225 inverse. What ends at a date begins with F. Quoted in dollars, all of them.
[[nodiscard]] Contract read_contract(std::string_view id);

}  // namespace spillway::kraken_futures
