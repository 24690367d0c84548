#pragma once

#include <ostream>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <spillway/frame_reader.hpp>
#include <spillway/frame_writer.hpp>
#include <spillway/testing/temporary_folder.hpp>

// What the tests of frame files share.
namespace spillway::testing {

inline constexpr Time frame_start_time = 1'770'000'000 * second;

/// A frame as a value.
struct Written {
    Time time = 0;
    std::string venue, channel, bytes;
    std::uint32_t session = 0;
    std::uint16_t status = 0;
    FrameType type = FrameType::data;
    bool binary = false;

    bool operator==(const Written&) const = default;
    [[nodiscard]] Frame frame() const {
        return {time, 0, bytes, session, name_id(channel), venue_id(venue), status, type, binary};
    }
};

inline void PrintTo(const Written& frame, std::ostream* out) {
    *out << frame.time << ' ' << frame.venue << '/' << frame.channel << ' ' << frame.bytes;
}

inline Written copy_of(const Frame& frame) {
    return {frame.receive_time,
            std::string(text_of(frame.venue)),
            std::string(text_of(frame.channel)),
            std::string(frame.bytes),
            frame.session,
            frame.http_status,
            frame.type,
            frame.binary};
}

/// One of many frames that differ in everything.
inline Written numbered(int i) {
    return {frame_start_time + i * millisecond, i % 3 == 0 ? "okx" : "binance",
            fmt::format("channel{}", i % 5), fmt::format(R"({{"E":{},"p":"64000.{}"}})", i, i % 10),
            static_cast<std::uint32_t>(i % 4)};
}

/// All of a file, and what is wrong with it.
struct Content {
    std::vector<Written> frames;
    std::vector<FrameDamage> damages;
    FrameLosses losses;
    std::string error;
};

inline Content read_all(Result<FrameReader> reader) {
    Content content;
    if (!reader) {
        content.error = reader.error().message();
        return content;
    }
    for (;;) {
        const Result<bool> more = reader->next();
        if (!more) content.error = more.error().message();
        if (!more || !*more) break;
        const FramePiece& piece = reader->piece();
        for (const Frame& frame : piece.frames) {
            const auto* begin = reinterpret_cast<const char*>(reader->block().get()->data);
            EXPECT_GE(frame.bytes.data(), begin);
            EXPECT_LE(frame.bytes.data() + frame.bytes.size(),
                      begin + reader->block().get()->capacity);
            EXPECT_GE(frame.receive_time, piece.first_time);
            EXPECT_LE(frame.receive_time, piece.last_time);
            content.frames.push_back(copy_of(frame));
        }
        for (const FrameDamage& damage : piece.damages) {
            EXPECT_FALSE(damage.reason.empty());
            content.damages.push_back(damage);
        }
    }
    content.losses = reader->losses();
    return content;
}

inline Content read_bytes(const std::string& bytes) {
    return read_all(FrameReader::over(std::as_bytes(std::span(bytes))));
}

/// A folder, and files of numbered frames in it.
class FrameFileTest : public ::testing::Test {
protected:
    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_ / name).string();
    }
    std::string put(const std::string& name, const std::string& bytes) const {
        return folder_.write(name, bytes).string();
    }
    /// A file of blocks of so many numbered frames.
    std::string write_blocks(const std::string& name, int blocks, int frames, FrameCodec codec) {
        auto writer = FrameWriter::create(path(name), {.codec = codec, .created_by = "test"});
        EXPECT_TRUE(writer) << writer.error().message();
        for (int i = 0; i < blocks * frames; ++i) {
            EXPECT_TRUE(writer->write(numbered(i).frame()).ok());
            if (i % frames == frames - 1) {
                EXPECT_TRUE(writer->flush().ok());
                if (ends_.empty() || ends_.back() < writer->size()) ends_.push_back(writer->size());
            }
        }
        EXPECT_TRUE(writer->close().ok());
        return content_of(path(name));
    }

    TemporaryFolder folder_;
    std::vector<std::uint64_t> ends_;  ///< of the blocks of `write_blocks`
};

}  // namespace spillway::testing
