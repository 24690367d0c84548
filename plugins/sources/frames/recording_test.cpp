#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <spillway/frame_writer.hpp>
#include <spillway/node.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "common/input/testing/files.hpp"
#include "plugin.hpp"

namespace spillway::frames {
namespace {

constexpr Time start_time = 1'770'000'000 * second;

struct Output {
    std::vector<std::string> frames;  ///< receive time since the start, channel, bytes
    std::vector<std::size_t> reads;   ///< frames of each read that gave some
    std::vector<std::string> letters;
    std::vector<std::string> order;  ///< of frames and letters, as the engine will number them
    std::string error;
};

class RecordingTest : public ::testing::Test {
protected:
    /// Writes frames of receive times since the start, a block for each list.
    std::string write(const std::string& name, const std::vector<std::vector<Time>>& blocks,
                      FrameCodec codec = FrameCodec::zstd, std::size_t size = 0) {
        auto writer = FrameWriter::create((folder / name).string(), {.codec = codec});
        for (const std::vector<Time>& times : blocks) {
            for (const Time time : times) {
                const std::string venue = count_ % 4 == 3 ? "okx" : "binance";
                const std::string text =
                    fmt::format(R"({{"n":{}}})", count_) + std::string(size, ' ');
                EXPECT_TRUE(writer
                                ->write({start_time + time, 0, text, 1,
                                         name_id(count_ % 2 == 0 ? "a" : "b"), venue_id(venue), 0,
                                         FrameType::data, false})
                                .ok());
                ++count_;
            }
            EXPECT_TRUE(writer->flush().ok());
            ends.push_back(writer->size());
        }
        EXPECT_TRUE(writer->close().ok());
        return (folder / name).string();
    }
    static Status open(Frames& source, const std::string& path,
                       const std::string& venue = "binance", const std::string& channel = "") {
        source.options = {path, venue, channel, "", TimeUnit::milliseconds, 1U << 20U};
        EXPECT_TRUE(source.check().ok());
        return source.open({"pipeline", "orders", true});
    }
    static void take(SourceOutput& out, Output& result) {
        std::uint32_t letter = 0;
        for (std::uint32_t i = 0; i <= out.frames.size(); ++i) {
            for (; letter < out.letters->size() && out.letter_positions[letter] <= i; ++letter) {
                const Event& event = (*out.letters)[letter];
                const DeadLetter* found = read_dead_letter(*out.letters, event);
                result.letters.push_back(fmt::format("{}: {}",
                                                     out.letters->text(event, found->place),
                                                     out.letters->text(event, found->reason)));
                result.order.emplace_back("letter");
            }
            if (i == out.frames.size()) break;
            const Frame& frame = out.frames[i];
            const auto* begin = reinterpret_cast<const char*>(out.block.get()->data);
            EXPECT_GE(frame.bytes.data(), begin);
            EXPECT_LE(frame.bytes.data() + frame.bytes.size(), begin + out.block.get()->capacity);
            result.frames.push_back(fmt::format("{} {} {}", frame.receive_time - start_time,
                                                text_of(frame.channel),
                                                frame.bytes.substr(0, frame.bytes.find('}') + 1)));
            result.order.push_back(result.frames.back());
        }
        if (!out.frames.empty()) result.reads.push_back(out.frames.size());
    }
    /// One read; false at the end.
    static bool read(Frames& source, std::uint32_t limit, Output& result) {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        const Result<ReadState> state = source.read(out, limit);
        take(out, result);
        if (!state) result.error = state.error().message();
        return state && *state == ReadState::more;
    }
    static Output read_rest(Frames& source, std::uint32_t limit = 256) {
        Output result;
        while (read(source, limit, result)) {
        }
        return result;
    }
    Output read_file(const std::string& path, std::uint32_t limit = 256,
                     const std::string& venue = "binance", const std::string& channel = "") {
        Frames source;
        const Status status = open(source, path, venue, channel);
        EXPECT_TRUE(status.ok()) << status.message();
        return read_rest(source, limit);
    }
    /// Stopping after any read and going on from its position changes nothing.
    void expect_same_from_every_position(const std::string& path, std::uint32_t limit) {
        const Output whole = read_file(path, limit);
        Output before;
        Frames first;
        ASSERT_TRUE(open(first, path).ok());
        for (bool more = true; more;) {
            more = read(first, limit, before);
            StateWriter position;
            first.position(position);
            Frames second;
            ASSERT_TRUE(open(second, path).ok());
            ASSERT_TRUE(second.seek(position.bytes()).ok());
            const Output rest = read_rest(second, limit);
            std::vector<std::string> both = before.order;
            both.insert(both.end(), rest.order.begin(), rest.order.end());
            ASSERT_EQ(both, whole.order) << "after " << before.order.size();
            EXPECT_EQ(rest.error, whole.error);
        }
    }
    static void damage(const std::string& path, std::uint64_t at) {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(at));
        file.put('\x55');
    }

    testing::TemporaryFolder folder;
    std::vector<std::uint64_t> ends;  ///< of the blocks written

private:
    int count_ = 0;
};

TEST_F(RecordingTest, GivesTheFramesOfItsVenue) {
    const std::string path = write("a.frames", {{0, 1, 2, 3}, {4, 5, 6, 7}});
    EXPECT_EQ(read_file(path).frames,
              (std::vector<std::string>{R"(0 a {"n":0})", R"(1 b {"n":1})", R"(2 a {"n":2})",
                                        R"(4 a {"n":4})", R"(5 b {"n":5})", R"(6 a {"n":6})"}));
    EXPECT_EQ(read_file(path, 256, "okx").frames,
              (std::vector<std::string>{R"(3 b {"n":3})", R"(7 b {"n":7})"}));
    EXPECT_EQ(read_file(path, 256, "binance", "b").frames,
              (std::vector<std::string>{R"(1 b {"n":1})", R"(5 b {"n":5})"}));
    EXPECT_TRUE(read_file(path, 256, "bybit").frames.empty());
}

TEST_F(RecordingTest, IsRecognisedByItsFirstBytes) {
    const std::string path = write("recording.bin", {{0, 1}});
    EXPECT_EQ(read_file(path).frames.size(), 2U);
}

TEST_F(RecordingTest, LinesNeedAnEngineTime) {
    Frames source;
    const Status status = open(source, folder.write("lines", "{\"E\":1}\n"));
    EXPECT_EQ(status.subject(), "engine_time");
    EXPECT_NE(status.message().find("is no frame file: name the key"), std::string::npos);
    const Status named = open(source, folder.write("lines.frames", "{\"E\":1}\n"));
    EXPECT_NE(named.message().find("is no frame file"), std::string::npos);
}

TEST_F(RecordingTest, AReadEndsWithAnInstantAlsoOverBlocks) {
    // Instants inside a block, over two, over many, and with other venues' frames between.
    std::vector<std::vector<Time>> blocks = {
        {0, 0, 1, 1, 2}, {2, 3, 4, 4, 4, 4}, {4, 4, 4, 4, 4, 4}, {4, 4, 4}, {5}, {6, 7, 7}, {7}};
    const std::string path = write("a.frames", blocks);
    const std::vector<std::string> all = read_file(path, 1000).frames;
    for (const std::uint32_t limit : {1U, 2U, 3U, 7U, 1000U}) {
        const Output output = read_file(path, limit);
        EXPECT_EQ(output.frames, all);
        std::size_t end = 0;
        for (const std::size_t count : output.reads) {
            end += count;
            if (end == all.size()) continue;
            EXPECT_NE(all[end].substr(0, all[end].find(' ')),
                      all[end - 1].substr(0, all[end - 1].find(' ')))
                << "limit " << limit;
        }
        expect_same_from_every_position(path, limit);
    }
}

TEST_F(RecordingTest, AnInstantTooLargeToBeHeldIsCut) {
    std::vector<std::vector<Time>> blocks(24, std::vector<Time>(4, 5));
    blocks.push_back({5, 6});
    const std::string path = write("a.frames", blocks, FrameCodec::zstd, 1U << 20U);
    for (const std::uint32_t limit : {1U, 1000U}) {
        const Output output = read_file(path, limit);
        ASSERT_EQ(output.frames.size(), 74U);
        ASSERT_EQ(output.reads.size(), 2U);
        EXPECT_EQ(output.reads[0], 63U) << "frames of 1 MiB and a few bytes in 64 MiB";
        EXPECT_EQ(output.frames[63].substr(0, 2), "6 ");
        EXPECT_EQ(output.frames[73].substr(0, 2), "6 ");
    }
}

TEST_F(RecordingTest, ReceiveTimeNeverGoesBack) {
    const Output output = read_file(write("a.frames", {{5, 3}, {4, 6}}));
    EXPECT_EQ(output.frames[1].substr(0, 2), "5 ");
    EXPECT_EQ(output.frames[2].substr(0, 2), "5 ");
}

TEST_F(RecordingTest, DamageIsADeadLetterInItsPlace) {
    const std::string path = write("a.frames", {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}, FrameCodec::none);
    damage(path, ends[0] + 10);  // the second block's header
    damage(path, ends[2] - 4);   // the last record of the third block
    const Output output = read_file(path);
    EXPECT_EQ(output.order,
              (std::vector<std::string>{R"(0 a {"n":0})", R"(1 b {"n":1})", R"(2 a {"n":2})",
                                        "letter", R"(6 a {"n":6})", "letter"}));
    EXPECT_EQ(output.letters[0],
              fmt::format("{}:{}: the header of a block is damaged; 3 records lost; {} bytes lost",
                          path, ends[0], ends[1] - ends[0]));
    EXPECT_NE(output.letters[1].find("the record is damaged; 1 record lost"), std::string::npos);
    EXPECT_EQ(output.error, "");
    for (const std::uint32_t limit : {1U, 2U, 100U}) {
        EXPECT_EQ(read_file(path, limit).order, output.order);
        expect_same_from_every_position(path, limit);
    }
}

TEST_F(RecordingTest, ATruncatedEndIsAnErrorAfterEverythingBefore) {
    const std::string path = write("a.frames", {{0, 1, 2}, {4, 5, 6}});
    std::filesystem::resize_file(path, ends[1] - 1);
    const Output output = read_file(path);
    EXPECT_EQ(output.frames.size(), 3U);
    EXPECT_TRUE(output.letters.empty());
    EXPECT_NE(output.error.find(fmt::format(
                  "{}: truncated: the file ends inside a block at byte {}", path, ends[0])),
              std::string::npos)
        << output.error;
    expect_same_from_every_position(path, 1);
}

TEST_F(RecordingTest, AFolderIsReadInTheOrderOfItsReceiveTimes) {
    write("z.frames", {{0, 1, 2}, {3, 4}});
    write("m.frames", {{4, 11}, {12}});
    write("a.frames", {{20, 21, 22}});
    folder.write("notes.txt", "not a recording");
    const std::string path = folder.path().string();
    const Output output = read_file(path);
    ASSERT_EQ(output.frames.size(), 9U);
    EXPECT_EQ(output.frames.front(), R"(0 a {"n":0})");
    EXPECT_EQ(output.frames.back().substr(0, 3), "22 ");
    for (const std::uint32_t limit : {1U, 2U, 100U}) expect_same_from_every_position(path, limit);
    // A file that ends early is told at the end of all.
    std::filesystem::resize_file(folder / "m.frames",
                                 std::filesystem::file_size(folder / "m.frames") - 1);
    const Output torn = read_file(path);
    EXPECT_EQ(torn.frames.back(), output.frames.back());
    EXPECT_NE(torn.error.find("m.frames: truncated"), std::string::npos);
}

TEST_F(RecordingTest, AFolderWithoutRecordingsIsAnError) {
    Frames source;
    EXPECT_NE(open(source, folder.path().string()).message().find("has no *.frames files"),
              std::string::npos);
}

TEST_F(RecordingTest, APositionOfAnotherInputIsRefused) {
    Frames first;
    ASSERT_TRUE(open(first, write("a.frames", {{0, 1, 2}})).ok());
    Output output;
    read(first, 1, output);
    StateWriter position;
    first.position(position);
    Frames second;
    ASSERT_TRUE(open(second, write("b.frames", {{0, 1, 2}})).ok());
    EXPECT_NE(second.seek(position.bytes()).message().find("is not there any more"),
              std::string::npos);
    Frames lines;
    lines.options = {folder.write("lines", "{\"E\":1770000000000}\n"),
                     "binance",
                     "a",
                     "E",
                     TimeUnit::milliseconds,
                     1U << 20U};
    ASSERT_TRUE(lines.open({"pipeline", "orders", true}).ok());
    EXPECT_NE(lines.seek(position.bytes()).message().find("a recording was read before"),
              std::string::npos);
}

}  // namespace
}  // namespace spillway::frames
