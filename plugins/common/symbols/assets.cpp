#include "common/symbols/assets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace spillway::normalise {

namespace {

struct Name {
    std::string_view name, market;
};

/// The same asset under a venue's own ticker (BitMEX, Kraken).
constexpr std::array tickers = {Name{"XBT", "BTC"}, Name{"XDG", "DOGE"}};
/// The coin was renamed; old contracts keep their name.
constexpr std::array renamed = {Name{"MATIC", "POL"}, Name{"FTM", "S"}};
/// Claims on the asset, liquidated on chain as the asset.
constexpr std::array wrapped = {Name{"WBTC", "BTC"},   Name{"cbBTC", "BTC"}, Name{"LBTC", "BTC"},
                                Name{"tBTC", "BTC"},   Name{"WETH", "ETH"},  Name{"weETH", "ETH"},
                                Name{"wstETH", "ETH"}, Name{"cbETH", "ETH"}};

struct Multiple {
    std::string_view affix;
    std::uint32_t factor;
};
/// Longest first: 1000000MOG also begins with 1000.
constexpr std::array<Multiple, 6> multiples = {{{"1000000", 1'000'000},
                                                {"100000", 100'000},
                                                {"10000", 10'000},
                                                {"1000", 1'000},
                                                {"1M", 1'000'000},
                                                {"k", 1'000}}};
/// Tokens so cheap that venues quote them in multiples.
constexpr std::array<std::string_view, 49> multiplied = {
    "AIDOGE", "APU",   "BABYDOGE", "BOB",      "BONK",     "BTT",   "BTTC",   "CAT",  "CATS",
    "CHEEMS", "COQ",   "DOGS",     "ELON",     "FLOKI",    "GWEI",  "HTX",    "IQ50", "LADYS",
    "LUNC",   "MOG",   "MUMU",     "NEIRO",    "NEIROCTO", "NFT",   "PEIPEI", "PEPE", "PONKE",
    "QUBIC",  "RATS",  "SATS",     "SHIB",     "SLP",      "STARL", "SUN",    "TAG",  "TOSHI",
    "TREE",   "TURBO", "VINU",     "VOLT",     "WEN",      "WHY",   "WIN",    "X",    "XEC",
    "XEN",    "ZBCN",  "KISHU",    "BABYSHARK"};

/// Quote currencies of run-together symbols, longest first where one ends with another.
constexpr std::array<std::string_view, 5> quotes = {"FDUSD", "BUSD", "USDT", "USDC", "USD"};
/// Bases whose last letter makes `...USD` look like `...BUSD`: BNBUSD is BNB/USD.
constexpr std::array<std::string_view, 8> bases_ending_in_b = {"ARB", "BNB",  "BOB", "CKB",
                                                               "RLB", "SHIB", "TLB", "UMB"};
/// Stablecoins are bases when they stand alone: FDUSD is not FD/USD.
constexpr std::array<std::string_view, 12> stablecoins = {"BUSD",  "FDUSD", "GUSD", "LUSD",
                                                          "PYUSD", "RLUSD", "SUSD", "TUSD",
                                                          "USDC",  "USDD",  "USDP", "USDT"};

constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

template <class List>
constexpr bool contains(const List& list, std::string_view name) noexcept {
    return std::find(list.begin(), list.end(), name) != list.end();
}

template <class List>
constexpr std::optional<std::string_view> find_market(const List& list,
                                                      std::string_view name) noexcept {
    for (const Name& entry : list) {
        if (entry.name == name) return entry.market;
    }
    return std::nullopt;
}

}  // namespace

Asset resolve_asset(std::string_view name) noexcept {
    if (const auto market = find_market(tickers, name)) return {*market, *market};
    if (const auto market = find_market(renamed, name)) return {name, *market};
    if (const auto market = find_market(wrapped, name)) return {name, *market, 1, true};
    for (const Multiple& multiple : multiples) {
        if (name.starts_with(multiple.affix)) {
            const std::string_view token = name.substr(multiple.affix.size());
            if (contains(multiplied, token)) return {name, token, multiple.factor};
        }
        if (name.ends_with(multiple.affix) && multiple.affix.front() == '1') {
            const std::string_view token = name.substr(0, name.size() - multiple.affix.size());
            if (contains(multiplied, token)) return {name, token, multiple.factor};
        }
    }
    return {name, name};
}

std::string market_named(std::string_view text) {
    std::string name(text);
    if (std::none_of(text.begin() + (text.empty() ? 0 : 1), text.end(), is_upper)) {
        for (char& c : name) {
            if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
        }
    }
    return std::string(resolve_asset(name).market);
}

std::size_t quote_suffix(std::string_view symbol) noexcept {
    if (contains(stablecoins, symbol)) return 0;
    for (const std::string_view quote : quotes) {
        if (symbol.size() <= quote.size() || !symbol.ends_with(quote)) continue;
        const std::string_view usd_base = symbol.substr(0, symbol.size() - 3);
        if (quote == "BUSD" && contains(bases_ending_in_b, usd_base)) return 3;
        return quote.size();
    }
    return 0;
}

}  // namespace spillway::normalise
