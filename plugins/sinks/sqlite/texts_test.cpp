#include "texts.hpp"

#include <gtest/gtest.h>

namespace spillway::sqlite {
namespace {

TEST(Texts, SymbolsAreBaseAndQuoteWithTheExpiry) {
    EXPECT_EQ(concatenated("BTC/USDT:USDT"), "BTCUSDT");
    EXPECT_EQ(concatenated("BTC/USD:BTC"), "BTCUSD");
    EXPECT_EQ(concatenated("BTC/USDT:USDT-260327"), "BTCUSDT_260327");
    EXPECT_EQ(concatenated("BTC"), "BTC");
    EXPECT_EQ(concatenated("PF_XBTUSD"), "PF_XBTUSD");
    EXPECT_EQ(concatenated(""), "");
}

TEST(Texts, MarketsTakeTheSuffixButTheWholeMarketDoesNot) {
    Symbols symbols("USDC");
    EXPECT_EQ(symbols.of(market_id("ETH")), "ETHUSDC");
    EXPECT_EQ(symbols.of(market_id("ETH")), "ETHUSDC");
    EXPECT_EQ(symbols.of(market_wide()), "*");
    EXPECT_EQ(symbols.of(MarketId::none), "*");
}

TEST(Texts, SessionsFollowTheClockInUtcAndTheWeek) {
    constexpr Time friday = 1'770'336'000 * second;  // 2026-02-06 00:00
    EXPECT_EQ(session_type(friday - 1), "us");
    EXPECT_EQ(session_type(friday), "asian");
    EXPECT_EQ(session_type(friday + 8 * hour - 1), "asian");
    EXPECT_EQ(session_type(friday + 8 * hour), "european");
    EXPECT_EQ(session_type(friday + 16 * hour), "us");
    EXPECT_EQ(session_type(friday + day), "weekend");
    EXPECT_EQ(session_type(friday + 3 * day - 1), "weekend");
    EXPECT_EQ(session_type(friday + 3 * day), "asian");
}

}  // namespace
}  // namespace spillway::sqlite
