#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/options.hpp>

#include "common/venues/chosen_markets.hpp"

namespace spillway::kraken_futures {

inline constexpr std::array<std::string_view, 2> contract_types = {"linear", "inverse"};

struct Options {
    /// What to ask the venue for; the decoder takes whatever comes.
    std::vector<std::string> markets;
    std::vector<std::string> contracts;
    bool trades = false;

    [[nodiscard]] Status check() const {
        if (Status status = venues::check_markets(markets); !status.ok()) return status;
        return venues::check_choices("contracts", contracts, contract_types);
    }
};

inline constexpr auto option_list = spillway::options(
    option::texts<&Options::markets>("markets", "Base assets to ask for, when live.")
        .otherwise("BTC,ETH"),
    option::texts<&Options::contracts>(
        "contracts", "Contracts to ask for, when live: linear (PF_, FF_), inverse (PI_, FI_).")
        .otherwise("linear,inverse"),
    option::boolean<&Options::trades>(
        "trades", "Also an event for every trade; the liquidations among them always are one.")
        .otherwise("false"));

}  // namespace spillway::kraken_futures
