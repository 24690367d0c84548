#include "contracts.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <spillway/id.hpp>

#include "common/symbols/symbols.hpp"

namespace spillway::binance {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the head of a symbol is cut by shifting");

constexpr unsigned slot_bits = 13;
constexpr std::size_t slot_count = std::size_t{1} << slot_bits;
constexpr std::array<std::string_view, 4> dollar_quotes = {"USDT", "USDC", "BUSD", "FDUSD"};

}  // namespace

Contract read_contract(std::string_view text) {
    Contract contract;
    const auto symbol = normalise::parse_symbol(text);
    if (!symbol || symbol->quote.empty()) return contract;
    contract.instrument = instrument_id(symbol->instrument());
    contract.market = market_id(symbol->market);
    contract.perpetual = symbol->expiry.empty();
    contract.hash = hash_text(text);
    // Coin-margined symbols always name the term: _PERP or a date.
    if (symbol->quote == "USD" && text.find('_') != std::string_view::npos) {
        contract.settlement = Settlement::inverse;
        contract.contract_size = symbol->base == "BTC" ? 100 : 10;
    } else if (std::find(dollar_quotes.begin(), dollar_quotes.end(), symbol->quote) !=
               dollar_quotes.end()) {
        contract.settlement = Settlement::linear;
    }
    if (contract.instrument == InstrumentId::none || contract.market == MarketId::none) {
        contract.settlement = Settlement::unknown;
    }
    return contract;
}

ContractCache::ContractCache() : slots_(slot_count) {}

const Contract& ContractCache::find(std::string_view symbol) {
    std::uint64_t head = 0;
    std::memcpy(&head, symbol.data(), sizeof head);
    if (symbol.size() < sizeof head) head &= (std::uint64_t{1} << (8 * symbol.size())) - 1;
    std::size_t at = ((head + symbol.size()) * 0x9e3779b97f4a7c15) >> (64 - slot_bits);
    for (;; at = (at + 1) % slot_count) {
        Slot& slot = slots_[at];
        if (slot.text.empty()) return add(slot, head, symbol);
        if (slot.head != head || slot.text.size() != symbol.size()) continue;
        if (symbol.size() <= sizeof head ||
            std::memcmp(slot.text.data() + sizeof head, symbol.data() + sizeof head,
                        symbol.size() - sizeof head) == 0) {
            return slot.contract;
        }
    }
}

const Contract& ContractCache::add(Slot& slot, std::uint64_t head, std::string_view symbol) {
    if (used_ == slot_count / 2) return uncached_ = read_contract(symbol);
    ++used_;
    slot.head = head;
    slot.text = symbol;
    return slot.contract = read_contract(symbol);
}

}  // namespace spillway::binance
