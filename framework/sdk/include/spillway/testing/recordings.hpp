#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

// Tests that every recorded message of a venue has to pass. `Make` answers a FrameDriver that has
// seen nothing of the recording yet.
//
//     const auto decoder = [] { return FrameDriver<Bybit>("bybit"); };
//     class BybitRecording : public ::testing::TestWithParam<Recording> {
//     protected:
//         std::vector<TestFrame> frames = frames_of(SPILLWAY_TEST_DIR, GetParam());
//     };
//     TEST_P(BybitRecording, FramesBecomeTheseEvents) {
//         expect_golden(golden_file(SPILLWAY_TEST_DIR, GetParam()), decoder().golden(frames));
//     }
//     TEST_P(BybitRecording, EveryTruncatedMessageIsRefused) {
//         expect_truncated_refused(decoder, frames);
//     }
//     INSTANTIATE_TEST_SUITE_P(Files, BybitRecording, ::testing::Values(Recording{"tickers"}),
//                              recording_name);
namespace spillway::testing {

/// The file fixtures/NAME.jsonl of a venue's folder: recorded messages, one a line. With the name
/// and parameters of a poll they are its answers, else data of a stream.
struct Recording {
    const char* name;
    const char* poll = "";

    friend void PrintTo(const Recording& recording, std::ostream* out) { *out << recording.name; }
};

[[nodiscard]] inline std::vector<TestFrame> frames_of(const std::filesystem::path& folder,
                                                      const Recording& recording) {
    const std::string poll = recording.poll;
    std::vector<TestFrame> frames;
    for (std::string& line :
         read_lines(folder / "fixtures" / (std::string(recording.name) + ".jsonl"))) {
        frames.push_back(poll.empty() ? TestFrame{std::move(line)}
                                      : response(poll, std::move(line)));
    }
    return frames;
}

/// Where the events stand that a recording becomes; for `expect_golden`.
[[nodiscard]] inline std::filesystem::path golden_file(const std::filesystem::path& folder,
                                                       const Recording& recording) {
    return folder / "golden" / (std::string(recording.name) + ".events.jsonl");
}

/// The name of a test's instance.
[[nodiscard]] inline std::string recording_name(const ::testing::TestParamInfo<Recording>& info) {
    std::string name = info.param.name;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
}

/// What a venue sends again after a reconnect, on another session and later, has the ids that it
/// had before. Except where a feed tells of itself: that belongs to its session.
template <class Make>
void expect_same_ids_in_another_session(const Make& make, std::vector<TestFrame> frames) {
    auto first = make(), second = make();
    first.step(frames);
    for (TestFrame& frame : frames) {
        frame.session = 7;
        frame.receive_time += hour;
    }
    second.step(frames);
    ASSERT_EQ(first.events.size(), second.events.size());
    for (std::size_t i = 0; i < first.events.size(); ++i) {
        if (first.events[i].kind() == Kind::source_status) continue;
        EXPECT_TRUE(first.events[i].id) << "event " << i;
        EXPECT_EQ(first.events[i].id, second.events[i].id) << "event " << i;
    }
}

/// No two rows of the frames have one id.
template <class Make>
void expect_different_ids(const Make& make, const std::vector<TestFrame>& frames) {
    auto driver = make();
    driver.step(frames);
    std::set<Id> ids;
    for (std::size_t i = 0; i < driver.events.size(); ++i) {
        if (driver.events[i].kind() == Kind::source_status) continue;
        EXPECT_TRUE(ids.insert(driver.events[i].id).second) << "event " << i;
    }
}

/// A message that ends too early, wherever that is, is refused as a whole.
template <class Make>
void expect_truncated_refused(const Make& make, const std::vector<TestFrame>& frames) {
    std::vector<TestFrame> cut;
    for (const TestFrame& frame : frames) {
        for (std::size_t size = 0; size < frame.bytes.size(); size += 13) {
            cut.push_back(frame);
            cut.back().bytes.resize(size);
        }
    }
    auto driver = make();
    driver.step(cut);
    EXPECT_EQ(driver.books.dead_lettered, cut.size());
    EXPECT_TRUE(driver.events.empty());
}

}  // namespace spillway::testing
