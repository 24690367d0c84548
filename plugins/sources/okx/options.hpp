#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/options.hpp>

namespace spillway::okx {

struct Options {
    std::map<std::string, double> contract_sizes;
    /// What to ask the venue for; the decoder takes whatever comes.
    std::vector<std::string> markets;
    std::vector<std::string> contracts;
    bool trades = false;

    [[nodiscard]] Status check() const;
};

inline constexpr std::array<std::string_view, 2> contract_types = {"linear", "inverse"};

inline constexpr auto option_list = spillway::options(
    option::numbers<&Options::contract_sizes>(
        "contract_sizes",
        "Coins (of BASE-USD contracts: dollars) of one contract, by instrument id, for recordings "
        "without an instrument list.")
        .otherwise(""),
    option::texts<&Options::markets>("markets", "Base assets to ask for, when live.")
        .otherwise("BTC,ETH"),
    option::texts<&Options::contracts>(
        "contracts", "Swaps and futures to ask for, when live: linear (USDT, USDC), inverse (USD).")
        .otherwise("linear,inverse"),
    option::boolean<&Options::trades>("trades", "Also subscribe to every trade, when live.")
        .otherwise("false"));

}  // namespace spillway::okx
