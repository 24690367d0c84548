#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/names.hpp>

namespace spillway::binance {

static_assert(std::endian::native == std::endian::little,
              "the head of a symbol is cut by shifting");

/// How the quantity of an order becomes US dollars.
enum class Settlement : std::uint8_t {
    unknown,  ///< not a contract that is quoted in dollars: nothing can be said about its value
    linear,   ///< USD-M: quantity in coins, dollars = quantity x price
    inverse,  ///< COIN-M: quantity in contracts of a fixed dollar size
};

/// What the decoder needs to know of a symbol.
struct Contract {
    InstrumentId instrument = InstrumentId::none;
    NameId settle = NameId::none;
    Settlement settlement = Settlement::unknown;
    bool perpetual = false;
    double contract_size = 0;  ///< US dollars; inverse contracts only
    double funding_hours = 0;  ///< hours that a funding rate covers; 0: the venue has not said
    std::uint64_t hash = 0;    ///< of the symbol's text, for ids
};

/// What the venue's own lists say about a symbol.
struct Listing {
    std::string base, quote, settle;  ///< empty: not listed, only its funding is known
    double contract_size = 0;         ///< 0: not sent (USD-M)
    double funding_hours = 0;         ///< 0: the default of its line

    template <class Archive>
    void fields(Archive& io) {
        io(1, base);
        io(2, quote);
        io(3, settle);
        io(4, contract_size);
        io(5, funding_hours);
    }
};

/// Reads a symbol: BTCUSDT, BTCUSDT_251226, BTCUSD_PERP, BTCUSD_260925. Without a listing, base and
/// quote are guessed from the symbol, and COIN-M contracts are worth 100 USD for BTC and 10 USD for
/// every other coin.
[[nodiscard]] Contract read_contract(std::string_view text, const Listing* listing = nullptr);

/// Contracts by symbol, without locks or allocation once a symbol was seen. Bounded: beyond 4,096
/// symbols new ones are read afresh each time. Knows what the venue's lists said; that is state.
class Contracts {
public:
    /// Bytes that must be readable from the start of a symbol given to `find_readable`.
    static constexpr std::size_t readable = 8;
    static constexpr std::size_t limit = 4096;

    Contracts();
    /// Valid until the next call.
    [[nodiscard]] const Contract& find(std::string_view symbol) { return entry(symbol); }
    [[nodiscard]] const Contract& find_readable(std::string_view symbol) {
        const std::uint64_t head = head_of(symbol.data(), symbol.size());
        const Slot& slot = slots_[slot_of(head, symbol.size())];
        return is_at(slot, head, symbol) ? slot.contract : entry(head, symbol);
    }
    /// The perpetual of a COIN-M pair: BTCUSD_PERP of BTCUSD.
    [[nodiscard]] const Contract& perpetual_of(std::string_view pair);

    /// Takes over what exchangeInfo says; the funding interval stays.
    void list(std::string_view symbol, Listing listing);
    /// Takes over what fundingInfo says. The list names only perpetuals that deviate from 8 hours:
    /// once one of a line (USD-M, COIN-M) was seen, the others of that line are known to have 8.
    void set_funding_hours(std::string_view symbol, double hours);

    template <class Archive>
    void fields(Archive& io) {
        io(1, listings_);
        io(2, linear_funding_known_);
        io(3, inverse_funding_known_);
    }

private:
    struct Slot {
        std::uint64_t head = 0;  ///< the first eight bytes, zeros behind a shorter symbol
        std::string text;        ///< empty: the slot is free
        Contract contract;
    };
    static constexpr unsigned slot_bits = 13;
    static constexpr std::size_t slot_count = std::size_t{1} << slot_bits;

    /// The first eight bytes as a number; they must be readable.
    [[nodiscard]] static std::uint64_t head_of(const char* text, std::size_t size) noexcept {
        std::uint64_t head = 0;
        std::memcpy(&head, text, sizeof head);
        return size < sizeof head ? head & ((std::uint64_t{1} << (8 * size)) - 1) : head;
    }
    [[nodiscard]] static std::size_t slot_of(std::uint64_t head, std::size_t size) noexcept {
        return ((head + size) * 0x9e3779b97f4a7c15) >> (64 - slot_bits);
    }
    [[nodiscard]] static bool is_at(const Slot& slot, std::uint64_t head,
                                    std::string_view symbol) noexcept {
        if (slot.head != head || slot.text.size() != symbol.size()) return false;
        return symbol.size() <= sizeof head ||
               std::memcmp(slot.text.data() + sizeof head, symbol.data() + sizeof head,
                           symbol.size() - sizeof head) == 0;
    }
    [[nodiscard]] Contract& entry(std::string_view symbol);
    [[nodiscard]] Contract& entry(std::uint64_t head, std::string_view symbol);
    [[nodiscard]] Contract& add(Slot& slot, std::uint64_t head, std::string_view symbol);
    [[nodiscard]] Contract read(std::string_view symbol) const;
    [[nodiscard]] Listing* listing_of(std::string_view symbol);
    void read_again();

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
    Contract uncached_;
    std::map<std::string, Listing, std::less<>> listings_;
    bool linear_funding_known_ = false;
    bool inverse_funding_known_ = false;
};

}  // namespace spillway::binance
