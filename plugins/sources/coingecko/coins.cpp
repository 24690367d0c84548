#include "coins.hpp"

#include <array>
#include <utility>

#include "common/venues/chosen_markets.hpp"

namespace spillway::coingecko {
namespace {

struct Coin {
    std::string_view market, id;
};

// clang-format off
constexpr std::array coins = {
    Coin{"1INCH", "1inch"},              Coin{"AAVE", "aave"},
    Coin{"ADA", "cardano"},              Coin{"ALGO", "algorand"},
    Coin{"APE", "apecoin"},              Coin{"APT", "aptos"},
    Coin{"ARB", "arbitrum"},             Coin{"ATOM", "cosmos"},
    Coin{"AVAX", "avalanche-2"},         Coin{"AXS", "axie-infinity"},
    Coin{"BCH", "bitcoin-cash"},         Coin{"BNB", "binancecoin"},
    Coin{"BONK", "bonk"},                Coin{"BTC", "bitcoin"},
    Coin{"CHZ", "chiliz"},               Coin{"COMP", "compound-governance-token"},
    Coin{"CRV", "curve-dao-token"},      Coin{"DAI", "dai"},
    Coin{"DASH", "dash"},                Coin{"DOGE", "dogecoin"},
    Coin{"DOT", "polkadot"},             Coin{"DYDX", "dydx-chain"},
    Coin{"ENA", "ethena"},               Coin{"ETC", "ethereum-classic"},
    Coin{"ETH", "ethereum"},             Coin{"FARTCOIN", "fartcoin"},
    Coin{"FET", "fetch-ai"},             Coin{"FIL", "filecoin"},
    Coin{"FLOKI", "floki"},              Coin{"GALA", "gala"},
    Coin{"GRT", "the-graph"},            Coin{"HBAR", "hedera-hashgraph"},
    Coin{"HYPE", "hyperliquid"},         Coin{"ICP", "internet-computer"},
    Coin{"IMX", "immutable-x"},          Coin{"INJ", "injective-protocol"},
    Coin{"JTO", "jito-governance-token"}, Coin{"JUP", "jupiter-exchange-solana"},
    Coin{"KAS", "kaspa"},                Coin{"LDO", "lido-dao"},
    Coin{"LINK", "chainlink"},           Coin{"LTC", "litecoin"},
    Coin{"MANA", "decentraland"},        Coin{"MKR", "maker"},
    Coin{"NEAR", "near"},                Coin{"NEO", "neo"},
    Coin{"ONDO", "ondo-finance"},        Coin{"OP", "optimism"},
    Coin{"ORDI", "ordinals"},            Coin{"PENDLE", "pendle"},
    Coin{"PENGU", "pudgy-penguins"},     Coin{"PEPE", "pepe"},
    Coin{"POL", "polygon-ecosystem-token"}, Coin{"PUMP", "pump-fun"},
    Coin{"PYTH", "pyth-network"},        Coin{"RENDER", "render-token"},
    Coin{"RUNE", "thorchain"},           Coin{"S", "sonic-3"},
    Coin{"SAND", "the-sandbox"},         Coin{"SEI", "sei-network"},
    Coin{"SHIB", "shiba-inu"},           Coin{"SNX", "havven"},
    Coin{"SOL", "solana"},               Coin{"STRK", "starknet"},
    Coin{"STX", "blockstack"},           Coin{"SUI", "sui"},
    Coin{"TAO", "bittensor"},            Coin{"TIA", "celestia"},
    Coin{"TON", "the-open-network"},     Coin{"TRUMP", "official-trump"},
    Coin{"TRX", "tron"},                 Coin{"UNI", "uniswap"},
    Coin{"USDC", "usd-coin"},            Coin{"USDT", "tether"},
    Coin{"VET", "vechain"},              Coin{"VIRTUAL", "virtual-protocol"},
    Coin{"WIF", "dogwifcoin"},           Coin{"WLD", "worldcoin-wld"},
    Coin{"XLM", "stellar"},              Coin{"XMR", "monero"},
    Coin{"XRP", "ripple"},               Coin{"XTZ", "tezos"},
    Coin{"ZEC", "zcash"},
};
// clang-format on

std::string_view find(const std::map<std::string, std::string, std::less<>>& names,
                      std::string_view key) {
    const auto found = names.find(key);
    return found == names.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

Coins::Coins(std::span<const std::string> added) {
    for (const Coin& coin : coins) ids_.emplace(coin.market, coin.id);
    for (const std::string& entry : added) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos) continue;
        ids_[venues::market_named(entry.substr(0, equals))] = entry.substr(equals + 1);
    }
    for (const auto& [market, id] : ids_) markets_.emplace(id, market);
}

std::string_view Coins::id_of(std::string_view market) const { return find(ids_, market); }

std::string_view Coins::market_of(std::string_view id) const { return find(markets_, id); }

}  // namespace spillway::coingecko
