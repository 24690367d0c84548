#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin.hpp"
#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using ::testing::ElementsAre;
using testing::evening;
using testing::Events;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Reader;

struct Row {
    std::string node, key, part, text;
    std::uint32_t version = 1;
};

EpochCommit commit_of(std::uint64_t epoch, const std::vector<StateRow>& rows,
                      bool finished = false) {
    return {{epoch, evening + static_cast<Time>(epoch), finished}, rows, false};
}

std::vector<StateRow> views(const std::vector<Row>& rows) {
    std::vector<StateRow> views;
    for (const Row& row : rows) {
        views.push_back({row.node, row.key, row.part, row.version,
                         std::as_bytes(std::span(row.text.data(), row.text.size()))});
    }
    return views;
}

/// Rows as `node/key/part=text v1 e2`.
struct Collected final : StateRowVisitor {
    std::vector<std::string> rows;
    void row(const StateRow& row, std::uint64_t epoch) noexcept override {
        const std::string text(reinterpret_cast<const char*>(row.bytes.data()), row.bytes.size());
        rows.push_back(std::string(row.node) + '/' + std::string(row.key) + '/' +
                       std::string(row.part) + '=' + text + " v" + std::to_string(row.version) +
                       " e" + std::to_string(epoch));
    }
};

class CheckpointRows : public testing::StoreTest {
protected:
    void open_as(std::string_view pipeline) {
        store.reset();
        settings.database.path = file();
        settings.database.busy_timeout = 0;
        auto opened = Store::open(settings, pipeline);
        ASSERT_TRUE(opened.has_value()) << opened.error().message();
        store = std::move(*opened);
    }
    Status write(std::uint64_t id) {
        Events events;
        events.liquidation(id, 1);
        return store->write(events.batch(), events.rows());
    }
    Status commit(std::uint64_t epoch, const std::vector<Row>& rows, bool starts_over = false) {
        const std::vector<StateRow> changed = views(rows);
        EpochCommit commit = commit_of(epoch, changed);
        commit.starts_over = starts_over;
        return store->commit(commit);
    }
    std::vector<std::string> loaded() {
        Collected found;
        const Result<EpochInfo> info = store->load(&found);
        EXPECT_TRUE(info.has_value());
        return found.rows;
    }
    EpochInfo info() {
        EpochInfo newest;
        const Result<EpochInfo> found = store->load(nullptr);
        EXPECT_TRUE(found.has_value());
        if (found) newest = *found;
        return newest;
    }
};

TEST_F(CheckpointRows, ANewStoreHasNone) {
    open();
    EXPECT_EQ(info().epoch, 0);
    EXPECT_FALSE(info().finished);
    EXPECT_THAT(loaded(), IsEmpty());
}

TEST_F(CheckpointRows, RowsStateAndEpochAppearAtOnceToOthersToo) {
    open();
    Reader dashboard(file());
    const char* all =
        "SELECT (SELECT count(*) FROM liquidations), "
        "(SELECT count(*) FROM pipeline_state), "
        "(SELECT count(*) FROM pipeline_epochs)";
    ASSERT_TRUE(write(1));
    EXPECT_EQ(dashboard.value(all), "0|0|0");
    ASSERT_TRUE(commit(7, {{"risk", "BTC", "", "abc", 3}, {"risk", "ETH", "days", "d"}}));
    EXPECT_EQ(dashboard.value(all), "1|2|1");
    EXPECT_EQ(dashboard.value("SELECT * FROM pipeline_epochs_utc"),
              "demo|7|2026-02-05T20:25:00.000Z|0");

    open_as("demo");
    EXPECT_EQ(info().epoch, 7);
    EXPECT_EQ(info().time, evening + 7);
    EXPECT_THAT(loaded(), ElementsAre("risk/BTC/=abc v3 e7", "risk/ETH/days=d v1 e7"));
}

TEST_F(CheckpointRows, WhatWasNotCommittedIsGone) {
    open();
    ASSERT_TRUE(write(1));
    ASSERT_TRUE(commit(1, {{"risk", "BTC", "", "one"}}));
    ASSERT_TRUE(write(2));
    open_as("demo");
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1");
    EXPECT_THAT(loaded(), ElementsAre("risk/BTC/=one v1 e1"));
}

TEST_F(CheckpointRows, AProcessThatDiesInTheMiddleLeavesTheEpochBefore) {
    const pid_t child = fork();
    if (child == 0) {
        open();
        bool ok = write(1).ok();
        const Status first = commit(1, {{"risk", "BTC", "", "one"}});
        ok = ok && first.ok() && write(2).ok();
        // Half of the second epoch, as far as it can get: all but the end of the transaction.
        CheckpointTables tables("demo");
        const std::vector<Row> rows = {{"risk", "BTC", "", "two"}};
        const std::vector<StateRow> changed = views(rows);
        ok = ok && tables.prepare(store->database()).ok() &&
             tables.store(commit_of(2, changed)) == Outcome::stored;
        _exit(ok ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
    open();
    EXPECT_EQ(info().epoch, 1);
    EXPECT_THAT(loaded(), ElementsAre("risk/BTC/=one v1 e1"));
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1");
}

TEST_F(CheckpointRows, OnlyWhatChangedIsWrittenAndEmptyBytesDelete) {
    open();
    ASSERT_TRUE(commit(1, {{"a", "k", "", "1"}, {"a", "l", "", "1"}, {"a", "l", "p", "1"}}));
    ASSERT_TRUE(commit(2, {{"a", "k", "", "2", 2}, {"a", "l", "", ""}, {"a", "none", "", ""}}));
    EXPECT_THAT(loaded(), ElementsAre("a/k/=2 v2 e2", "a/l/p=1 v1 e1"));
    ASSERT_TRUE(commit(3, {}));
    EXPECT_EQ(info().epoch, 3) << "an epoch in which nothing happened";
    EXPECT_EQ(loaded().size(), 2);
}

TEST_F(CheckpointRows, StartingOverForgetsRowsThatNobodyWritesAgain) {
    open();
    ASSERT_TRUE(commit(8, {{"a", "k", "", "1"}, {"gone", "k", "", "1"}}));
    ASSERT_TRUE(commit(1, {{"a", "k", "", "2"}}, true));
    EXPECT_THAT(loaded(), ElementsAre("a/k/=2 v1 e1"));
    EXPECT_EQ(info().epoch, 1);
}

TEST_F(CheckpointRows, AFinishedRunSaysSo) {
    open();
    ASSERT_TRUE(store->commit(commit_of(4, {}, true)));
    EXPECT_TRUE(info().finished);
    ASSERT_TRUE(store->commit(commit_of(5, {}, false)));
    EXPECT_FALSE(info().finished);
}

TEST_F(CheckpointRows, PipelinesInOneFileDoNotMix) {
    open_as("first");
    ASSERT_TRUE(commit(5, {{"risk", "BTC", "", "first"}}));
    open_as("second");
    EXPECT_EQ(info().epoch, 0);
    ASSERT_TRUE(commit(2, {{"risk", "BTC", "", "second"}}));
    ASSERT_TRUE(commit(3, {}, true));
    EXPECT_THAT(loaded(), IsEmpty());
    open_as("first");
    EXPECT_EQ(info().epoch, 5);
    EXPECT_THAT(loaded(), ElementsAre("risk/BTC/=first v1 e5"));
}

TEST_F(CheckpointRows, AFullDatabaseKeepsTheEpochBefore) {
    open();
    ASSERT_TRUE(write(1));
    ASSERT_TRUE(commit(1, {{"risk", "BTC", "", "small"}}));
    ASSERT_TRUE(store->database().execute("PRAGMA max_page_count = 1", "").ok());
    ASSERT_TRUE(write(2));
    const Status full = commit(2, {{"risk", "BTC", "", std::string(1 << 20, 'x')}});
    EXPECT_EQ(full.code(), Code::io);
    EXPECT_THAT(std::string(full.message()), HasSubstr("full: make room and run again"));
    EXPECT_EQ(commit(3, {}).message(), full.message()) << "nothing more is written";
    open_as("demo");
    EXPECT_EQ(info().epoch, 1);
    EXPECT_THAT(loaded(), ElementsAre("risk/BTC/=small v1 e1"));
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1");
}

TEST_F(CheckpointRows, AFullDiskKeepsTheEpochBefore) {
    const pid_t child = fork();
    if (child == 0) {
        open();
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1 << 20, 1 << 20};
        setrlimit(RLIMIT_FSIZE, &limit);
        std::uint64_t epoch = 1;
        Status status;
        for (; status.ok() && epoch < 100; ++epoch) {
            status = write(epoch);
            // State that grows: the last attempt does not fit.
            if (status.ok())
                status = commit(epoch, {{"a", "k", "", std::string(epoch << 15, 's')}});
        }
        const bool told = status.code() == Code::io &&
                          status.message().find("full: make room") != std::string_view::npos;
        _exit(told ? static_cast<int>(epoch) : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    const int failed_epoch = WEXITSTATUS(status) - 1;
    ASSERT_GT(failed_epoch, 1);
    open();
    const std::string last = std::to_string(failed_epoch - 1);
    EXPECT_EQ(std::to_string(info().epoch), last);
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), last);
    EXPECT_EQ(value("SELECT length(data) FROM pipeline_state"),
              std::to_string((failed_epoch - 1) << 15));
    EXPECT_EQ(value("PRAGMA integrity_check"), "ok");
}

TEST_F(CheckpointRows, ALockOfAnotherProgramIsToldAsBusy) {
    open();
    Reader shell(file());
    shell.rows("BEGIN IMMEDIATE");
    const Status status = commit(1, {{"a", "k", "", "1"}});
    EXPECT_EQ(status.code(), Code::busy);
    EXPECT_THAT(std::string(status.message()), HasSubstr("another program holds a lock on it"));
    shell.rows("COMMIT");
    open_as("demo");
    EXPECT_EQ(info().epoch, 0);
}

TEST_F(CheckpointRows, ADamagedCheckpointIsAnErrorNotAnEmptyOne) {
    open();
    ASSERT_TRUE(store->database().execute("DROP TABLE pipeline_state", "").ok());
    Collected found;
    const Result<EpochInfo> info = store->load(&found);
    ASSERT_FALSE(info.has_value());
    EXPECT_THAT(std::string(info.error().message()), HasSubstr("cannot read the checkpoint"));
}

TEST_F(CheckpointRows, FilesAreNotForEverybody) {
    const mode_t before = umask(0);
    open();
    ASSERT_TRUE(commit(1, {{"a", "k", "", "1"}}));
    umask(before);
    for (const char* ending : {"", "-wal", "-shm", ".lock"}) {
        struct stat found {};
        ASSERT_EQ(stat((file().string() + ending).c_str(), &found), 0) << ending;
        EXPECT_EQ(found.st_mode & 0777U, 0640U) << ending;
    }
}

TEST_F(CheckpointRows, TheSinkOffersThemToTheEngine) {
    SqliteSink sink;
    sink.options = {"spillway.db", "USDT", 100'000, {}, Synchronous::normal, 0};
    const std::string data = folder();
    CheckpointStore* const checkpoint = static_cast<Sink&>(sink).checkpoint_store();
    ASSERT_NE(checkpoint, nullptr);
    ASSERT_TRUE(sink.open({.pipeline = "demo", .id = "store", .data_dir = data}));
    Events events;
    events.liquidation(1, 1);
    ASSERT_TRUE(sink.write({events.batch(), events.rows()}));
    const std::vector<Row> rows = {{"risk", "BTC", "", "one"}};
    const std::vector<StateRow> changed = views(rows);
    ASSERT_TRUE(checkpoint->commit(commit_of(1, changed)));
    events.batch()[0].id = {0, 2};
    ASSERT_TRUE(sink.write({events.batch(), events.rows()}));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1");
    ASSERT_TRUE(sink.open({.pipeline = "demo", .id = "store", .data_dir = data}));
    EXPECT_EQ(checkpoint->load(nullptr)->epoch, 1);
}

}  // namespace
}  // namespace spillway::sqlite
