#include <cstring>
#include <filesystem>

#include <gmock/gmock.h>

#include "testing/sink_fixture.hpp"

namespace spillway::file {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;
using spillway::testing::content_of;

class Resume : public testing::SinkTest {
protected:
    static Options options(std::int64_t rotate = 0, std::int64_t keep = 5) {
        Options options;
        options.path = "out.jsonl";
        options.rotate = rotate;
        options.keep = keep;
        options.fsync = false;
        return options;
    }
    /// Writes rows 0 to 4, ends the epoch, writes on and is killed (nothing flushes or closes but
    /// the rows are in the file).
    Bytes run_killed_after(int end, const Options& with) {
        FileSink sink;
        sink.options = with;
        EXPECT_TRUE(open(sink));
        EXPECT_TRUE(write(sink, 0, 5));
        EXPECT_TRUE(sink.flush(1));
        at_epoch_ = content_of(file());
        Bytes position = position_of(sink);
        EXPECT_TRUE(write(sink, 5, end));
        EXPECT_TRUE(sink.idle());
        return position;
    }
    std::string error_of(const Bytes& position) {
        FileSink sink;
        sink.options = options();
        return std::string(open(sink, position).message());
    }
    std::string at_epoch_;
};

TEST_F(Resume, CutsOffWhatNoEpochKept) {
    const Bytes position = run_killed_after(9, options());
    ASSERT_GT(fs::file_size(file()), at_epoch_.size());
    FileSink sink;
    sink.options = options();
    ASSERT_TRUE(open(sink, position));
    EXPECT_EQ(content_of(file()), at_epoch_);
    ASSERT_TRUE(write(sink, 5, 7));
    ASSERT_TRUE(sink.close());
    EXPECT_THAT(content_of(file()), ::testing::StartsWith(at_epoch_ + R"({"kind":"trade")"));
    EXPECT_THAT(content_of(file()), ::testing::EndsWith("\"price\":6}\n"));
}

TEST_F(Resume, GoesOnWhereItWasEvenIfToldToAppend) {
    Options appending = options();
    appending.append = true;
    const Bytes position = run_killed_after(9, appending);
    FileSink sink;
    sink.options = appending;
    ASSERT_TRUE(open(sink, position));
    EXPECT_EQ(content_of(file()), at_epoch_);
}

TEST_F(Resume, ARunThatIsNotResumedStartsOverWithItsOlderFiles) {
    run_killed_after(40, options(300));
    ASSERT_TRUE(fs::exists(file("out.jsonl.2")));
    std::ofstream(file("out.jsonl.2026")) << "somebody else's";
    FileSink sink;
    sink.options = options(300);
    ASSERT_TRUE(open(sink));
    EXPECT_EQ(content_of(file()), "");
    EXPECT_FALSE(fs::exists(file("out.jsonl.1")));
    EXPECT_FALSE(fs::exists(file("out.jsonl.2")));
    EXPECT_TRUE(fs::exists(file("out.jsonl.2026")));
}

TEST_F(Resume, UndoesRotation) {
    const Bytes position = run_killed_after(20, options(600));
    ASSERT_TRUE(fs::exists(file("out.jsonl.1")));
    FileSink sink;
    sink.options = options(600);
    ASSERT_TRUE(open(sink, position));
    EXPECT_EQ(content_of(file()), at_epoch_);
    EXPECT_FALSE(fs::exists(file("out.jsonl.1")));
}

TEST_F(Resume, MoreRotationsThanFilesToKeepLoseNothingThatAnEpochNeeds) {
    for (const std::int64_t keep : {0, 1}) {
        const Bytes position = run_killed_after(60, options(300, keep));
        FileSink sink;
        sink.options = options(300, keep);
        ASSERT_TRUE(open(sink, position)) << keep;
        EXPECT_EQ(content_of(file()), at_epoch_);
    }
}

TEST_F(Resume, FilesThatNoEpochNeedsAnyMoreGo) {
    FileSink sink;
    sink.options = options(300, 1);
    ASSERT_TRUE(open(sink));
    for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) {
        ASSERT_TRUE(epoch > 2 || write(sink, 0, 20));
        ASSERT_TRUE(sink.flush(epoch));
        position_of(sink);
        EXPECT_EQ(fs::exists(file("out.jsonl.2")), epoch == 2) << epoch;
    }
    EXPECT_TRUE(fs::exists(file("out.jsonl.1")));
}

TEST_F(Resume, FindsTheFileInARestoredBackup) {
    const Bytes position = run_killed_after(20, options(600));
    for (const char* name : {"out.jsonl", "out.jsonl.1"}) {
        fs::copy_file(file(name), file("copy"));
        fs::rename(file("copy"), file(name));
    }
    FileSink sink;
    sink.options = options(600);
    ASSERT_TRUE(open(sink, position));
    EXPECT_EQ(content_of(file()), at_epoch_);
}

TEST_F(Resume, AFileThatIsGoneOrShorterOrChangedIsAClearError) {
    const Bytes position = run_killed_after(9, options());
    const std::string fix = "or start over with --fresh";
    const std::string size = std::to_string(at_epoch_.size());

    std::string text = content_of(file());
    text[at_epoch_.size() - 2] = '!';
    std::ofstream(file()) << text;
    EXPECT_THAT(error_of(position), HasSubstr("it was changed since"));

    fs::resize_file(file(), 10);
    const std::string shorter = error_of(position);
    EXPECT_THAT(shorter, HasSubstr(file().string() + ": the last checkpoint ends at byte " + size));
    EXPECT_THAT(shorter, HasSubstr("it has only 10"));
    EXPECT_THAT(shorter, HasSubstr(fix));
    EXPECT_EQ(fs::file_size(file()), 10U) << "nothing is touched";

    fs::remove(file());
    EXPECT_THAT(error_of(position), HasSubstr("it is missing"));
    EXPECT_THAT(error_of(position), HasSubstr(fix));

    std::ofstream(file()) << std::string(100'000, 'x');
    EXPECT_THAT(error_of(position), HasSubstr("neither it nor an older one"));
    EXPECT_EQ(fs::file_size(file()), 100'000U) << "nothing is touched";
}

TEST_F(Resume, ADamagedPositionIsAClearError) {
    Bytes position = run_killed_after(9, options());
    position.resize(position.size() / 2);
    EXPECT_THAT(error_of(position), HasSubstr("is damaged; start over with --fresh"));
}

TEST_F(Resume, ASinkThatIsNewInThePipelineStartsOver) {
    std::ofstream(file()) << "old\n";
    FileSink sink;
    sink.options = options();
    ASSERT_TRUE(sink.check());
    const std::string data_dir = folder_.path().string();
    ASSERT_TRUE(
        sink.open({.pipeline = "demo", .id = "out", .data_dir = data_dir, .resumed = true}));
    EXPECT_EQ(content_of(file()), "");
}

TEST_F(Resume, WhatIsNoFileHasNoPosition) {
    FileSink sink;
    sink.options = options();
    sink.options.path = "/dev/null";
    ASSERT_TRUE(sink.check());
    ASSERT_TRUE(sink.open({.pipeline = "demo", .id = "out", .data_dir = "/tmp"}));
    EXPECT_TRUE(position_of(sink).empty());
}

TEST_F(Resume, CsvKeepsItsColumnsAndHasOneHeader) {
    const ExtensionField fields[] = {{name_id("count"), NameId::none, 3},
                                     {name_id("surprise"), NameId::none, 1}};
    const auto row = [&](FileSink& sink, std::uint32_t first) {
        const BatchRef batch = BatchRef::create();
        Event& event = batch->append(Kind::extension);
        event.extension.name = name_id("liq");
        event.extension.fields = 1;
        std::memcpy(batch->extend_blob(event, sizeof(fields[0])), &fields[first],
                    sizeof(fields[0]));
        return sink.write({*batch, {nullptr, 1}});
    };
    Options csv = options();
    csv.format = Format::csv;
    csv.kind = "extension";
    Bytes position;
    {
        FileSink sink;
        sink.options = csv;
        ASSERT_TRUE(open(sink));
        ASSERT_TRUE(row(sink, 0));
        ASSERT_TRUE(sink.flush(1));
        position = position_of(sink);
    }
    FileSink sink;
    sink.options = csv;
    ASSERT_TRUE(open(sink, position));
    ASSERT_TRUE(row(sink, 1));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(content_of(file()),
              "time,receive_time,id,venue,instrument,market,name,count\n"
              "1970-01-01T00:00:00.000Z,1970-01-01T00:00:00.000Z,,,,,liq,3\n"
              "1970-01-01T00:00:00.000Z,1970-01-01T00:00:00.000Z,,,,,liq,\n");
    EXPECT_EQ(sink.dropped(), 1U);
}

}  // namespace
}  // namespace spillway::file
