#include "common/input/line_reader.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <spillway/testing/temporary_folder.hpp>

#include "common/input/testing/files.hpp"

namespace spillway::input {
namespace {

constexpr std::uint64_t max_line = std::uint64_t{1} << 20U;

struct Read {
    std::vector<std::string> lines;
    std::string error;
    std::uint64_t too_long_size = 0;
};

Read read_rest(LineReader& reader) {
    Read result;
    for (;;) {
        for (Line line; reader.next(line);) {
            result.lines.emplace_back(line.text);
            if (line.too_long) result.too_long_size = line.size;
        }
        const Result<bool> more = reader.fill();
        if (!more) result.error = more.error().message();
        if (!more || !*more) return result;
    }
}

Read read_file(const std::string& path, std::uint64_t longest = max_line) {
    LineReader reader;
    EXPECT_TRUE(reader.open(path, longest).ok());
    return read_rest(reader);
}

std::string numbered_lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "line " + std::to_string(i * 7919) + "\n";
    return text;
}

class LineReaderTest : public ::testing::Test {
protected:
    testing::TemporaryFolder folder;
};

TEST_F(LineReaderTest, TakesBothLineBreaksAndALastLineWithoutOne) {
    const Read read = read_file(folder.write("a", "one\r\n\n\r\ntwo\nthree"));
    EXPECT_EQ(read.lines, (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(read.error, "");
}

TEST_F(LineReaderTest, ReadsNothingFromAnEmptyFile) {
    EXPECT_TRUE(read_file(folder.write("a", "")).lines.empty());
    EXPECT_TRUE(read_file(folder.write("b", "\n\n")).lines.empty());
}

TEST_F(LineReaderTest, LeavesAByteOrderMarkOut) {
    EXPECT_EQ(read_file(folder.write("a", "\xEF\xBB\xBFone\n")).lines,
              std::vector<std::string>{"one"});
}

TEST_F(LineReaderTest, CountsEmptyLines) {
    LineReader reader;
    ASSERT_TRUE(reader.open(folder.write("a", "\n\none\n"), max_line).ok());
    ASSERT_TRUE(reader.fill().value());
    Line line;
    ASSERT_TRUE(reader.next(line));
    EXPECT_EQ(line.number, 3U);
}

TEST_F(LineReaderTest, ReadsTheSameFromPlainGzipAndZstandard) {
    const std::string text = numbered_lines(200'000);
    const Read plain = read_file(folder.write("a", text));
    ASSERT_EQ(plain.lines.size(), 200'000U);
    EXPECT_EQ(plain.lines[199'999], "line " + std::to_string(199'999 * 7919));
    EXPECT_EQ(read_file(folder.write("b", testing::gzip(text))).lines, plain.lines);
    EXPECT_EQ(read_file(folder.write("c", testing::zstd(text))).lines, plain.lines);
}

TEST_F(LineReaderTest, ReadsFilesThatWereCompressedInParts) {
    const Read gz = read_file(folder.write("a", testing::gzip("one\ntw") + testing::gzip("o\n")));
    EXPECT_EQ(gz.lines, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(gz.error, "");
    const Read zst = read_file(folder.write("b", testing::zstd("one\ntw") + testing::zstd("o\n")));
    EXPECT_EQ(zst.lines, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(zst.error, "");
}

TEST_F(LineReaderTest, DeliversWhatIsBeforeATruncationThenSaysHowFarItGot) {
    const std::string text = numbered_lines(100'000);
    const Read whole = read_file(folder.write("whole", text));
    for (const std::string& packed : {testing::gzip(text), testing::zstd(text)}) {
        const Read read = read_file(folder.write("cut", packed.substr(0, packed.size() / 2)));
        EXPECT_NE(read.error.find("truncated"), std::string::npos) << read.error;
        EXPECT_NE(read.error.find(std::to_string(read.lines.size()) + " lines were read"),
                  std::string::npos)
            << read.error;
        ASSERT_GT(read.lines.size(), 20'000U);
        ASSERT_LT(read.lines.size(), whole.lines.size());
        EXPECT_TRUE(std::equal(read.lines.begin(), read.lines.end(), whole.lines.begin()));
    }
}

TEST_F(LineReaderTest, NamesDamagedData) {
    std::string packed = testing::gzip(numbered_lines(100'000));
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    const Read read = read_file(folder.write("a", packed));
    EXPECT_NE(read.error.find("bad gzip data"), std::string::npos) << read.error;
}

TEST_F(LineReaderTest, NeverHoldsATooLongLineWhole) {
    const std::string longest(30'000'000, 'x');
    const std::string text = "before\n" + longest + "\nafter\n";
    for (const std::string& bytes : {text, testing::gzip(text)}) {
        LineReader reader;
        ASSERT_TRUE(reader.open(folder.write("a", bytes), max_line).ok());
        const Read read = read_rest(reader);
        EXPECT_EQ(read.lines, (std::vector<std::string>{
                                  "before", std::string(LineReader::head_size, 'x'), "after"}));
        EXPECT_EQ(read.too_long_size, longest.size());
        EXPECT_LE(reader.block().get()->capacity, 4 * max_line);
        EXPECT_EQ(reader.position().bytes, text.size());
        EXPECT_EQ(reader.position().lines, 3U);
    }
}

TEST_F(LineReaderTest, TakesALineOfExactlyTheLimit) {
    for (const std::uint64_t limit : {std::uint64_t{10}, max_line}) {
        const std::string fits(limit, 'x');
        const Read good = read_file(folder.write("a", "a\n" + fits + "\nb"), limit);
        EXPECT_EQ(good.lines, (std::vector<std::string>{"a", fits, "b"}));
        EXPECT_EQ(good.too_long_size, 0U);
        EXPECT_EQ(read_file(folder.write("a", "a\n" + fits + "y\nb"), limit).too_long_size,
                  limit + 1);
        EXPECT_EQ(read_file(folder.write("a", fits + "y"), limit).too_long_size, limit + 1);
    }
}

TEST_F(LineReaderTest, GoesOnFromEveryPosition) {
    const std::string text = "\n" + numbered_lines(30) + std::string(5000, 'x') + "\nlast";
    for (const std::string& bytes : {text, testing::gzip(text), testing::zstd(text)}) {
        const std::string path = folder.write("a", bytes);
        const std::vector<std::string> all = read_file(path, 4500).lines;
        LineReader first;
        ASSERT_TRUE(first.open(path, 4500).ok());
        ASSERT_TRUE(first.fill().value());
        Line line;
        for (std::size_t taken = 1; first.next(line); ++taken) {
            LineReader second;
            ASSERT_TRUE(second.open(path, 4500).ok());
            ASSERT_TRUE(second.seek(first.position()).ok());
            EXPECT_EQ(second.position().lines, line.number);
            const std::vector<std::string> rest = read_rest(second).lines;
            EXPECT_EQ(rest, std::vector<std::string>(
                                all.begin() + static_cast<std::ptrdiff_t>(taken), all.end()));
        }
    }
}

TEST_F(LineReaderTest, RefusesAPositionBehindTheEnd) {
    for (const std::string& bytes : {std::string("one\n"), testing::gzip("one\n")}) {
        LineReader reader;
        ASSERT_TRUE(reader.open(folder.write("a", bytes), max_line).ok());
        EXPECT_FALSE(reader.seek({100, 3}).ok());
    }
}

TEST_F(LineReaderTest, LinesLiveAsLongAsTheirBlockIsHeld) {
    const std::string text = numbered_lines(200'000);
    LineReader reader;
    ASSERT_TRUE(reader.open(folder.write("a", text), max_line).ok());
    std::vector<BlockRef> held;
    std::vector<std::string_view> views;
    while (reader.fill().value()) {
        held.push_back(reader.block());
        for (Line line; reader.next(line);) views.push_back(line.text);
    }
    ASSERT_EQ(views.size(), 200'000U);
    for (std::size_t i = 0; i < views.size(); ++i) {
        ASSERT_EQ(views[i], "line " + std::to_string(i * 7919));
    }
}

TEST_F(LineReaderTest, UsesOneBlockWhenNobodyHoldsIt) {
    LineReader reader;
    ASSERT_TRUE(reader.open(folder.write("a", numbered_lines(200'000)), max_line).ok());
    const Block* const first = reader.block().get();
    while (reader.fill().value()) {
        for (Line line; reader.next(line);) {
        }
        EXPECT_EQ(reader.block().get(), first);
    }
}

TEST_F(LineReaderTest, NamesAFileThatIsNotThere) {
    LineReader reader;
    const Status status = reader.open((folder / "none").string(), max_line);
    EXPECT_EQ(status.code(), Code::io);
    EXPECT_NE(status.message().find((folder / "none").string()), std::string_view::npos);
}

}  // namespace
}  // namespace spillway::input
