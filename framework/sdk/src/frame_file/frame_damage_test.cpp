#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/detail/frame_format.hpp>
#include <spillway/testing/frame_files.hpp>

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

TEST_F(FrameFileTest, DamageOfOneByteCostsNoOtherBlockAndIsTold) {
    for (const FrameCodec codec : {FrameCodec::none, FrameCodec::zstd}) {
        ends_.clear();
        const std::string file = codec == FrameCodec::none ? "plain" : "packed";
        const std::string whole = write_blocks(file, 4, 5, codec);
        std::vector<Written> all = read_bytes(whole).frames;
        ASSERT_EQ(all.size(), 20U);
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const int change : {0x01, 0x80, 0xFF}) {
                std::string damaged = whole;
                damaged[at] = static_cast<char>(damaged[at] ^ change);
                const Content content = read_bytes(damaged);
                EXPECT_EQ(content.error, "") << at;
                EXPECT_EQ(content.losses.blocks, 1U) << at;
                // The block with this byte; the file's header counts as a part of the first.
                std::size_t hit = 0;
                while (hit < 3 && at >= ends_[hit]) ++hit;
                const std::size_t first = hit * 5;
                std::vector<Written> others;
                for (const Written& frame : content.frames) {
                    const auto i =
                        static_cast<std::size_t>((frame.time - frame_start_time) / millisecond);
                    ASSERT_LT(i, 20U);
                    EXPECT_EQ(frame, all[i]) << at;
                    if (i < first || i >= first + 5) others.push_back(frame);
                }
                EXPECT_EQ(others.size(), 15U) << at;
                // What is lost is known, but where the last block's header is lost.
                const bool last_header = hit == 3 && at < ends_[2] + sizeof(detail::BlockHeader);
                if (!last_header) {
                    EXPECT_EQ(content.frames.size() + content.losses.records, 20U) << at;
                }
            }
        }
    }
}

TEST_F(FrameFileTest, DamageOfARecordsBytesCostsThatRecordOnly) {
    const std::string whole = write_blocks("a", 1, 5, FrameCodec::none);
    std::string damaged = whole;
    damaged[damaged.find(R"("E":2)")] = 'X';
    const Content content = read_bytes(damaged);
    EXPECT_EQ(content.frames,
              (std::vector<Written>{numbered(0), numbered(1), numbered(3), numbered(4)}));
    ASSERT_EQ(content.damages.size(), 1U);
    EXPECT_EQ(content.damages[0].frames_before, 2U);
    EXPECT_EQ(content.damages[0].records, 1U);
    EXPECT_EQ(content.losses.records, 1U);
    EXPECT_EQ(content.losses.blocks, 1U);
    EXPECT_FALSE(content.losses.truncated);
}

TEST_F(FrameFileTest, ReadingGoesOnBehindBytesThatWereLostOrAdded) {
    const std::string whole = write_blocks("a", 4, 50, FrameCodec::zstd);
    for (const std::uint64_t at : {ends_[0] + 3, ends_[0] + 70, ends_[1] - 3}) {
        for (const int change : {-40, -2, 3, 100'000}) {
            std::string damaged = whole;
            if (change < 0) {
                damaged.erase(at, static_cast<std::size_t>(-change));
            } else {
                damaged.insert(at, static_cast<std::size_t>(change), 'x');
            }
            const Content content = read_bytes(damaged);
            EXPECT_EQ(content.error, "");
            EXPECT_TRUE(content.losses.any());
            ASSERT_GE(content.frames.size(), 100U) << at << ' ' << change;
            for (int i = 0; i < 50; ++i) {
                const auto k = static_cast<std::size_t>(i);
                EXPECT_EQ(content.frames[k], numbered(i));
                EXPECT_EQ(content.frames[content.frames.size() - 50 + k], numbered(150 + i));
            }
        }
    }
}

TEST_F(FrameFileTest, AMissingBlockIsTold) {
    std::string bytes = write_blocks("a", 3, 5, FrameCodec::none);
    bytes.erase(ends_[0], ends_[1] - ends_[0]);
    const Content content = read_bytes(bytes);
    EXPECT_EQ(content.frames.size(), 10U);
    EXPECT_EQ(content.losses.records, 5U);
}

TEST_F(FrameFileTest, FilesBehindEachOtherAreOneFile) {
    const std::string bytes = write_blocks("a", 2, 5, FrameCodec::none);
    const Content content = read_bytes(bytes + bytes);
    EXPECT_EQ(content.frames.size(), 20U);
    EXPECT_EQ(content.losses.records, 0U);
    ASSERT_EQ(content.damages.size(), 1U) << "the header in the middle";
}

TEST_F(FrameFileTest, TruncatedAnywhereGivesEveryWholeBlock) {
    for (const FrameCodec codec : {FrameCodec::none, FrameCodec::zstd}) {
        ends_.clear();
        const std::string file = codec == FrameCodec::none ? "plain" : "packed";
        const std::string whole = write_blocks(file, 3, 4, codec);
        const std::uint64_t header = 16 + 4 + 8;
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const Content content = read_bytes(whole.substr(0, size));
            EXPECT_EQ(content.error, "") << size;
            std::size_t blocks = 0;
            while (blocks < 3 && ends_[blocks] <= size) ++blocks;
            EXPECT_EQ(content.frames.size(), 4 * blocks) << size;
            const bool clean = size == header || (blocks > 0 && ends_[blocks - 1] == size);
            EXPECT_EQ(content.losses.truncated, !clean && size > 0) << size;
        }
    }
}

TEST_F(FrameFileTest, AppendingCutsATornTailAndGoesOn) {
    const std::string whole = write_blocks("a", 2, 5, FrameCodec::zstd);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string file = put("torn", whole.substr(0, size));
        const std::vector<Written> before = read_all(FrameReader::open(file)).frames;
        {
            auto writer = FrameWriter::append(file, {.created_by = "test"});
            ASSERT_TRUE(writer) << writer.error().message();
            EXPECT_EQ(writer->records(), before.size());
            ASSERT_TRUE(writer->write(numbered(77).frame()).ok());
        }
        const Content content = read_all(FrameReader::open(file));
        EXPECT_FALSE(content.losses.any()) << size;
        std::vector<Written> expected = before;
        expected.push_back(numbered(77));
        EXPECT_EQ(content.frames, expected) << size;
        fs::remove(file);
    }
}

TEST_F(FrameFileTest, AppendingKeepsDamageThatIsNoTornTail) {
    std::string bytes = write_blocks("a", 2, 5, FrameCodec::none);
    bytes[ends_[0] + 5] = 'X';
    bytes.append(200, 'j');
    const std::string file = put("damaged", bytes);
    {
        auto writer = FrameWriter::append(file);
        ASSERT_TRUE(writer);
        EXPECT_EQ(writer->cut(), 0U);
        ASSERT_TRUE(writer->write(numbered(77).frame()).ok());
    }
    EXPECT_EQ(content_of(file).substr(0, bytes.size()), bytes);
    const Content content = read_all(FrameReader::open(file));
    ASSERT_EQ(content.frames.size(), 6U);
    EXPECT_EQ(content.frames.back(), numbered(77));
    EXPECT_EQ(content.losses.blocks, 1U);
}

TEST_F(FrameFileTest, IsRecognisedWithADamagedStart) {
    std::string bytes = write_blocks("a", 1, 5, FrameCodec::zstd);
    EXPECT_TRUE(is_frame_file(std::as_bytes(std::span(bytes))));
    bytes[0] = 'X';
    EXPECT_TRUE(is_frame_file(std::as_bytes(std::span(bytes))));
    EXPECT_FALSE(is_frame_file({}));
}

}  // namespace
}  // namespace spillway::testing
