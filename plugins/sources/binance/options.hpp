#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/options.hpp>

#include "common/venues/chosen_markets.hpp"

namespace spillway::binance {

/// What to ask the venue for; the decoder takes whatever comes.
struct Options {
    std::vector<std::string> markets;
    std::vector<std::string> contracts;
    bool trades = false;
    bool depth = false;

    [[nodiscard]] Status check() const;
};

inline constexpr std::array<std::string_view, 2> product_lines = {"usdm", "coinm"};

inline constexpr auto option_list = spillway::options(
    option::texts<&Options::markets>("markets", "Base assets to ask for, when live.")
        .otherwise("BTC,ETH"),
    option::texts<&Options::contracts>(
        "contracts", "Perpetuals to ask for, when live: usdm (USDT, USDC), coinm (USD).")
        .otherwise("usdm,coinm"),
    option::boolean<&Options::trades>("trades", "Also subscribe to aggTrade, when live.")
        .otherwise("false"),
    option::boolean<&Options::depth>(
        "depth", "Also ask for the book, when live: its best levels, and 1,000 every 30 seconds.")
        .otherwise("false"));

inline Status Options::check() const {
    if (Status status = venues::check_markets(markets); !status.ok()) return status;
    return venues::check_choices("contracts", contracts, product_lines);
}

}  // namespace spillway::binance
