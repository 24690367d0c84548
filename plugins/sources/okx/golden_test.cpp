#include <string>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

#include "plugin.hpp"

namespace spillway::okx {
namespace {

using testing::FrameDriver;
using testing::TestFrame;

const std::string folder = std::string(SPILLWAY_SOURCE_DIR) + "/plugins/sources/okx/";

/// A file of messages, of the stream they are named after or answers to a poll.
struct Recording {
    const char* name;
    const char* poll = "";
};

std::vector<TestFrame> read_frames(const Recording& recording) {
    std::vector<TestFrame> frames;
    for (const std::string& line :
         testing::read_lines(folder + "fixtures/" + recording.name + ".jsonl")) {
        frames.push_back(*recording.poll == '\0' ? TestFrame{line}
                                                 : testing::response(recording.poll, line));
    }
    return frames;
}

/// Knows the listed instruments, and the sizes of a few dated ones.
class Decoder : public FrameDriver<Okx> {
public:
    explicit Decoder(bool listed) : FrameDriver("okx") {
        decoder.options.contract_sizes = {
            {"XRP-USD-230929", 10}, {"BTC-USD-220624", 100}, {"BTC-USDT-211231", 0.01}};
        NodeSetup setup;
        setup.id = "okx";
        EXPECT_TRUE(decoder.check().ok());
        EXPECT_TRUE(decoder.start(setup).ok());
        if (listed) step(read_frames({"rest.instruments", "instruments?instType=SWAP"}));
        events.clear();
    }
};

class OkxRecording : public ::testing::TestWithParam<Recording> {
protected:
    [[nodiscard]] static bool listed() {
        return std::string_view(GetParam().name) != "rest.instruments";
    }
};

TEST_P(OkxRecording, FramesBecomeTheseEvents) {
    Decoder okx(listed());
    testing::expect_golden(folder + "golden/" + GetParam().name + ".events.jsonl",
                           okx.golden(read_frames(GetParam())));
}

TEST_P(OkxRecording, IdsOfAllRowsDifferAndAreTheSameInAnotherSession) {
    const std::vector<TestFrame> frames = read_frames(GetParam());
    Decoder first(listed()), second(listed());
    first.step(frames);
    std::vector<TestFrame> reconnected = frames;
    for (TestFrame& frame : reconnected) {
        frame.session = 7;
        frame.receive_time += hour;
    }
    second.step(reconnected);
    ASSERT_EQ(first.events.size(), second.events.size());
    for (std::size_t i = 0; i < first.events.size(); ++i) {
        // The venue sends no time with its answers to requests.
        if (first.events[i].kind() == Kind::source_status) continue;
        EXPECT_EQ(first.events[i].id, second.events[i].id);
        EXPECT_TRUE(first.events[i].id);
        for (std::size_t k = 0; k < i; ++k) EXPECT_NE(first.events[i].id, first.events[k].id);
    }
}

TEST_P(OkxRecording, EveryTruncatedMessageIsRefused) {
    std::vector<TestFrame> cut;
    for (const TestFrame& frame : read_frames(GetParam())) {
        for (std::size_t size = 0; size < frame.bytes.size(); size += 13) {
            cut.push_back(frame);
            cut.back().bytes.resize(size);
        }
    }
    Decoder okx(listed());
    okx.step(cut);
    EXPECT_EQ(okx.books.dead_lettered, cut.size());
    EXPECT_TRUE(okx.events.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Files, OkxRecording,
    ::testing::Values(
        Recording{"liquidation-orders"}, Recording{"liquidations"}, Recording{"funding-rate"},
        Recording{"funding-rate.documented"}, Recording{"open-interest"}, Recording{"mark-price"},
        Recording{"tickers"}, Recording{"trades"}, Recording{"index-tickers"}, Recording{"control"},
        Recording{"rest.instruments", "instruments?instType=SWAP"},
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
    [](const auto& test) {
        std::string name = test.param.name;
        for (char& c : name) {
            if (c == '.' || c == '-') c = '_';
        }
        return name;
    });

}  // namespace
}  // namespace spillway::okx
