#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <spillway/id.hpp>
#include <spillway/testing/frame_files.hpp>

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

TEST_F(FrameFileTest, GivesBackWhatWasWritten) {
    std::vector<Written> frames = {
        {frame_start_time, "okx", "", "", 7, 0, FrameType::opened, false},
        {frame_start_time, "okx", "tickers", "ack", 7, 0, FrameType::subscribed, false},
        {frame_start_time + 1, "okx", "tickers", std::string("\0\xFF\n\xF5", 4), 7, 0,
         FrameType::data, true},
        {frame_start_time - 5, "", "instruments?type=SWAP", "{}", 0, 200, FrameType::response,
         false},
        {frame_start_time + 2, "okx", "", "reset", 0xFFFFFFFF, 0, FrameType::closed, false},
        {-1, "okx", "tickers", "", 8, 65535, FrameType::gap, false},
        {frame_start_time + 3, "bybit", std::string(max_frame_name, 'c'),
         std::string(3'000'000, 'x'), 9},
    };
    for (int i = 0; i < 20'000; ++i) frames.push_back(numbered(i));
    for (const FrameCodec codec : {FrameCodec::none, FrameCodec::zstd}) {
        const std::string file = path(codec == FrameCodec::none ? "plain" : "packed");
        auto writer = FrameWriter::create(file, {.codec = codec, .created_by = "a test"});
        ASSERT_TRUE(writer);
        for (const Written& frame : frames) ASSERT_TRUE(writer->write(frame.frame()).ok());
        EXPECT_EQ(writer->records(), frames.size());
        ASSERT_TRUE(writer->close().ok());
        EXPECT_EQ(writer->size(), fs::file_size(file));
        auto reader = FrameReader::open(file);
        ASSERT_TRUE(reader);
        EXPECT_EQ(reader->created_by(), "a test");
        EXPECT_EQ(reader->version(), frame_file_version);
        const Content content = read_all(std::move(reader));
        EXPECT_EQ(content.frames, frames);
        EXPECT_FALSE(content.losses.any());
    }
    EXPECT_LT(fs::file_size(path("packed")), fs::file_size(path("plain")) / 4);
}

TEST_F(FrameFileTest, AFileWithoutFramesIsWholeAndEmpty) {
    ASSERT_TRUE(FrameWriter::create(path("a")));
    const Content content = read_all(FrameReader::open(path("a")));
    EXPECT_EQ(content.error, "");
    EXPECT_TRUE(content.frames.empty());
    EXPECT_FALSE(content.losses.any());
}

TEST_F(FrameFileTest, AnInstantIsNotSplitOverBlocks) {
    auto writer = FrameWriter::create(path("a"), {.block_size = 1000});
    ASSERT_TRUE(writer);
    for (int i = 0; i < 1000; ++i) {
        Written frame = numbered(i);
        frame.time = frame_start_time + i / 100;
        ASSERT_TRUE(writer->write(frame.frame()).ok());
    }
    ASSERT_TRUE(writer->close().ok());
    auto reader = FrameReader::open(path("a"));
    int blocks = 0;
    while (*reader->next()) {
        ++blocks;
        EXPECT_EQ(reader->piece().frames.size(), 100U);
    }
    EXPECT_EQ(blocks, 10);
}

TEST_F(FrameFileTest, WhatAFileCannotHoldIsRefusedAndTheRestIsWritten) {
    auto writer = FrameWriter::create(path("a"));
    ASSERT_TRUE(writer);
    Written frame = numbered(1);
    frame.bytes.assign(max_frame_bytes + 1, 'x');
    EXPECT_EQ(writer->write(frame.frame()).code(), Code::bad_record);
    frame = numbered(2);
    frame.channel.assign(max_frame_name + 1, 'x');
    EXPECT_EQ(writer->write(frame.frame()).code(), Code::bad_record);
    frame = numbered(3);
    frame.bytes.assign(max_frame_bytes, 'x');
    EXPECT_TRUE(writer->write(frame.frame()).ok());
    EXPECT_TRUE(writer->write(numbered(4).frame()).ok());
    ASSERT_TRUE(writer->close().ok());
    const Content content = read_all(FrameReader::open(path("a")));
    ASSERT_EQ(content.frames.size(), 2U);
    EXPECT_EQ(content.frames[0].bytes.size(), max_frame_bytes);
    EXPECT_EQ(content.frames[1], numbered(4));
}

TEST_F(FrameFileTest, MoreNamesThanABlockHoldsBeginAnother) {
    auto writer = FrameWriter::create(path("a"));
    ASSERT_TRUE(writer);
    std::vector<Written> frames;
    for (int i = 0; i < 5000; ++i) {
        frames.push_back(numbered(i));
        frames.back().channel = fmt::format("a.rather.long.channel.name.with.number.{}", i);
        ASSERT_TRUE(writer->write(frames.back().frame()).ok());
    }
    ASSERT_TRUE(writer->close().ok());
    EXPECT_EQ(read_all(FrameReader::open(path("a"))).frames, frames);
}

TEST_F(FrameFileTest, OtherFilesAreLeftAlone) {
    const std::string file = put("notes.txt", "This is not a frame file, however long it may be.");
    const auto writer = FrameWriter::append(file);
    ASSERT_FALSE(writer);
    EXPECT_NE(writer.error().message().find("is no frame file"), std::string::npos);
    EXPECT_EQ(content_of(file), "This is not a frame file, however long it may be.");
    const auto created = FrameWriter::create(file);
    ASSERT_FALSE(created);
    EXPECT_NE(created.error().message().find("exists already"), std::string::npos);
    const auto reader = FrameReader::open(file);
    ASSERT_FALSE(reader);
    EXPECT_NE(reader.error().message().find("is no frame file"), std::string::npos);
    EXPECT_FALSE(FrameReader::open(path("nothing")));
    EXPECT_FALSE(FrameReader::open(folder_.path().string()));
    const std::string bytes = content_of(file);
    EXPECT_FALSE(is_frame_file(std::as_bytes(std::span(bytes))));
}

TEST_F(FrameFileTest, HasOneWriter) {
    auto first = FrameWriter::append(path("a"));
    ASSERT_TRUE(first);
    const auto second = FrameWriter::append(path("a"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), Code::busy);
    ASSERT_TRUE(first->close().ok());
    EXPECT_TRUE(FrameWriter::append(path("a")));
}

TEST_F(FrameFileTest, FlushPutsFramesIntoTheFile) {
    auto writer = FrameWriter::create(path("a"));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(numbered(1).frame()).ok());
    EXPECT_EQ(read_all(FrameReader::open(path("a"))).frames.size(), 0U);
    ASSERT_TRUE(writer->flush().ok());
    EXPECT_EQ(read_all(FrameReader::open(path("a"))).frames.size(), 1U);
    ASSERT_TRUE(writer->write(numbered(2).frame()).ok());
    ASSERT_TRUE(writer->sync().ok());
    EXPECT_EQ(read_all(FrameReader::open(path("a"))).frames.size(), 2U);
    ASSERT_TRUE(writer->close().ok());
    EXPECT_TRUE(writer->close().ok());
    ASSERT_TRUE(writer->write(numbered(3).frame()).ok());
    EXPECT_EQ(writer->flush().code(), Code::io);
}

/// Lets files of this process grow to so many bytes, as a full disk would.
class SizeLimit {
public:
    explicit SizeLimit(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    SizeLimit(const SizeLimit&) = delete;
    SizeLimit& operator=(const SizeLimit&) = delete;
    ~SizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST_F(FrameFileTest, AFullDiskLosesNothingThatWasTaken) {
    auto writer = FrameWriter::create(path("a"), {.codec = FrameCodec::none});
    ASSERT_TRUE(writer);
    std::vector<Written> frames = {numbered(0)};
    ASSERT_TRUE(writer->write(frames[0].frame()).ok());
    ASSERT_TRUE(writer->flush().ok());
    for (int i = 1; i < 100; ++i) {
        frames.push_back(numbered(i));
        ASSERT_TRUE(writer->write(frames.back().frame()).ok());
    }
    {
        const SizeLimit limit(writer->size() + 1000);
        EXPECT_EQ(writer->flush().code(), Code::io);
        EXPECT_EQ(writer->sync().code(), Code::io);
        EXPECT_EQ(fs::file_size(path("a")), writer->size()) << "no part of a block";
    }
    EXPECT_EQ(read_all(FrameReader::open(path("a"))).frames.size(), 1U);
    ASSERT_TRUE(writer->flush().ok());
    const Content content = read_all(FrameReader::open(path("a")));
    EXPECT_EQ(content.frames, frames);
    EXPECT_FALSE(content.losses.any());
}

TEST_F(FrameFileTest, AFileThatCannotBeBegunIsNotLeftBehind) {
    const SizeLimit limit(10);
    EXPECT_FALSE(FrameWriter::create(path("a")));
    EXPECT_FALSE(fs::exists(path("a")));
}

TEST_F(FrameFileTest, GoesOnFromTheStartOfAPiece) {
    const std::string bytes = write_blocks("a", 4, 5, FrameCodec::zstd);
    auto reader = FrameReader::over(std::as_bytes(std::span(bytes)));
    ASSERT_TRUE(*reader->skip());
    EXPECT_TRUE(reader->piece().frames.empty());
    EXPECT_EQ(reader->piece().first_time, frame_start_time);
    EXPECT_EQ(reader->piece().last_time, frame_start_time + 4 * millisecond);
    ASSERT_TRUE(*reader->next());
    const std::uint64_t offset = reader->piece().offset;
    EXPECT_EQ(reader->piece().first_record, 5U);
    auto again = FrameReader::over(std::as_bytes(std::span(bytes)));
    again->seek(offset, 5);
    const Content content = read_all(std::move(again));
    ASSERT_EQ(content.frames.size(), 15U);
    EXPECT_EQ(content.frames[0], numbered(5));
    EXPECT_FALSE(content.losses.any());
}

TEST_F(FrameFileTest, ANewerVersionIsRefused) {
    std::string bytes = write_blocks("a", 1, 5, FrameCodec::zstd);
    bytes[8] = 2;
    const std::uint64_t hash = XXH3_64bits(bytes.data(), 20);
    std::memcpy(bytes.data() + 20, &hash, sizeof(hash));
    const auto reader = FrameReader::over(std::as_bytes(std::span(bytes)));
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code(), Code::unsupported);
    EXPECT_NE(reader.error().message().find("version 2 (created by test)"), std::string::npos);
}

}  // namespace
}  // namespace spillway::testing
