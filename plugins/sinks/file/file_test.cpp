#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spillway/event_json.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "sink.hpp"

namespace spillway::file {
namespace {

using spillway::testing::content_of;
using spillway::testing::TemporaryFolder;
using ::testing::HasSubstr;
namespace fs = std::filesystem;
constexpr Time noon = 1'770'292'800 * second;

std::size_t lines(const fs::path& path) {
    const std::string text = content_of(path);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

class FileTest : public ::testing::Test {
protected:
    Status open(FileSink& sink, bool fresh = false) {
        if (Status status = sink.check(); !status) return status;
        const std::string data_dir = folder_.path().string();
        return sink.open({.pipeline = "demo", .id = "out", .data_dir = data_dir, .fresh = fresh});
    }
    static Status write(FileSink& sink, std::uint32_t rows, Kind kind = Kind::trade) {
        const BatchRef batch = BatchRef::create();
        for (std::uint32_t i = 0; i < rows; ++i) {
            Event& event = batch->append(kind);
            event.event_time = event.receive_time = noon + i;
            event.venue = venue_id("a,b");
            event.trade.price = 1.5;
            event.set_present(field::trade::price);
        }
        return sink.write({*batch, {nullptr, rows}});
    }

    TemporaryFolder folder_;
};

TEST_F(FileTest, OneJsonObjectALineInsideTheDataDirectory) {
    FileSink sink;
    sink.options.path = "deep/er/out.jsonl";
    ASSERT_TRUE(open(sink));
    ASSERT_TRUE(write(sink, 2));
    ASSERT_TRUE(sink.flush(1));
    const fs::path path = folder_ / sink.options.path;
    EXPECT_EQ(lines(path), 2U);
    EXPECT_THAT(content_of(path), HasSubstr(R"({"kind":"trade","time":"2026-02-05T12:00:00.000Z",)"
                                            R"("venue":"a,b","price":1.5})"));
    struct stat info {};
    ::stat(path.c_str(), &info);
    EXPECT_EQ(info.st_mode & 0777U & ~0640U, 0U);
    ASSERT_TRUE(sink.close());
    EXPECT_FALSE(fs::exists(path.string() + ".lock"));
}

TEST_F(FileTest, ARunStartsOverUnlessToldToAppend) {
    for (const bool append : {false, true}) {
        FileSink sink;
        sink.options.path = "out.jsonl";
        sink.options.append = append;
        ASSERT_TRUE(open(sink));
        ASSERT_TRUE(write(sink, 3));
        ASSERT_TRUE(sink.close());
        EXPECT_EQ(lines(folder_ / "out.jsonl"), append ? 6U : 3U);
    }
    FileSink sink;
    sink.options.path = "out.jsonl";
    sink.options.append = true;
    ASSERT_TRUE(open(sink, true));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(lines(folder_ / "out.jsonl"), 0U);
}

TEST_F(FileTest, AppendingNeverContinuesHalfALine) {
    std::ofstream(folder_ / "out.jsonl") << "{\"kind\":";
    FileSink sink;
    sink.options.path = "out.jsonl";
    sink.options.append = true;
    ASSERT_TRUE(open(sink));
    ASSERT_TRUE(write(sink, 1));
    ASSERT_TRUE(sink.close());
    EXPECT_THAT(content_of(folder_ / "out.jsonl"), HasSubstr("{\"kind\":\n{\"kind\":\"trade\""));
}

TEST_F(FileTest, ASecondRunIsRefusedAndToldWhoHoldsTheFile) {
    FileSink first, second;
    first.options.path = second.options.path = "out.jsonl";
    ASSERT_TRUE(open(first));
    ASSERT_TRUE(write(first, 1));
    const Status status = open(second);
    EXPECT_EQ(status.code(), Code::busy);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("process " + std::to_string(::getpid()) + " (pipeline demo)"));
    ASSERT_TRUE(first.close());
    EXPECT_EQ(lines(folder_ / "out.jsonl"), 1U);
    EXPECT_TRUE(open(second));
}

TEST_F(FileTest, RotationKeepsTheNewestFilesAndWholeLines) {
    FileSink sink;
    sink.options.path = "out.jsonl";
    sink.options.rotate = 1000;
    sink.options.keep = 2;
    ASSERT_TRUE(open(sink));
    ASSERT_TRUE(write(sink, 60));
    ASSERT_TRUE(sink.close());
    for (const char* name : {"out.jsonl.1", "out.jsonl.2"}) {
        EXPECT_GE(fs::file_size(folder_ / name), 1000U);
        EXPECT_LT(fs::file_size(folder_ / name), 1200U);
        EXPECT_THAT(content_of(folder_ / name), ::testing::EndsWith("}\n"));
    }
    EXPECT_FALSE(fs::exists(folder_ / "out.jsonl.3"));
}

TEST_F(FileTest, CsvHasAColumnAFieldAndQuotesText) {
    FileSink sink;
    sink.options.path = "out.csv";
    sink.options.format = Format::csv;
    EXPECT_EQ(sink.check().subject(), "kind");
    sink.options.kind = "trade";
    ASSERT_TRUE(open(sink));
    ASSERT_TRUE(write(sink, 1));
    ASSERT_TRUE(write(sink, 1, Kind::price));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(content_of(folder_ / "out.csv"),
              "time,receive_time,id,venue,instrument,market,price,quantity,side\n"
              "2026-02-05T12:00:00.000Z,2026-02-05T12:00:00.000Z,,\"a,b\",,,1.5,,\n");
}

TEST_F(FileTest, CsvColumnsOfExtensionsAreThoseOfTheFirstRow) {
    FileSink sink;
    sink.options.path = "out.csv";
    sink.options.format = Format::csv;
    sink.options.kind = "extension";
    ASSERT_TRUE(open(sink));
    const BatchRef batch = BatchRef::create();
    const ExtensionField fields[] = {{name_id("side"), name_id("long"), 0},
                                     {name_id("count"), NameId::none, 3},
                                     {name_id("surprise"), NameId::none, 1}};
    for (const std::uint32_t count : {2U, 3U, 1U}) {
        Event& event = batch->append(Kind::extension);
        event.extension.name = name_id("liq");
        event.extension.fields = count;
        std::memcpy(batch->extend_blob(event, sizeof(fields)), fields, sizeof(fields));
    }
    ASSERT_TRUE(sink.write({*batch, {nullptr, 3}}));
    ASSERT_TRUE(sink.close());
    const std::string text = content_of(folder_ / "out.csv");
    EXPECT_THAT(text, HasSubstr("market,name,side,count\n"));
    EXPECT_THAT(text, HasSubstr(",liq,long,3\n"));
    EXPECT_THAT(text, HasSubstr(",liq,long,\n"));
    EXPECT_EQ(sink.dropped(), 1U);
}

TEST_F(FileTest, PlacesThatCannotBeWrittenAreNamed) {
    std::ofstream(folder_ / "plain") << "x";
    FileSink below_a_file, a_folder;
    below_a_file.options.path = "plain/out.jsonl";
    EXPECT_THAT(std::string(open(below_a_file).message()), HasSubstr("plain"));
    fs::create_directory(folder_ / "folder");
    a_folder.options.path = "folder";
    const Status status = open(a_folder);
    EXPECT_EQ(status.code(), Code::io);
    EXPECT_THAT(std::string(status.message()), HasSubstr("Is a directory"));
}

TEST(OutputFile, AFullDiskIsAClearError) {
    OutputFile file;
    ASSERT_TRUE(file.open("/dev/full", false, {}));
    append(file.pending(), "line\n");
    const Status status = file.write();
    EXPECT_EQ(status.code(), Code::io);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("cannot write /dev/full: No space left on device; free space"));
}

}  // namespace
}  // namespace spillway::file
