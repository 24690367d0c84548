#include "plugin.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include <spillway/node.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "common/input/testing/files.hpp"

namespace spillway::frames {
namespace {

struct Output {
    std::vector<std::string> bytes;
    std::vector<Time> times;
    std::vector<std::string> letters;
    std::vector<std::size_t> reads;  ///< frames of each
    std::string error;
};

class FramesTest : public ::testing::Test {
protected:
    void open(Frames& source, const std::string& path) {
        source.options = {path,     "binance", "!forceOrder@arr", "E", TimeUnit::milliseconds,
                          1U << 20U};
        ASSERT_TRUE(source.check().ok());
        const Status status = source.open({"pipeline", "orders", true});
        ASSERT_TRUE(status.ok()) << status.message();
    }
    /// Reads to the end, checking what holds for every read.
    Output read_rest(Frames& source, std::uint32_t limit = 256) {
        Output result;
        for (;;) {
            SourceOutput out;
            out.events = BatchRef::create();
            out.letters = BatchRef::create();
            const Result<ReadState> state = source.read(out, limit);
            for (const Frame& frame : out.frames) {
                const auto* start = reinterpret_cast<const char*>(out.block.get()->data);
                EXPECT_GE(frame.bytes.data(), start);
                EXPECT_LE(frame.bytes.data() + frame.bytes.size(),
                          start + out.block.get()->capacity);
                EXPECT_EQ(text_of(frame.venue), "binance");
                EXPECT_EQ(text_of(frame.channel), "!forceOrder@arr");
                EXPECT_EQ(frame.type, FrameType::data);
                result.bytes.emplace_back(frame.bytes);
                result.times.push_back(frame.receive_time);
            }
            for (const Event& event : out.letters->events()) {
                const DeadLetter* letter = read_dead_letter(*out.letters, event);
                result.letters.push_back(std::string(out.letters->text(event, letter->place)) +
                                         ": " +
                                         std::string(out.letters->text(event, letter->reason)));
                EXPECT_GE(event.receive_time, earliest_event_time);
            }
            if (!out.frames.empty()) result.reads.push_back(out.frames.size());
            if (!state) result.error = state.error().message();
            if (!state || *state == ReadState::end) return result;
        }
    }
    static std::string message(std::int64_t time_ms) {
        return R"({"e":"forceOrder","E":)" + std::to_string(time_ms) + R"(,"o":{"E":1}})";
    }
    testing::TemporaryFolder folder;
};

TEST_F(FramesTest, GivesEveryLineWithItsTimeWhateverTheReads) {
    std::string text;
    std::vector<std::string> lines;
    for (int i = 0; i < 10'000; ++i) {
        lines.push_back(message(1'770'000'000'000 + i));
        text += lines.back() + "\n";
    }
    const std::string path = folder.write("a.jsonl.gz", testing::gzip(text));
    for (const std::uint32_t limit : {1U, 7U, 256U, 100'000U}) {
        Frames source;
        open(source, path);
        const Output output = read_rest(source, limit);
        EXPECT_EQ(output.bytes, lines);
        EXPECT_EQ(output.times.back(), (1'770'000'000'000 + 9'999) * millisecond);
    }
}

TEST_F(FramesTest, AReadNeverEndsInsideAnInstant) {
    std::string text;
    std::vector<std::string> lines;
    std::vector<std::size_t> ends;  // frames up to the end of each instant
    // Instants of 1 to 9 lines, over many blocks; one is larger than a block, and has a line in it
    // that cannot be read.
    for (int i = 0; i < 3000; ++i) {
        const int size = i == 1500 ? 20'000 : 1 + i * 7 % 9;
        for (int k = 0; k < size; ++k) {
            if (i == 1500 && k == 10'000) text += "{}\n";
            lines.push_back(message(1'770'000'000'000 + i));
            text += lines.back() + "\n";
        }
        ends.push_back(lines.size());
    }
    ASSERT_GT(text.size(), 4 * input::LineReader::block_size);
    const std::string path = folder.write("a", text);
    for (const std::uint32_t limit : {1U, 7U, 256U, 100'000U}) {
        Frames source;
        open(source, path);
        const Output output = read_rest(source, limit);
        EXPECT_EQ(output.bytes, lines);
        EXPECT_EQ(output.letters.size(), 1U);
        std::size_t end = 0;
        for (const std::size_t frames : output.reads) {
            end += frames;
            EXPECT_TRUE(std::binary_search(ends.begin(), ends.end(), end)) << end;
        }
    }
}

TEST_F(FramesTest, ALongLineInFrontDoesNotDisturbTheFirstTime) {
    Frames source;
    open(source,
         folder.write("a", std::string(2'000'000, 'E') + "\n" + message(1'770'000'000'000) + "\n"));
    const Output output = read_rest(source);
    EXPECT_EQ(output.times, (std::vector<Time>{1'770'000'000'000 * millisecond}));
    ASSERT_EQ(output.letters.size(), 1U);
    EXPECT_NE(output.letters[0].find("a:1: the line has 2000000 bytes"), std::string::npos);
}

TEST_F(FramesTest, ReceiveTimeNeverGoesBack) {
    Frames source;
    open(source, folder.write("a", message(1'770'000'000'500) + "\n" + message(1'770'000'000'100)));
    const Output output = read_rest(source);
    EXPECT_EQ(output.times, (std::vector<Time>{1'770'000'000'500 * millisecond,
                                               1'770'000'000'500 * millisecond}));
}

TEST_F(FramesTest, ALineWithoutATimeIsADeadLetter) {
    Frames source;
    open(source,
         folder.write("a", "{}\n" + message(1'770'000'000'000) + "\n{\"E\":\"x\"}\n" +
                               message(1'770'000'000) + "\n" + std::string(2'000'000, 'E') + "\n"));
    const Output output = read_rest(source);
    EXPECT_EQ(output.bytes.size(), 1U);
    ASSERT_EQ(output.letters.size(), 4U);
    EXPECT_NE(output.letters[0].find("a:1: no \"E\": in the line"), std::string::npos);
    EXPECT_NE(output.letters[1].find("a:3: \"E\":\"x\"} is not an integer time"),
              std::string::npos);
    EXPECT_NE(output.letters[2].find("a:4: "), std::string::npos);
    EXPECT_NE(output.letters[3].find("a:5: the line has 2000000 bytes"), std::string::npos);
}

TEST_F(FramesTest, GoesOnFromAPosition) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += message(1'770'000'000'000 + i) + "\n";
    const std::string path = folder.write("a", text);
    Frames whole;
    open(whole, path);
    const Output all = read_rest(whole);
    Frames before;
    open(before, path);
    SourceOutput out;
    out.events = BatchRef::create();
    out.letters = BatchRef::create();
    ASSERT_TRUE(before.read(out, 40));
    StateWriter position;
    before.position(position);
    Frames after;
    open(after, path);
    ASSERT_TRUE(after.seek(position.bytes()).ok());
    const Output rest = read_rest(after);
    EXPECT_EQ(rest.bytes, std::vector<std::string>(all.bytes.begin() + 40, all.bytes.end()));
    EXPECT_EQ(rest.times, std::vector<Time>(all.times.begin() + 40, all.times.end()));
}

TEST(EngineTimeScanner, ReadsUnitsQuotesAndBlanks) {
    const auto scan = [](std::string_view key, TimeUnit unit, std::string text) {
        text.reserve(text.size() + 64);
        Time time = 0;
        return EngineTimeScanner(key, unit).scan(text, time) ? time : Time{-1};
    };
    constexpr Time expected = 1'770'000'000 * second;
    EXPECT_EQ(scan("ts", TimeUnit::seconds, R"({"ts":1770000000})"), expected);
    EXPECT_EQ(scan("ts", TimeUnit::milliseconds, R"({"ts": "1770000000000"})"), expected);
    EXPECT_EQ(
        scan("timestamp_us", TimeUnit::microseconds, R"({"t":1,"timestamp_us":1770000000000000})"),
        expected);
    EXPECT_EQ(scan("ts", TimeUnit::nanoseconds, R"({"ts":1770000000000000000})"), expected);
    EXPECT_EQ(scan("ts", TimeUnit::seconds, R"({"ts":1770000000.5})"), -1);
    EXPECT_EQ(scan("ts", TimeUnit::seconds, R"({"ts":-5})"), -1);
    EXPECT_EQ(scan("ts", TimeUnit::seconds, R"({"ts":)"), -1);
    EXPECT_EQ(scan("ts", TimeUnit::seconds, R"({"tst":1770000000})"), -1);
    EXPECT_EQ(scan("ts", TimeUnit::seconds, ""), -1);
    EXPECT_EQ(scan("ts", TimeUnit::nanoseconds, R"({"ts":99999999999999999999})"), -1);
}

}  // namespace
}  // namespace spillway::frames
