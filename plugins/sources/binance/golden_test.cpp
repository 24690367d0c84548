#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/recordings.hpp>

#include "plugin.hpp"

namespace spillway::binance {
namespace {

using testing::FrameDriver;
using testing::Recording;
using testing::TestFrame;

class BinanceRecording : public ::testing::TestWithParam<Recording> {
protected:
    static FrameDriver<Binance> decoder() { return FrameDriver<Binance>("binance"); }
    std::vector<TestFrame> frames = testing::frames_of(SPILLWAY_TEST_DIR, GetParam());
};

TEST_P(BinanceRecording, FramesBecomeTheseEvents) {
    testing::expect_golden(testing::golden_file(SPILLWAY_TEST_DIR, GetParam()),
                           decoder().golden(frames));
}

// Some recordings have a row twice, as answers to two polls: their ids need not differ.
TEST_P(BinanceRecording, FramesSeenAgainAfterAReconnectHaveTheSameIds) {
    const std::string name = GetParam().name;
    if (name == "open_interest.as_stream" || name == "funding_info") {
        GTEST_SKIP() << "rows without a time of their own are known by when they were received";
    }
    testing::expect_same_ids_in_another_session(decoder, frames);
}

INSTANTIATE_TEST_SUITE_P(
    Files, BinanceRecording,
    ::testing::Values(
        Recording{"force_order.combined"}, Recording{"force_order.raw"},
        Recording{"force_order.without_st"}, Recording{"force_order.coin_margined"},
        Recording{"mark_price"}, Recording{"mark_price.coin_margined"}, Recording{"index_price"},
        Recording{"agg_trade"}, Recording{"trade"}, Recording{"ticker"}, Recording{"kline"},
        Recording{"no_event"}, Recording{"refused"}, Recording{"open_interest.as_stream"},
        Recording{"open_interest", "openInterest?symbol=BTCUSDT"},
        Recording{"open_interest_hist", "openInterestHist?period=5m&symbol=BTCUSDT"},
        Recording{"premium_index", "premiumIndex?symbol=BTCUSDT"},
        Recording{"funding_rate", "fundingRate?limit=2&symbol=BTCUSDT"},
        Recording{"funding_info", "fundingInfo"},
        Recording{"global_accounts", "globalLongShortAccountRatio?period=5m&symbol=BTCUSDT"},
        Recording{"top_accounts", "topLongShortAccountRatio?period=5m&symbol=BTCUSDT"},
        Recording{"top_positions", "topLongShortPositionRatio?period=5m&symbol=BTCUSDT"},
        Recording{"taker_volume", "takerlongshortRatio?period=5m&symbol=BTCUSDT"},
        Recording{"exchange_info.usd_margined", "exchangeInfo"},
        Recording{"exchange_info.coin_margined", "exchangeInfo"},
        Recording{"liquidation_snapshot", "liquidationSnapshot?symbol=BTCUSD_PERP"}),
    testing::recording_name);

}  // namespace
}  // namespace spillway::binance
