#include <set>
#include <string>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

#include "plugin.hpp"

namespace spillway::binance {
namespace {

using testing::FrameDriver;
using testing::TestFrame;

/// A file of recorded frames, one a line; with a channel they are the answers of that poll.
struct Recording {
    const char* name;
    const char* poll = "";
};

std::ostream& operator<<(std::ostream& out, const Recording& recording) {
    return out << recording.name;
}

std::vector<TestFrame> frames_of(const Recording& recording) {
    const std::string folder = SPILLWAY_SOURCE_DIR "/plugins/sources/binance/fixtures/";
    const std::string poll = recording.poll;
    std::vector<TestFrame> frames;
    for (std::string& line : testing::read_lines(folder + recording.name + ".jsonl")) {
        frames.push_back(poll.empty() ? TestFrame{std::move(line)}
                                      : testing::response(poll, std::move(line)));
    }
    return frames;
}

class Recorded : public ::testing::TestWithParam<Recording> {};

TEST_P(Recorded, FramesBecomeTheseEvents) {
    FrameDriver<Binance> binance("binance");
    const std::string folder = SPILLWAY_SOURCE_DIR "/plugins/sources/binance/golden/";
    testing::expect_golden(folder + GetParam().name + ".events.jsonl",
                           binance.golden(frames_of(GetParam())));
}

/// After a reconnect the venue sends what it has sent before, on another session and later.
TEST_P(Recorded, FramesSeenAgainAfterAReconnectHaveTheSameIds) {
    const std::string name = GetParam().name;
    if (name == "open_interest.as_stream" || name == "funding_info") {
        GTEST_SKIP() << "rows without a time of their own are known by when they were received";
    }
    std::vector<TestFrame> frames = frames_of(GetParam());
    FrameDriver<Binance> binance("binance");
    binance.step(frames);
    const std::vector<Event> first = binance.events;
    for (TestFrame& frame : frames) {
        frame.session = 2;
        frame.receive_time += 90 * second;
    }
    FrameDriver<Binance> again("binance");
    again.step(frames);
    ASSERT_EQ(again.events.size(), first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_TRUE(first[i].id);
        EXPECT_EQ(again.events[i].id, first[i].id) << "event " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Files, Recorded,
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
    [](const ::testing::TestParamInfo<Recording>& recording) {
        std::string name = recording.param.name;
        for (char& c : name) c = c == '.' ? '_' : c;
        return name;
    });

}  // namespace
}  // namespace spillway::binance
