#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/options.hpp>

#include "common/venues/chosen_markets.hpp"

namespace spillway::bybit {

/// What to ask the venue for; the decoder takes whatever comes.
struct Options {
    std::vector<std::string> markets;
    std::vector<std::string> contracts;
    bool trades = false;

    [[nodiscard]] Status check() const;
};

inline constexpr std::array<std::string_view, 2> contract_types = {"linear", "inverse"};

inline constexpr auto option_list = spillway::options(
    option::texts<&Options::markets>("markets", "Base assets to ask for, when live.")
        .otherwise("BTC,ETH"),
    option::texts<&Options::contracts>(
        "contracts", "Perpetuals to ask for, when live: linear (USDT, USDC), inverse (USD).")
        .otherwise("linear,inverse"),
    option::boolean<&Options::trades>("trades", "Also subscribe to every trade, when live.")
        .otherwise("false"));

inline Status Options::check() const {
    if (Status status = venues::check_markets(markets); !status.ok()) return status;
    return venues::check_choices("contracts", contracts, contract_types);
}

}  // namespace spillway::bybit
