// Records that nobody can use become dead letters with place and reason, and the rest goes on.

#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;

const std::string pipeline =
    "name: letters\n"
    "sources:\n"
    "  events: {type: replay, path: events}\n"
    "transforms:\n"
    "  markets: {type: normalise, inputs: [events]}\n"
    "sinks:\n"
    "  store: {type: sqlite, inputs: [markets], path: store.db}\n"
    "checkpoint: {store: store}\n";

std::string price(std::int64_t second, const std::string& venue = "binance") {
    return R"({"ts":)" + std::to_string(1'770'323'100'000 + second * 1000) + R"(,"venue":")" +
           venue + R"(","symbol":"BTCUSDT","kind":"price","price":70000.5})";
}

CommandResult run_in(const TemporaryFolder& folder) {
    return run_command({.arguments = {"run", "pipeline.yaml"}, .folder = folder.path()});
}

struct BadLine {
    std::string name;
    std::string line;
    std::string reason;  ///< a part of it
};

void PrintTo(const BadLine& line, std::ostream* out) { *out << line.name; }

const std::string start = R"({"ts":1770323101000,"venue":"binance","symbol":"BTCUSDT","kind":)";

const std::vector<BadLine> bad_lines = {
    {"no_json", "forty-two", "JSON"},
    {"half_an_object", R"({"ts":1770323101000,"venue":)", "JSON"},
    {"two_objects", price(1) + price(1), "more than one"},
    {"nan", start + R"("price","price":NaN})", "price"},
    {"infinite", start + R"("price","price":1e400})", "price: not a number, or too large"},
    {"negative_price", start + R"("price","price":-1})", "price: -1 is out of range"},
    {"huge", start + R"("price","price":1e300})", "price: 1e+300 is out of range"},
    {"text_for_a_number", start + R"("price","price":"70000"})", "price"},
    {"year_55000",
     R"({"ts":1673299500000000,"venue":"binance","symbol":"BTCUSDT","kind":"price","price":1})",
     "ts: 1673299500000000 is not in the years 2009 to 2100"},
    {"unknown_kind", start + R"("rumour"})", "kind: unknown value 'rumour'"},
    {"missing_key", start + R"("price"})", "price"},
    {"invalid_utf8",
     "{\"ts\":1770323101000,\"venue\":\"bin\xff\xfe\",\"symbol\":\"BTCUSDT\",\"kind\":\"price\","
     "\"price\":1}",
     "UTF-8"},
    {"zero_byte", start + std::string("\"pri\0ce\"}", 9), "JSON"},
};

class BadRecord : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadRecord, IsADeadLetterAndTheRestGoesOn) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    folder.write("events", price(0) + '\n' + GetParam().line + '\n' + price(2) + '\n');
    const CommandResult result = run_in(folder);
    EXPECT_EQ(result.code, 0) << result.err;
    const Database store(folder / "store.db");
    EXPECT_EQ(store.value("SELECT count(*) FROM prices"), "2");
    EXPECT_EQ(store.value("SELECT count(*) FROM dead_letters"), "1");
    EXPECT_EQ(store.value("SELECT node FROM dead_letters"), "events");
    EXPECT_EQ(store.value("SELECT place FROM dead_letters"), "events:2");
    EXPECT_THAT(store.value("SELECT reason FROM dead_letters"), HasSubstr(GetParam().reason));
    EXPECT_EQ(store.value("SELECT length(raw) FROM dead_letters"),
              std::to_string(GetParam().line.size()));
    EXPECT_THAT(result.out, HasSubstr("1 dead letters"));
}

INSTANTIATE_TEST_SUITE_P(Lines, BadRecord, ::testing::ValuesIn(bad_lines),
                         [](const auto& test) { return test.param.name; });

TEST(BadRecords, KeepTheirNodeWhenATransformRefusesThem) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    folder.write("events", R"({"ts":1770323101000,"venue":"binance","symbol":"BTC USDT",)"
                           R"("kind":"price","price":1})");
    EXPECT_EQ(run_in(folder).code, 0);
    const Database store(folder / "store.db");
    EXPECT_EQ(store.value("SELECT node || ' ' || kind FROM dead_letters"), "markets price");
    EXPECT_THAT(store.value("SELECT reason FROM dead_letters"), HasSubstr("BTC USDT"));
}

TEST(BadRecords, GoToAFileIfThePipelineSaysSo) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml",
                 "sources:\n"
                 "  events: {type: replay, path: events}\n"
                 "sinks:\n"
                 "  out: {type: 'null', inputs: [events]}\n"
                 "dead_letters: {file: letters.jsonl}\n");
    folder.write("events", price(0) + "\nno json\n");
    EXPECT_EQ(run_in(folder).code, 0);
    const std::string letters = content_of(folder / "letters.jsonl");
    EXPECT_THAT(letters, HasSubstr(R"("place":"events:2")"));
    EXPECT_THAT(letters, HasSubstr(R"("raw":"no json")"));
}

/// Writes the file piece by piece: it is far smaller than what it holds.
void write_long_line(const std::filesystem::path& file, std::size_t megabytes) {
    gzFile stream = gzopen(file.c_str(), "wb1");
    const auto put = [&](const std::string& text) {
        gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
    };
    put(price(0) + "\n{\"venue\":\"");
    const std::string piece(1 << 20, 'x');
    for (std::size_t i = 0; i < megabytes; ++i) put(piece);
    put("\"}\n" + price(2) + '\n');
    gzclose(stream);
}

TEST(LongLine, IsADeadLetterOfBoundedSize) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    write_long_line(folder / "events", 100);
    const CommandResult result = run_in(folder);
    EXPECT_EQ(result.code, 0) << result.err;
    const Database store(folder / "store.db");
    EXPECT_EQ(store.value("SELECT count(*) FROM prices"), "2");
    EXPECT_EQ(store.value("SELECT place FROM dead_letters"), "events:2");
    EXPECT_THAT(store.value("SELECT reason FROM dead_letters"), HasSubstr("max_line"));
    EXPECT_EQ(store.value("SELECT length(raw) BETWEEN 1000 AND 65536 FROM dead_letters"), "1");
    EXPECT_LT(std::filesystem::file_size(folder / "store.db"), 1U << 20);
}

TEST(TruncatedFile, IsAnErrorAtTheEndAndKeepsWhatCameBefore) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    gzFile stream = gzopen((folder / "whole").c_str(), "wb");
    for (int i = 0; i < 20'000; ++i) gzprintf(stream, "%s\n", price(i).c_str());
    gzclose(stream);
    const std::string whole = content_of(folder / "whole");
    folder.write("events", std::string_view(whole).substr(0, whole.size() / 2));
    const CommandResult result = run_in(folder);
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("events: events: bad gzip data at byte"));
    EXPECT_THAT(result.err, HasSubstr("truncated"));
    const Database store(folder / "store.db");
    const std::string rows = store.value("SELECT count(*) FROM prices");
    EXPECT_GT(std::stoi(rows), 5000);
    EXPECT_THAT(result.err, HasSubstr(rows + " lines were read"));
}

TEST(EmptyFile, IsARunWithoutRecords) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    folder.write("events", "");
    const CommandResult result = run_in(folder);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("0 records"));
}

}  // namespace
}  // namespace spillway::testing
