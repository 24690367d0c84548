#include "resolver.hpp"

#include <algorithm>
#include <optional>

namespace spillway::normalise {
namespace {

/// Currencies that count as dollars in notional values. Empty: venues that quote in dollars
/// without saying so.
constexpr std::array<std::string_view, 6> dollars = {"", "USD", "USDT", "USDC", "FDUSD", "BUSD"};

}  // namespace

Status Resolver::configure(const std::vector<std::string>& aliases,
                           const std::vector<std::string>& linear_usd) {
    aliases_.clear();
    linear_venues_.clear();
    for (std::size_t i = 0; i < aliases.size(); ++i) {
        const std::string& text = aliases[i];
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
            return bad_option("aliases[" + std::to_string(i) + "]",
                              "'" + text + "' is not of the form NAME=MARKET");
        }
        aliases_.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    for (const std::string& venue : linear_usd) linear_venues_.push_back(venue_id(venue));
    for (auto& known : known_) known.clear();
    return {};
}

Resolved Resolver::read(InstrumentId symbol, UsdContract usd) const {
    Resolved resolved;
    resolved.state = Resolved::State::bad;
    const std::optional<Symbol> parsed = parse_symbol(text_of(symbol), usd, aliases_);
    if (!parsed) return resolved;
    resolved.instrument = instrument_id(parsed->instrument());
    resolved.market = market_id(parsed->market);
    // A full name table answers none.
    if (resolved.instrument == InstrumentId::none || resolved.market == MarketId::none) {
        return resolved;
    }
    resolved.state = Resolved::State::good;
    resolved.price_market = parsed->wrapped ? market_id(parsed->base) : resolved.market;
    resolved.multiplier = parsed->token_multiplier;
    resolved.linear_usd = parsed->settle != parsed->base &&
                          std::find(dollars.begin(), dollars.end(), parsed->quote) != dollars.end();
    return resolved;
}

}  // namespace spillway::normalise
