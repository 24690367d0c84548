#include "common/symbols/symbols.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "common/symbols/assets.hpp"

namespace spillway::normalise {
namespace {

struct Row {
    const char* text;
    const char* market;
    const char* instrument;
    std::uint32_t multiplier = 1;
    const char* expiry = "";
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

class Symbols : public testing::TestWithParam<Row> {};

TEST_P(Symbols, Mean) {
    const Row& row = GetParam();
    const std::optional<Symbol> symbol = parse_symbol(row.text);
    ASSERT_TRUE(symbol);
    EXPECT_EQ(symbol->market, row.market);
    EXPECT_EQ(symbol->instrument(), row.instrument);
    EXPECT_EQ(symbol->token_multiplier, row.multiplier);
    EXPECT_EQ(symbol->expiry, row.expiry);
}

TEST_P(Symbols, CanonicalFormMeansTheSame) {
    const std::optional<Symbol> symbol = parse_symbol(GetParam().text);
    ASSERT_TRUE(symbol);
    const std::optional<Symbol> again = parse_symbol(symbol->instrument());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->market, symbol->market);
    EXPECT_EQ(again->instrument(), symbol->instrument());
    EXPECT_EQ(again->token_multiplier, symbol->token_multiplier);
}

INSTANTIATE_TEST_SUITE_P(
    All, Symbols,
    testing::Values(
        Row{"BTCUSDT", "BTC", "BTC/USDT:USDT"}, Row{"btcusdt", "BTC", "BTC/USDT:USDT"},
        Row{"BTCUSDC", "BTC", "BTC/USDC:USDC"}, Row{"BTCBUSD", "BTC", "BTC/BUSD:BUSD"},
        Row{"BTCUSDT_251226", "BTC", "BTC/USDT:USDT-251226", 1, "251226"},
        Row{"BTCUSDT_230331", "BTC", "BTC/USDT:USDT-230331", 1, "230331"},
        Row{"BTCUSD_PERP", "BTC", "BTC/USD:BTC"}, Row{"btcusd_perp", "BTC", "BTC/USD:BTC"},
        Row{"BTCUSD_251226", "BTC", "BTC/USD:BTC-251226", 1, "251226"},
        Row{"BTCPERP", "BTC", "BTC/USDC:USDC"},
        Row{"BTCUSDT-26DEC25", "BTC", "BTC/USDT:USDT-251226", 1, "251226"},
        Row{"BTC-USDT-SWAP", "BTC", "BTC/USDT:USDT"}, Row{"BTC-USD-SWAP", "BTC", "BTC/USD:BTC"},
        Row{"BTC-USDT-251226", "BTC", "BTC/USDT:USDT-251226", 1, "251226"},
        Row{"BTC-USDT-PERP", "BTC", "BTC/USDT:USDT"}, Row{"BTC-PERPETUAL", "BTC", "BTC/USD:BTC"},
        Row{"BTC_USDC-PERPETUAL", "BTC", "BTC/USDC:USDC"},
        Row{"BTC-26DEC25", "BTC", "BTC/USD:BTC-251226", 1, "251226"},
        Row{"ETH-5JAN26", "ETH", "ETH/USD:ETH-260105", 1, "260105"},
        Row{"BTC_USDT", "BTC", "BTC/USDT:USDT"}, Row{"BTC_USD", "BTC", "BTC/USD:BTC"},
        Row{"BTC_USDT_20251226", "BTC", "BTC/USDT:USDT-251226", 1, "251226"},
        Row{"XBTUSD", "BTC", "BTC/USD:BTC"}, Row{"XBTUSDT", "BTC", "BTC/USDT:USDT"},
        Row{"PF_XBTUSD", "BTC", "BTC/USD:USD"}, Row{"PI_XBTUSD", "BTC", "BTC/USD:BTC"},
        Row{"FI_XBTUSD_251226", "BTC", "BTC/USD:BTC-251226", 1, "251226"},
        Row{"XDGUSD", "DOGE", "DOGE/USD:DOGE"}, Row{"BTC", "BTC", "BTC"}, Row{"btc", "BTC", "BTC"},
        Row{"XBT", "BTC", "BTC"}));

INSTANTIATE_TEST_SUITE_P(
    Names, Symbols,
    testing::Values(Row{"1000PEPEUSDT", "PEPE", "1000PEPE/USDT:USDT", 1000},
                    Row{"1000PEPEUSDC", "PEPE", "1000PEPE/USDC:USDC", 1000},
                    Row{"10000SATSUSDT", "SATS", "10000SATS/USDT:USDT", 10'000},
                    Row{"1000000MOGUSDT", "MOG", "1000000MOG/USDT:USDT", 1'000'000},
                    Row{"1MBABYDOGEUSDT", "BABYDOGE", "1MBABYDOGE/USDT:USDT", 1'000'000},
                    Row{"SHIB1000USDT", "SHIB", "SHIB1000/USDT:USDT", 1000},
                    Row{"1000XUSDT", "X", "1000X/USDT:USDT", 1000},
                    Row{"kPEPE", "PEPE", "kPEPE", 1000}, Row{"kBONK", "BONK", "kBONK", 1000},
                    Row{"1INCHUSDT", "1INCH", "1INCH/USDT:USDT"},
                    Row{"KASUSDT", "KAS", "KAS/USDT:USDT"}, Row{"KAITO", "KAITO", "KAITO"},
                    Row{"4USDT", "4", "4/USDT:USDT"}, Row{"BUSDT", "B", "B/USDT:USDT"},
                    Row{"BNBUSD_PERP", "BNB", "BNB/USD:BNB"},
                    Row{"BNBBUSD", "BNB", "BNB/BUSD:BUSD"}, Row{"DOTUSD", "DOT", "DOT/USD:DOT"},
                    Row{"FDUSD", "FDUSD", "FDUSD"}, Row{"MATICUSDT", "POL", "MATIC/USDT:USDT"},
                    Row{"FTMUSDT", "S", "FTM/USDT:USDT"}, Row{"LUNCUSDT", "LUNC", "LUNC/USDT:USDT"},
                    Row{"PUMP", "PUMP", "PUMP"}));

TEST(SymbolNames, WrappedFormsBelongToTheMarketWithoutPricingIt) {
    for (const char* name : {"WBTC", "cbBTC", "LBTC", "tBTC"}) {
        const Symbol symbol = *parse_symbol(name);
        EXPECT_EQ(symbol.market, "BTC") << name;
        EXPECT_EQ(symbol.instrument(), name);
        EXPECT_TRUE(symbol.wrapped);
    }
    for (const char* name : {"WETH", "weETH", "wstETH", "cbETH"}) {
        const Symbol symbol = *parse_symbol(name);
        EXPECT_EQ(symbol.market, "ETH") << name;
        EXPECT_TRUE(symbol.wrapped);
    }
    EXPECT_FALSE(parse_symbol("ETHUSDT")->wrapped);
    EXPECT_EQ(parse_symbol("ezETH")->market, "ezETH") << "not in the list: a market of its own";
}

TEST(SymbolNames, UsdContractsOfLinearVenues) {
    EXPECT_EQ(parse_symbol("BTC-USD", UsdContract::linear)->instrument(), "BTC/USDC:USDC");
    EXPECT_EQ(parse_symbol("BTC-USD")->instrument(), "BTC/USD:BTC");
}

TEST(SymbolNames, ConcatenatedIsTheFormOfTheStores) {
    EXPECT_EQ(parse_symbol("BTC-USDT-251226")->concatenated(), "BTCUSDT_251226");
    EXPECT_EQ(parse_symbol("PI_XBTUSD")->concatenated(), "BTCUSD");
    EXPECT_EQ(parse_symbol("BTC")->concatenated(), "BTC");
}

TEST(SymbolNames, UsersAddAliases) {
    const std::vector<Alias> extra = {{"ezETH", "ETH"}, {"RNDR", "RENDER"}};
    EXPECT_EQ(parse_symbol("ezETH", UsdContract::inverse, extra)->market, "ETH");
    EXPECT_EQ(parse_symbol("RNDRUSDT", UsdContract::inverse, extra)->market, "RENDER");
}

TEST(SymbolNames, RefusesWhatIsNoSymbol) {
    for (const std::string text : {"", " BTC", "BTC\n", "B TC", "/USDT", "-PERP"}) {
        EXPECT_FALSE(parse_symbol(text)) << text;
    }
    EXPECT_FALSE(parse_symbol(std::string(65, 'A')));
    EXPECT_TRUE(parse_symbol(std::string(64, 'A')));
}

TEST(SymbolNames, ImpossibleDatesAreNotExpiries) {
    EXPECT_EQ(parse_symbol("BTCUSDT_991399")->expiry, "");
    EXPECT_EQ(parse_symbol("BTC-32DEC25")->expiry, "");
}

/// Every symbol of the recorded files has a market without quote or multiplier left in it.
TEST(SymbolNames, RecordedSymbols) {
    std::set<std::string> symbols;
    for (const char* name : {"binance-usdm-fragments", "binance-batches-2023-01",
                             "pacifica-2026-03-04", "aave-base-2025-10_2026-01"}) {
        const std::string path =
            std::string(SPILLWAY_SOURCE_DIR) + "/tests/data/ticks/" + name + ".jsonl.gz";
        const gzFile file = gzopen(path.c_str(), "rb");
        ASSERT_NE(file, nullptr) << path;
        std::vector<char> line(1U << 16U);
        while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
            const std::string_view row = line.data();
            constexpr std::string_view key = "\"symbol\":\"";
            const std::size_t from = row.find(key) + key.size();
            symbols.emplace(row.substr(from, row.find('"', from) - from));
        }
        gzclose(file);
    }
    EXPECT_GT(symbols.size(), 500U);
    for (const std::string& text : symbols) {
        const std::optional<Symbol> symbol = parse_symbol(text);
        ASSERT_TRUE(symbol) << text;
        EXPECT_FALSE(symbol->market.ends_with("USDT")) << text;
        EXPECT_FALSE(symbol->market.ends_with("BUSD")) << text;
        EXPECT_FALSE(symbol->market.starts_with("1000")) << text;
        EXPECT_FALSE(symbol->market.starts_with("1M")) << text;
        EXPECT_EQ(symbol->concatenated(), text);
    }
}

TEST(Markets, MayBeWrittenInAnyCaseAndAsVenuesDo) {
    for (const char* text : {"BTC", "btc", "Btc", "xbt", "cbBTC"}) {
        EXPECT_EQ(market_named(text), "BTC") << text;
    }
    EXPECT_EQ(market_named("1000pepe"), "PEPE");
    EXPECT_EQ(market_named("sUSDe"), "sUSDe") << "inner capitals are meant as they stand";
    EXPECT_EQ(market_named(""), "");
}

}  // namespace
}  // namespace spillway::normalise
