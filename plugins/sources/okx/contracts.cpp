#include "contracts.hpp"

#include <algorithm>
#include <array>

#include "common/symbols/symbols.hpp"

namespace spillway::okx {
namespace {

struct Parts {
    std::string_view base, quote, term;
    bool whole = false;  ///< three parts and no more
};

Parts split(std::string_view id) {
    Parts parts;
    const auto first = id.find('-');
    if (first == std::string_view::npos) return parts;
    const auto second = id.find('-', first + 1);
    parts.base = id.substr(0, first);
    parts.quote =
        id.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    if (second == std::string_view::npos) return parts;
    parts.term = id.substr(second + 1);
    parts.whole = parts.term.find('-') == std::string_view::npos;
    return parts;
}

bool is_dollar(std::string_view quote) {
    return quote == "USDT" || quote == "USDC" || quote == "USD";
}

}  // namespace

Contract read_contract(std::string_view id) {
    Contract contract;
    const Parts parts = split(id);
    if (!parts.whole || parts.base.empty() || !is_dollar(parts.quote)) return contract;
    contract.perpetual = parts.term == "SWAP";
    const auto symbol = normalise::parse_symbol(id);
    if (!symbol || symbol->quote != parts.quote) return contract;
    if (!contract.perpetual && symbol->expiry.empty()) return contract;
    contract.instrument = symbol->instrument();
    return contract;
}

std::string index_instrument(std::string_view index) {
    const Parts parts = split(index);
    if (!parts.term.empty() || parts.base.empty() || !is_dollar(parts.quote)) return {};
    return read_contract(std::string(index) + "-SWAP").instrument;
}

Settlement settlement_of(std::string_view id) {
    return split(id).quote == "USD" ? Settlement::inverse : Settlement::linear;
}

}  // namespace spillway::okx
