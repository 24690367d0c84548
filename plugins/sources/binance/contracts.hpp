#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/names.hpp>

namespace spillway::binance {

/// How the quantity of an order becomes US dollars.
enum class Settlement : std::uint8_t {
    unknown,  ///< not a contract that is quoted in dollars: nothing can be said about its value
    linear,   ///< USD-M: quantity in coins, dollars = quantity x price
    inverse,  ///< COIN-M: quantity in contracts of a fixed dollar size
};

/// What the decoder needs to know of a symbol.
struct Contract {
    InstrumentId instrument = InstrumentId::none;
    MarketId market = MarketId::none;
    Settlement settlement = Settlement::unknown;
    bool perpetual = false;
    double contract_size = 0;  ///< US dollars; inverse contracts only
    std::uint64_t hash = 0;    ///< of the symbol's text, for ids
};

/// Reads a symbol: BTCUSDT, BTCUSDT_251226, BTCUSD_PERP, BTCUSD_260925. COIN-M contracts are worth
/// 100 USD for BTC and 10 USD for every other coin.
[[nodiscard]] Contract read_contract(std::string_view symbol);

/// Contracts by symbol, without locks or allocation once a symbol was seen. Bounded: beyond 4,096
/// symbols new ones are read afresh each time.
class ContractCache {
public:
    /// Bytes that must be readable from the start of every symbol.
    static constexpr std::size_t readable = 8;

    ContractCache();
    /// Valid until the next call.
    [[nodiscard]] const Contract& find(std::string_view symbol);

private:
    struct Slot {
        std::uint64_t head = 0;  ///< the first eight bytes, zeros behind a shorter symbol
        std::string text;        ///< empty: the slot is free
        Contract contract;
    };
    const Contract& add(Slot& slot, std::uint64_t head, std::string_view symbol);

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
    Contract uncached_;
};

}  // namespace spillway::binance
