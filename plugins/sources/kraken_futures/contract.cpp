#include "contract.hpp"

#include <optional>

#include "common/symbols/symbols.hpp"

namespace spillway::kraken_futures {

Contract read_contract(std::string_view id) {
    Contract contract;
    const std::string_view type = id.substr(0, 3);
    const bool inverse = type == "PI_" || type == "FI_";
    const bool perpetual = type == "PF_" || type == "PI_";
    if (!inverse && type != "PF_" && type != "FF_") return contract;
    // Dated linear contracts are spelled like perpetual ones but for the date.
    std::string spelling(inverse ? "PI_" : "PF_");
    spelling += id.substr(3);
    const auto symbol = normalise::parse_symbol(spelling);
    if (!symbol || symbol->quote != "USD" || symbol->expiry.empty() != perpetual) return contract;
    contract.instrument = symbol->instrument();
    contract.base = symbol->base;
    contract.inverse = inverse;
    contract.perpetual = perpetual;
    return contract;
}

}  // namespace spillway::kraken_futures
