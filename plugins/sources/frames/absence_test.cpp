#include "absence.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <spillway/testing/frame_files.hpp>

#include "plugin.hpp"

namespace spillway::frames {
namespace {

class Notes final : public Examiner {
public:
    void report(const Finding& finding) noexcept override {
        lines.push_back(fmt::format("{} {}: {}",
                                    finding.outcome == Outcome::warning ? "warning" : "?",
                                    finding.check, finding.detail));
    }
    [[nodiscard]] bool stopped() const noexcept override { return is_stopped; }

    std::vector<std::string> lines;
    bool is_stopped = false;
};

/// Frames of binance and okx, of five channels.
class AbsenceTest : public testing::FrameFileTest {
protected:
    std::vector<std::string> examine(const std::string& path, const std::string& venue,
                                     const std::string& channel = "") {
        Frames source;
        source.options = {path, venue, channel, "E", TimeUnit::milliseconds, 1U << 20U};
        source.examine({"pipeline", "orders"}, notes_);
        return notes_.lines;
    }
    Notes notes_;
};

TEST_F(AbsenceTest, AVenueThatTheFileDoesNotHaveIsTold) {
    write_blocks("a.frames", 2, 10, FrameCodec::zstd);
    EXPECT_EQ(examine(path("a.frames"), "bybit"),
              (std::vector<std::string>{"warning venue: no frame is of `venue: bybit`; there are "
                                        "frames of binance, okx"}));
}

TEST_F(AbsenceTest, AChannelThatTheVenueDoesNotHaveIsTold) {
    write_blocks("a.frames", 1, 30, FrameCodec::none);
    EXPECT_EQ(
        examine(path("a.frames"), "okx", "tickers"),
        (std::vector<std::string>{"warning channel: no frame of okx is of `channel: tickers`; "
                                  "there are frames of channel0, channel1, channel2, "
                                  "channel3, channel4"}));
}

TEST_F(AbsenceTest, WhatIsThereNeedsNoWord) {
    write_blocks("a.frames", 2, 30, FrameCodec::none);
    EXPECT_TRUE(examine(path("a.frames"), "okx").empty());
    EXPECT_TRUE(examine(path("a.frames"), "binance", "channel4").empty());
    EXPECT_TRUE(examine(put("lines.jsonl", "{}\n"), "bybit").empty());
    notes_.is_stopped = true;
    EXPECT_TRUE(examine(path("a.frames"), "bybit").empty());
}

TEST_F(AbsenceTest, AllFilesOfAFolderCount) {
    write_blocks("a.frames", 1, 3, FrameCodec::none);
    auto writer = FrameWriter::create(path("b.frames"), {});
    ASSERT_TRUE(
        writer->write(testing::Written{testing::frame_start_time, "bybit", "c", "{}"}.frame())
            .ok());
    ASSERT_TRUE(writer->close().ok());
    EXPECT_TRUE(examine(path(""), "bybit").empty());
    EXPECT_EQ(examine(path(""), "kraken"),
              (std::vector<std::string>{"warning venue: no frame is of `venue: kraken`; there are "
                                        "frames of binance, bybit, okx"}));
}

TEST_F(AbsenceTest, AnEmptyRecordingAndAMissingOneAreTold) {
    write_blocks("a.frames", 0, 1, FrameCodec::none);
    EXPECT_EQ(examine(path("a.frames"), "okx"),
              (std::vector<std::string>{
                  "warning venue: no frame is of `venue: okx`; there are no frames at all"}));
    EXPECT_EQ(examine(path("nowhere.frames"), "okx").size(), 2U);
}

}  // namespace
}  // namespace spillway::frames
