#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/recordings.hpp>

#include "plugin.hpp"

namespace spillway::kraken_futures {
namespace {

using testing::FrameDriver;
using testing::Recording;
using testing::TestFrame;

class KrakenFuturesRecording : public ::testing::TestWithParam<Recording> {
protected:
    static FrameDriver<KrakenFutures> decoder() { return {"kraken_futures", {{"trades", "true"}}}; }
    std::vector<TestFrame> frames = testing::frames_of(SPILLWAY_TEST_DIR, GetParam());
};

TEST_P(KrakenFuturesRecording, FramesBecomeTheseEvents) {
    testing::expect_golden(testing::golden_file(SPILLWAY_TEST_DIR, GetParam()),
                           decoder().golden(frames));
}

TEST_P(KrakenFuturesRecording, IdsOfAllRowsDifferAndAreTheSameInAnotherSession) {
    testing::expect_different_ids(decoder, frames);
    testing::expect_same_ids_in_another_session(decoder, frames);
}

TEST_P(KrakenFuturesRecording, EveryTruncatedMessageIsRefused) {
    testing::expect_truncated_refused(decoder, frames);
}

INSTANTIATE_TEST_SUITE_P(
    Files, KrakenFuturesRecording,
    ::testing::Values(Recording{"trade"}, Recording{"trade_snapshot"}, Recording{"ticker"},
                      Recording{"ticker_lite"}, Recording{"linear.written"}, Recording{"control"},
                      Recording{"rest.tickers", "tickers"},
                      Recording{"rest.instruments", "instruments"},
                      Recording{"rest.instruments.written", "derivatives/api/v3/instruments"}),
    testing::recording_name);

}  // namespace
}  // namespace spillway::kraken_futures
