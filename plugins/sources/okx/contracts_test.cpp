#include "contracts.hpp"

#include <gtest/gtest.h>

#include <spillway/time.hpp>

#include "names.hpp"

namespace spillway::okx {
namespace {

TEST(OkxContracts, IdsNameSwapsAndFutures) {
    EXPECT_EQ(read_contract("BTC-USDT-SWAP").instrument, "BTC/USDT:USDT");
    EXPECT_TRUE(read_contract("BTC-USDT-SWAP").perpetual);
    EXPECT_EQ(read_contract("BTC-USDC-SWAP").instrument, "BTC/USDC:USDC");
    EXPECT_EQ(read_contract("BTC-USD-SWAP").instrument, "BTC/USD:BTC");
    EXPECT_EQ(read_contract("BTC-USD-251226").instrument, "BTC/USD:BTC-251226");
    EXPECT_FALSE(read_contract("BTC-USD-251226").perpetual);
    EXPECT_FALSE(read_contract("BTC-USDT-SWAP").sized()) << "only the list knows sizes";
}

TEST(OkxContracts, IdsOfOtherMarketsAreNotMapped) {
    for (const char* id :
         {"BTC-USD_UM_XPERP-310404", "BTC-USDT", "BTC-USD-220304-32000-P", "BTC-EUR-SWAP", "BTC",
          "", "-USDT-SWAP", "BTC-USDT-", "BTC-USDT-PERP", "BTC-USDT-SWAP-", "BTC-USDT-991399"}) {
        EXPECT_FALSE(read_contract(id).decoded()) << id;
    }
}

TEST(OkxContracts, AnIndexBelongsToThePerpetualOfItsPair) {
    EXPECT_EQ(index_instrument("BTC-USDT"), "BTC/USDT:USDT");
    EXPECT_EQ(index_instrument("BTC-USD"), "BTC/USD:BTC");
    EXPECT_EQ(index_instrument("ETH-BTC"), "");
    EXPECT_EQ(index_instrument("BTC-USDT-SWAP"), "");
}

TEST(OkxNames, PollsAreFoundByTheLastPartOfTheirPath) {
    EXPECT_EQ(find_poll("/api/v5/rubik/stat/contracts/long-short-account-ratio")->rows,
              Rows::account_ratio);
    EXPECT_EQ(find_poll("long-short-account-ratio-contract")->rows, Rows::account_ratio_contract);
    EXPECT_EQ(find_poll("candles"), nullptr);
    EXPECT_EQ(find_stream("instruments"), nullptr);
    EXPECT_EQ(kind_in("Wrong URL or channel:liquidation-orders,.."), Kind::liquidation);
}

TEST(OkxNames, PeriodsHaveTheVenuesUnits) {
    EXPECT_EQ(read_period("5m"), 5 * minute);
    EXPECT_EQ(read_period("1H"), hour);
    EXPECT_EQ(read_period("6Hutc"), 6 * hour);
    EXPECT_EQ(read_period("1D"), day);
    for (const char* text : {"", "m", "1", "1M", "xH", "99999m"}) EXPECT_EQ(read_period(text), 0);
}

}  // namespace
}  // namespace spillway::okx
