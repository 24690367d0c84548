#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/recordings.hpp>

#include "plugin.hpp"

namespace spillway::bybit {
namespace {

using testing::FrameDriver;
using testing::Recording;
using testing::TestFrame;

class BybitRecording : public ::testing::TestWithParam<Recording> {
protected:
    static FrameDriver<Bybit> decoder() { return FrameDriver<Bybit>("bybit"); }
    std::vector<TestFrame> frames = testing::frames_of(SPILLWAY_TEST_DIR, GetParam());
};

TEST_P(BybitRecording, FramesBecomeTheseEvents) {
    testing::expect_golden(testing::golden_file(SPILLWAY_TEST_DIR, GetParam()),
                           decoder().golden(frames));
}

TEST_P(BybitRecording, IdsOfAllRowsDifferAndAreTheSameInAnotherSession) {
    testing::expect_different_ids(decoder, frames);
    testing::expect_same_ids_in_another_session(decoder, frames);
}

TEST_P(BybitRecording, EveryTruncatedMessageIsRefused) {
    testing::expect_truncated_refused(decoder, frames);
}

INSTANTIATE_TEST_SUITE_P(
    Files, BybitRecording,
    ::testing::Values(
        Recording{"allLiquidation"}, Recording{"liquidation"}, Recording{"tickers"},
        Recording{"publicTrade"}, Recording{"control"}, Recording{"v2.trade"},
        Recording{"v2.instrument_info"}, Recording{"rest.tickers", "tickers?category=inverse"},
        Recording{"rest.open-interest",
                  "open-interest?category=inverse&intervalTime=1d&symbol=BTCUSD"},
        Recording{"rest.account-ratio", "account-ratio?category=linear&period=1h&symbol=BTCUSDT"},
        Recording{"rest.funding-history", "funding/history?category=linear&symbol=BTCUSDT"},
        Recording{"rest.instruments-info", "instruments-info?limit=1000"}),
    testing::recording_name);

}  // namespace
}  // namespace spillway::bybit
