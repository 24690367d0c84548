#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/recordings.hpp>

#include "plugin.hpp"

namespace spillway::coingecko {
namespace {

using testing::FrameDriver;
using testing::Recording;
using testing::TestFrame;

class CoinGeckoRecording : public ::testing::TestWithParam<Recording> {
protected:
    static FrameDriver<CoinGecko> decoder() {
        return FrameDriver<CoinGecko>("coingecko", {{"ids", "KGO=kiwigo, NONE=no-such-coin"}});
    }
    std::vector<TestFrame> frames = testing::frames_of(SPILLWAY_TEST_DIR, GetParam());
};

TEST_P(CoinGeckoRecording, FramesBecomeTheseEvents) {
    testing::expect_golden(testing::golden_file(SPILLWAY_TEST_DIR, GetParam()),
                           decoder().golden(frames));
}

/// Those that tell the time of their prices; others are known by when they were received.
class TimedCoinGeckoRecording : public CoinGeckoRecording {};

TEST_P(TimedCoinGeckoRecording, AnotherSessionBringsTheSameIds) {
    testing::expect_same_ids_in_another_session(decoder, frames);
}

TEST_P(CoinGeckoRecording, EveryTruncatedMessageIsRefused) {
    testing::expect_truncated_refused(decoder, frames);
}

const Recording simple{"simple.price",
                       "simple/price?ids=bitcoin,ethereum,litecoin&vs_currencies=usd"};
const Recording timed{"simple.price.written",
                      "simple/price?ids=bitcoin,ethereum&include_24hr_vol=true"
                      "&include_last_updated_at=true&vs_currencies=usd"};
const Recording markets{"coins.markets",
                        "coins/markets?ids=bitcoin,ethereum,kiwigo,no-such-coin&vs_currency=usd"};
const Recording limited{"error429", "simple/price?ids=bitcoin&vs_currencies=usd"};

INSTANTIATE_TEST_SUITE_P(Files, CoinGeckoRecording,
                         ::testing::Values(simple, timed, markets, limited),
                         testing::recording_name);
INSTANTIATE_TEST_SUITE_P(Files, TimedCoinGeckoRecording, ::testing::Values(timed, markets, limited),
                         testing::recording_name);

}  // namespace
}  // namespace spillway::coingecko
