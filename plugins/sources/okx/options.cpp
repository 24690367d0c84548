#include "options.hpp"

#include <cmath>

#include <fmt/format.h>

#include "common/venues/chosen_markets.hpp"
#include "contracts.hpp"

namespace spillway::okx {

Status Options::check() const {
    for (const auto& [id, size] : contract_sizes) {
        if (!read_contract(id).decoded()) {
            return bad_option(
                "contract_sizes",
                fmt::format("'{}' is no swap or future in USDT, USDC or USD; expected "
                            "an id like BTC-USDT-SWAP",
                            id));
        }
        if (!(size > 0) || !std::isfinite(size)) {
            return bad_option(
                "contract_sizes",
                fmt::format("{}: {} is no size; expected a number above 0", id, size));
        }
    }
    if (Status status = venues::check_markets(markets); !status.ok()) return status;
    return venues::check_choices("contracts", contracts, contract_types);
}

}  // namespace spillway::okx
