#include "contracts.hpp"

#include <gtest/gtest.h>

namespace spillway::bybit {
namespace {

void expect(std::string_view symbol, Settlement settlement, std::string_view instrument,
            bool perpetual) {
    const Contract contract = read_contract(symbol);
    EXPECT_EQ(contract.settlement, settlement) << symbol;
    EXPECT_EQ(contract.instrument, instrument) << symbol;
    EXPECT_EQ(contract.perpetual, perpetual) << symbol;
}

TEST(BybitContracts, SymbolsTellHowTheyAreSettled) {
    expect("BTCUSDT", Settlement::linear, "BTC/USDT:USDT", true);
    expect("1000PEPEUSDT", Settlement::linear, "1000PEPE/USDT:USDT", true);
    expect("SHIB1000USDT", Settlement::linear, "SHIB1000/USDT:USDT", true);
    expect("BTCPERP", Settlement::linear, "BTC/USDC:USDC", true);
    expect("BTCUSDT-26DEC25", Settlement::linear, "BTC/USDT:USDT-251226", false);
    expect("BTCUSD", Settlement::inverse, "BTC/USD:BTC", true);
}

TEST(BybitContracts, ADatedContractWithoutACurrencyIsSettledInUsdc) {
    expect("BTC-26DEC25", Settlement::linear, "BTC/USDC:USDC-251226", false);
    expect("ETH-5JAN24", Settlement::linear, "ETH/USDC:USDC-240105", false);
}

TEST(BybitContracts, InverseQuartersEndOnTheLastFriday) {
    // The venue's own settlement times of these four: 2022-06-24, 2021-06-25, 2021-09-24,
    // 2023-09-29.
    expect("BTCUSDM22", Settlement::inverse, "BTC/USD:BTC-220624", false);
    expect("BTCUSDM21", Settlement::inverse, "BTC/USD:BTC-210625", false);
    expect("ETHUSDU21", Settlement::inverse, "ETH/USD:ETH-210924", false);
    expect("BTCUSDU23", Settlement::inverse, "BTC/USD:BTC-230929", false);
    expect("BTCUSDH26", Settlement::inverse, "BTC/USD:BTC-260327", false);
}

TEST(BybitContracts, EverythingElseIsUnknown) {
    for (const std::string_view symbol :
         {"BTC-6JAN23-17500-C", "ETHBTC", "BTCEUR", "BTC", "", "BTC-PERP", "BTC-USD", " ", "USDT",
          "-26DEC25", "-", "BTCUSDX25"}) {
        EXPECT_EQ(read_contract(symbol).settlement, Settlement::unknown) << symbol;
    }
}

TEST(BybitContracts, TheInstrumentListNamesWhatASpellingDoesNot) {
    const Contract dated =
        read_contract({"InverseFutures", "BTC", "USD", "BTC", last_friday(2025, 12)});
    EXPECT_EQ(dated.settlement, Settlement::inverse);
    EXPECT_EQ(dated.instrument, "BTC/USD:BTC-251226");
    EXPECT_EQ(read_contract({"LinearPerpetual", "BTC", "USDC", ""}).instrument, "BTC/USDC:USDC");
    EXPECT_EQ(read_contract({"LinearPerpetual", "BTC", "EUR", "EUR"}).settlement,
              Settlement::unknown);
}

}  // namespace
}  // namespace spillway::bybit
