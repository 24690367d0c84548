#pragma once

#include <string>
#include <vector>

#include <spillway/options.hpp>

namespace spillway::coingecko {

struct Options {
    std::vector<std::string> markets;
    std::vector<std::string> ids;
    std::string api_key;

    [[nodiscard]] Status check() const;
};

inline constexpr auto option_list = spillway::options(
    option::texts<&Options::markets>("markets", "Coins to ask for, when live.")
        .otherwise("BTC,ETH"),
    option::texts<&Options::ids>(
        "ids",
        "CoinGecko's ids of coins that the plugin does not know, or knows wrongly, as MARKET=id.")
        .otherwise(""),
    option::secret<&Options::api_key>(
        "api_key",
        "Demo key, free at https://www.coingecko.com/en/api/pricing. Without one: what CoinGecko "
        "grants to an address, shared by all behind it.")
        .otherwise(""));

}  // namespace spillway::coingecko
