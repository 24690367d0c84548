#include <string>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

#include "plugin.hpp"

namespace spillway::bybit {
namespace {

using testing::FrameDriver;
using testing::TestFrame;

const std::string folder = std::string(SPILLWAY_SOURCE_DIR) + "/plugins/sources/bybit/";

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

class BybitRecording : public ::testing::TestWithParam<Recording> {};

TEST_P(BybitRecording, FramesBecomeTheseEvents) {
    FrameDriver<Bybit> bybit("bybit");
    testing::expect_golden(folder + "golden/" + GetParam().name + ".events.jsonl",
                           bybit.golden(read_frames(GetParam())));
}

TEST_P(BybitRecording, IdsOfAllRowsDifferAndAreTheSameInAnotherSession) {
    const std::vector<TestFrame> frames = read_frames(GetParam());
    FrameDriver<Bybit> first("bybit"), second("bybit");
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

TEST_P(BybitRecording, EveryTruncatedMessageIsRefused) {
    std::vector<TestFrame> cut;
    for (const TestFrame& frame : read_frames(GetParam())) {
        for (std::size_t size = 0; size < frame.bytes.size(); size += 13) {
            cut.push_back(frame);
            cut.back().bytes.resize(size);
        }
    }
    FrameDriver<Bybit> bybit("bybit");
    bybit.step(cut);
    EXPECT_EQ(bybit.books.dead_lettered, cut.size());
    EXPECT_TRUE(bybit.events.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Files, BybitRecording,
    ::testing::Values(
        Recording{"allLiquidation"}, Recording{"liquidation"}, Recording{"tickers"},
        Recording{"publicTrade"}, Recording{"control"},
        Recording{"rest.tickers", "tickers?category=inverse"},
        Recording{"rest.open-interest",
                  "open-interest?category=inverse&intervalTime=1d&symbol=BTCUSD"},
        Recording{"rest.account-ratio", "account-ratio?category=linear&period=1h&symbol=BTCUSDT"},
        Recording{"rest.funding-history", "funding/history?category=linear&symbol=BTCUSDT"},
        Recording{"rest.instruments-info", "instruments-info?limit=1000"}),
    [](const auto& test) {
        std::string name = test.param.name;
        for (char& c : name) {
            if (c == '.' || c == '-') c = '_';
        }
        return name;
    });

}  // namespace
}  // namespace spillway::bybit
