#include "contracts.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <spillway/id.hpp>

#include "common/symbols/symbols.hpp"

namespace spillway::binance {
namespace {

constexpr double usual_funding_hours = 8;
constexpr std::array<std::string_view, 4> dollar_quotes = {"USDT", "USDC", "BUSD", "FDUSD"};

std::optional<normalise::Symbol> parse(std::string_view text, const Listing* listing) {
    if (listing == nullptr || listing->base.empty()) return normalise::parse_symbol(text);
    // The list tells base from quote, which the symbol alone leaves to guessing; only the date of
    // delivery is in the symbol.
    const auto guessed = normalise::parse_symbol(text);
    const std::string expiry =
        guessed && !guessed->expiry.empty() ? "-" + guessed->expiry : std::string();
    return normalise::parse_symbol(
        fmt::format("{}/{}:{}{}", listing->base, listing->quote, listing->settle, expiry));
}

}  // namespace

Contract read_contract(std::string_view text, const Listing* listing) {
    Contract contract;
    const auto symbol = parse(text, listing);
    contract.hash = hash_text(text);
    if (!symbol || symbol->quote.empty()) return contract;
    contract.instrument = instrument_id(symbol->instrument());
    contract.settle = name_id(symbol->settle);
    contract.perpetual = symbol->expiry.empty();
    if (contract.instrument == InstrumentId::none) return contract;
    const bool listed = listing != nullptr && !listing->base.empty();
    const bool listed_size = listing != nullptr && listing->contract_size > 0;
    // Coin-margined symbols always name the term: _PERP or a date. A bare BTCUSD is a pair.
    if (symbol->quote == "USD" && symbol->settle == symbol->base &&
        (listed || text.find('_') != std::string_view::npos)) {
        contract.settlement = Settlement::inverse;
        contract.contract_size =
            listed_size ? listing->contract_size : (symbol->base == "BTC" ? 100 : 10);
    } else if (symbol->settle == symbol->quote &&
               std::find(dollar_quotes.begin(), dollar_quotes.end(), symbol->quote) !=
                   dollar_quotes.end()) {
        contract.settlement = Settlement::linear;
    }
    return contract;
}

Contracts::Contracts() : slots_(slot_count) {}

const Contract& Contracts::perpetual_of(std::string_view pair) {
    return entry(std::string(pair) + "_PERP");
}

Contract& Contracts::entry(std::string_view symbol) {
    std::array<char, readable> head{};
    std::memcpy(head.data(), symbol.data(), std::min(symbol.size(), head.size()));
    return entry(head_of(head.data(), symbol.size()), symbol);
}

Contract& Contracts::entry(std::uint64_t head, std::string_view symbol) {
    if (symbol.empty()) return uncached_ = Contract();
    for (std::size_t at = slot_of(head, symbol.size());; at = (at + 1) % slot_count) {
        Slot& slot = slots_[at];
        if (slot.text.empty()) return add(slot, head, symbol);
        if (is_at(slot, head, symbol)) return slot.contract;
    }
}

Contract& Contracts::add(Slot& slot, std::uint64_t head, std::string_view symbol) {
    if (used_ == limit) return uncached_ = read(symbol);
    ++used_;
    slot.head = head;
    slot.text = symbol;
    return slot.contract = read(symbol);
}

Contract Contracts::read(std::string_view symbol) const {
    const auto found = listings_.find(symbol);
    const Listing* listing = found != listings_.end() ? &found->second : nullptr;
    Contract contract = read_contract(symbol, listing);
    if (!contract.perpetual) return contract;
    const bool known = contract.settlement == Settlement::linear    ? linear_funding_known_
                       : contract.settlement == Settlement::inverse ? inverse_funding_known_
                                                                    : false;
    if (listing != nullptr && listing->funding_hours > 0) {
        contract.funding_hours = listing->funding_hours;
    } else if (known) {
        contract.funding_hours = usual_funding_hours;
    }
    return contract;
}

Listing* Contracts::listing_of(std::string_view symbol) {
    const auto found = listings_.find(symbol);
    if (found != listings_.end()) return &found->second;
    if (listings_.size() >= limit) return nullptr;
    return &listings_[std::string(symbol)];
}

void Contracts::list(std::string_view symbol, Listing listing) {
    Listing* const known = listing_of(symbol);
    if (known == nullptr) return;
    listing.funding_hours = known->funding_hours;
    *known = std::move(listing);
    entry(symbol) = read(symbol);
}

void Contracts::set_funding_hours(std::string_view symbol, double hours) {
    Listing* const listing = listing_of(symbol);
    if (listing == nullptr) return;
    listing->funding_hours = hours;
    Contract& contract = entry(symbol);
    bool& known =
        contract.settlement == Settlement::inverse ? inverse_funding_known_ : linear_funding_known_;
    if (!known && contract.settlement != Settlement::unknown) {
        known = true;
        read_again();
    } else {
        contract = read(symbol);
    }
}

void Contracts::read_again() {
    for (Slot& slot : slots_) {
        if (!slot.text.empty()) slot.contract = read(slot.text);
    }
}

}  // namespace spillway::binance
