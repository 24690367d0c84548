#include <gtest/gtest.h>

#include "common/venues/chosen_markets.hpp"
#include "common/venues/iso_time.hpp"
#include "common/venues/testing/protocol_text.hpp"
#include "common/venues/wire.hpp"

namespace spillway::venues {
namespace {

using Texts = std::vector<std::string>;

TEST(VenueMarkets, AreFoundUnderEveryNameThatVenuesGiveThem) {
    ChosenMarkets markets(Texts{"btc", "PEPE", "SHIB", "POL", "SOL"});
    EXPECT_TRUE(markets.take("XBT", "XBTUSDT"));
    EXPECT_TRUE(markets.take("1000PEPE", "1000PEPEUSDT"));
    EXPECT_TRUE(markets.take("SHIB1000", "SHIB1000USDT"));
    EXPECT_TRUE(markets.take("MATIC", "MATICUSDT"));
    EXPECT_FALSE(markets.take("ETH", "ETHUSDT"));
    EXPECT_FALSE(markets.take("WBTC", "WBTCUSDT")) << "its price is not that of BTC";
    testing::PlanText plan;
    markets.report_missing(plan, "none");
    EXPECT_EQ(plan.lines, Texts{"missing SOL: none"});
}

TEST(VenueMarkets, AContractIsTakenOnceThoughAListRepeatsIt) {
    ChosenMarkets markets(Texts{"BTC"});
    EXPECT_TRUE(markets.take("BTC", "BTCUSDT"));
    EXPECT_TRUE(markets.take("BTC", "BTCPERP"));
    EXPECT_FALSE(markets.take("BTC", "BTCUSDT"));
}

TEST(VenueMarkets, UsersMayNameThemAsVenuesDo) {
    ChosenMarkets markets(Texts{"XBT", "1000PEPE", "BTC"});
    EXPECT_TRUE(markets.take("BTC", "BTCUSDT"));
    testing::PlanText plan;
    markets.report_missing(plan, "none");
    EXPECT_EQ(plan.lines, Texts{"missing PEPE: none"});
}

TEST(VenueMarkets, SymbolsAreRefusedWithTheMarketThatIsMeant) {
    EXPECT_TRUE(check_markets(Texts{"BTC", "1INCH", "牛来", "USDT"}).ok());
    EXPECT_FALSE(check_markets(Texts{}).ok());
    EXPECT_FALSE(check_markets(Texts{"B TC"}).ok());
    EXPECT_EQ(check_markets(Texts{"BTCUSDT"}).message(),
              "'BTCUSDT' is a symbol; markets are base assets: BTC");
    EXPECT_EQ(check_markets(Texts{"BTC/USDT"}).message(),
              "'BTC/USDT' is a symbol; markets are base assets: BTC");
    EXPECT_EQ(check_markets(Texts{"ETH-PERP"}).message(),
              "'ETH-PERP' is a symbol; markets are base assets: ETH");
}

TEST(VenueMarkets, ChoicesAreChecked) {
    constexpr std::array<std::string_view, 2> allowed = {"linear", "inverse"};
    EXPECT_TRUE(check_choices("contracts", Texts{"inverse"}, allowed).ok());
    EXPECT_FALSE(check_choices("contracts", Texts{}, allowed).ok());
    EXPECT_EQ(check_choices("contracts", Texts{"linear", "linear"}, allowed).message(),
              "'linear' stands there twice");
    EXPECT_EQ(check_choices("contracts", Texts{"spot"}, allowed).message(),
              "'spot' is none of linear, inverse");
}

TEST(VenueWire, TimesAreFoundWithoutReadingTheMessage) {
    EXPECT_EQ(time_behind(R"({"ts":1791565601482,"data":[]})", R"("ts":)"),
              1'791'565'601'482 * millisecond);
    EXPECT_EQ(time_behind(R"({"launchTime":"5","time": "1700000000000"})", R"("time":)"),
              1'700'000'000'000 * millisecond);
    EXPECT_FALSE(time_behind(R"({"time":17})", R"("time":)"));
    EXPECT_FALSE(time_behind(R"({"time":)", R"("time":)"));
}

TEST(VenueWire, TimesInIsoFormAreReadToTheNanosecond) {
    EXPECT_EQ(format_time(*read_iso_time("2023-04-22T04:30:36.051Z")), "2023-04-22T04:30:36.051Z");
    EXPECT_EQ(read_iso_time("2026-02-28T23:59:59.000000001Z"),
              *read_iso_time("2026-02-28T23:59:59Z") + 1);
    for (const char* text :
         {"", "Z", "2023-04-22T04:30:36", "2023-04-22 04:30:36Z", "2023-02-29T00:00:00Z",
          "2023-04-22T24:00:00Z", "2023-04-22T04:30:36.Z", "1970-01-01T00:00:00Z",
          "7424-05-05T00:00:00Z", "2023-04-22T04:30:36.0000000001Z", "2023-04-22T04:30:36.0x1Z"}) {
        EXPECT_FALSE(read_iso_time(text)) << text;
    }
}

TEST(VenueWire, AddressesEscapeWhatChannelsHoldAsItIs) {
    testing::PlanText plan;
    get(plan, "https://a.b/c/", "openInterest?period=5m&symbol=牛USDT", {});
    EXPECT_EQ(plan.urls[0], "https://a.b/c/openInterest?period=5m&symbol=%E7%89%9BUSDT");
    EXPECT_TRUE(plan.lines[0].starts_with("poll openInterest?period=5m&symbol=牛USDT"));
}

TEST(VenueWire, NamesWithQuotesOrControlBytesAreNotPlain) {
    EXPECT_TRUE(is_plain_name("牛来USDT"));
    for (const char* name : {"", "A\"", "A\\", "A\n"}) EXPECT_FALSE(is_plain_name(name));
}

}  // namespace
}  // namespace spillway::venues
