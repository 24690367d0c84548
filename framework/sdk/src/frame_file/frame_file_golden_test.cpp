// Bytes that must never change: files of every released version, and the documentation.

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/frame_reader.hpp>
#include <spillway/frame_writer.hpp>
#include <spillway/testing/temporary_folder.hpp>

namespace spillway {
namespace {

using testing::content_of;

constexpr Time start_time = 1'770'323'100 * second;  // 2026-02-05T20:25:00Z
const std::filesystem::path source_dir = SPILLWAY_SOURCE_DIR;

struct Listed {
    Time time;
    std::string venue, channel, bytes;
    std::uint32_t session;
    std::uint16_t status;
    FrameType type;
    bool binary;
};

void expect_listed(FrameReader& reader, const std::vector<Listed>& frames) {
    std::size_t next = 0;
    for (Result<bool> more = reader.next(); more && *more; more = reader.next()) {
        EXPECT_TRUE(reader.piece().damages.empty());
        for (const Frame& frame : reader.piece().frames) {
            ASSERT_LT(next, frames.size());
            const Listed& expected = frames[next++];
            EXPECT_EQ(frame.receive_time, expected.time);
            EXPECT_EQ(text_of(frame.venue), expected.venue);
            EXPECT_EQ(text_of(frame.channel), expected.channel);
            EXPECT_EQ(frame.bytes, expected.bytes);
            EXPECT_EQ(frame.session, expected.session);
            EXPECT_EQ(frame.http_status, expected.status);
            EXPECT_EQ(frame.type, expected.type);
            EXPECT_EQ(frame.binary, expected.binary);
        }
    }
    EXPECT_EQ(next, frames.size());
}

TEST(FrameFileGolden, Version1IsReadForEver) {
    std::string instruments = "[";
    for (int i = 0; i < 200; ++i) {
        instruments += R"({"instId":"BTC-USDT-SWAP","ctVal":"0.01"},)";
    }
    instruments.back() = ']';
    auto reader = FrameReader::open((source_dir / "tests/data/frames/v1.frames").string());
    ASSERT_TRUE(reader) << reader.error().message();
    EXPECT_EQ(reader->version(), 1);
    EXPECT_EQ(reader->created_by(), "golden file of version 1");
    expect_listed(
        *reader, {{start_time, "binance", "", "", 1, 0, FrameType::opened, false},
                  {start_time + 1, "binance", "!forceOrder@arr", R"({"result":null,"id":1})", 1, 0,
                   FrameType::subscribed, false},
                  {start_time + 500 * millisecond, "binance", "!forceOrder@arr",
                   R"({"e":"forceOrder","E":1770323100499})", 1, 0, FrameType::data, false},
                  {start_time + 2 * second, "okx", "instruments?instType=SWAP", instruments, 0, 200,
                   FrameType::response, false},
                  {start_time + 2 * second, "okx", "trades", std::string("\x00\xFF\x1F", 3),
                   4294967295U, 0, FrameType::data, true},
                  {start_time + 3 * second + 7, "binance", "", "missed 12 messages", 1, 0,
                   FrameType::gap, false},
                  {start_time + 4 * second, "binance", "", "", 1, 0, FrameType::closed, false}});
}

/// The bytes of the first ```hexdump of a page: offset, then 16 bytes a line.
std::string hexdump_of(const std::string& page) {
    constexpr std::size_t first_column = 10, last_column = 58;
    const std::string fence = "```hexdump\n";
    std::string bytes;
    std::size_t at = page.find(fence);
    if (at == std::string::npos) return bytes;
    at += fence.size();
    while (page.compare(at, 3, "```") != 0) {
        const std::string line = page.substr(at, page.find('\n', at) - at);
        EXPECT_EQ(std::strtoul(line.substr(0, 8).c_str(), nullptr, 16), bytes.size()) << line;
        const std::string digits = line.substr(first_column, last_column - first_column);
        char* next = nullptr;
        for (const char* digit = digits.c_str();; digit = next) {
            const auto value = std::strtoul(digit, &next, 16);
            if (next == digit) break;
            bytes += static_cast<char>(value);
        }
        at += line.size() + 1;
    }
    return bytes;
}

TEST(FrameFileGolden, TheExampleOfTheDocumentationIsWhatIsWritten) {
    const std::string example = hexdump_of(content_of(source_dir / "docs/frame-files.md"));
    const testing::TemporaryFolder folder;
    const std::string file = folder / "example.frames";
    {
        auto writer =
            FrameWriter::create(file, {.codec = FrameCodec::none, .created_by = "example"});
        ASSERT_TRUE(writer);
        const VenueId okx = venue_id("okx");
        ASSERT_TRUE(
            writer->write({start_time, 0, "", 1, NameId::none, okx, 0, FrameType::opened, false})
                .ok());
        ASSERT_TRUE(writer
                        ->write({start_time + 1, 0, R"({"px":"64000"})", 1, name_id("trades"), okx,
                                 0, FrameType::data, false})
                        .ok());
        ASSERT_TRUE(writer->close().ok());
    }
    EXPECT_EQ(content_of(file), example);
}

}  // namespace
}  // namespace spillway
