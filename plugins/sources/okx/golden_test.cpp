#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/recordings.hpp>

#include "plugin.hpp"

namespace spillway::okx {
namespace {

using testing::FrameDriver;
using testing::Recording;
using testing::TestFrame;

/// Knows the listed instruments, and the sizes of a few dated ones.
class Decoder : public FrameDriver<Okx> {
public:
    explicit Decoder(bool listed) : FrameDriver("okx") {
        decoder.options.contract_sizes = {
            {"XRP-USD-230929", 10},  {"BTC-USD-220624", 100}, {"BTC-USDT-211231", 0.01},
            {"BTC-USD-210326", 100}, {"ETH-USD-210326", 10},  {"BTC-USD-190628", 100},
            {"BTC-USD-190927", 100}, {"UNI-USD-SWAP", 10},    {"BCH-USD-SWAP", 10}};
        NodeSetup setup;
        setup.id = "okx";
        EXPECT_TRUE(decoder.check().ok());
        EXPECT_TRUE(decoder.start(setup).ok());
        const Recording instruments{"rest.instruments", "instruments?instType=SWAP"};
        if (listed) step(testing::frames_of(SPILLWAY_TEST_DIR, instruments));
        events.clear();
    }
};

class OkxRecording : public ::testing::TestWithParam<Recording> {
protected:
    static Decoder decoder() {
        return Decoder(std::string_view(GetParam().name) != "rest.instruments");
    }
    std::vector<TestFrame> frames = testing::frames_of(SPILLWAY_TEST_DIR, GetParam());
};

TEST_P(OkxRecording, FramesBecomeTheseEvents) {
    testing::expect_golden(testing::golden_file(SPILLWAY_TEST_DIR, GetParam()),
                           decoder().golden(frames));
}

TEST_P(OkxRecording, IdsOfAllRowsDifferAndAreTheSameInAnotherSession) {
    testing::expect_different_ids(decoder, frames);
    testing::expect_same_ids_in_another_session(decoder, frames);
}

TEST_P(OkxRecording, EveryTruncatedMessageIsRefused) {
    testing::expect_truncated_refused(decoder, frames);
}

INSTANTIATE_TEST_SUITE_P(
    Files, OkxRecording,
    ::testing::Values(
        Recording{"liquidation-orders"}, Recording{"liquidations"}, Recording{"funding-rate"},
        Recording{"funding-rate.documented"}, Recording{"open-interest"}, Recording{"mark-price"},
        Recording{"tickers"}, Recording{"trades"}, Recording{"v3"}, Recording{"index-tickers"},
        Recording{"control"}, Recording{"rest.instruments", "instruments?instType=SWAP"},
        Recording{"rest.open-interest", "/api/v5/public/open-interest?instType=SWAP"},
        Recording{"rest.mark-price", "mark-price?instType=SWAP"},
        Recording{"rest.funding-rate", "funding-rate?instId=BTC-USDT-SWAP"},
        Recording{"rest.funding-rate-history", "funding-rate-history?instId=BTC-USDT-SWAP"},
        Recording{"rest.account-ratio", "long-short-account-ratio?ccy=BTC&period=5m"},
        Recording{"rest.account-ratio-contract",
                  "long-short-account-ratio-contract?instId=BTC-USDT-SWAP&period=5m"},
        Recording{"rest.position-ratio-top",
                  "rubik/stat/contracts/long-short-position-ratio-contract-top-trader?"
                  "instId=BTC-USDT-SWAP&period=1D"},
        Recording{"rest.open-interest-history",
                  "open-interest-history?instId=BTC-USDT-SWAP&period=5m"},
        Recording{"rest.open-interest-volume", "open-interest-volume?ccy=BTC&period=1H"}),
    testing::recording_name);

}  // namespace
}  // namespace spillway::okx
