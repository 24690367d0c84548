#include <csignal>
#include <fstream>
#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using testing::Events;
using ::testing::HasSubstr;
using testing::Reader;

/// Runs `body` in a child process, whose limits and user are its own, and answers what it says.
std::string in_child(const std::function<std::string()>& body) {
    int ends[2];
    if (pipe(ends) != 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
        const std::string said = body();
        const ssize_t written = write(ends[1], said.data(), said.size());
        _exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    close(ends[1]);
    std::string said;
    char buffer[512];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof(buffer))) > 0;) {
        said.append(buffer, static_cast<std::size_t>(n));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? said : "child died: " + said;
}

std::string text_of_error(const Status& status) {
    return std::to_string(static_cast<int>(status.code())) + " " + std::string(status.message());
}
std::string code_text(Code code) { return std::to_string(static_cast<int>(code)) + " "; }

class Faults : public testing::StoreTest {
protected:
    /// The error of opening the store again; "opened" if there is none.
    std::string open_error(const std::filesystem::path& path,
                           std::string_view pipeline = "second") {
        StoreSettings again = settings;
        again.database.path = path;
        again.database.busy_timeout = 0;
        auto opened = Store::open(again, pipeline);
        return opened ? "opened" : text_of_error(opened.error());
    }
    /// As an ordinary user: root may write everywhere.
    static bool drop_privileges() { return geteuid() != 0 || setuid(65'534) == 0; }
};

TEST_F(Faults, ASecondWriterIsRefusedAndToldWhoHoldsTheStore) {
    open();
    const std::string error = open_error(file());
    EXPECT_THAT(error, HasSubstr(code_text(Code::busy) + file().string()));
    EXPECT_THAT(error, HasSubstr("pipeline 'demo' (process " + std::to_string(getpid()) + ")"));
    EXPECT_THAT(error, HasSubstr("since 20"));
    EXPECT_THAT(in_child([&] { return open_error(file()); }), HasSubstr("pipeline 'demo'"));
    store.reset();
    EXPECT_EQ(open_error(file()), "opened");
}

TEST_F(Faults, ALockFileThatWasLeftBehindIsHarmless) {
    std::ofstream(file().string() + ".lock") << "pipeline 'old' (process 1)\n";
    EXPECT_EQ(open_error(file()), "opened");
}

TEST_F(Faults, AWriterThatDiedLeavesNoLock) {
    const std::string said = in_child([&] {
        open();
        Events events;
        events.liquidation(1, 1);
        store_all(events);
        events.batch()[0].id = {0, 2};
        static_cast<void>(store->write(events.batch(), events.rows()));
        return std::string("written");  // _exit: nothing is closed
    });
    ASSERT_EQ(said, "written");
    EXPECT_EQ(open_error(file()), "opened");
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1") << "only the ended epoch";
}

TEST_F(Faults, AReadOnlyFolderIsNamedWithTheFix) {
    const auto locked = folder() / "locked";
    std::filesystem::create_directory(locked);
    std::filesystem::permissions(locked, std::filesystem::perms(0555));
    std::filesystem::permissions(folder(), std::filesystem::perms(0755));
    const std::string error = in_child([&] {
        return drop_privileges() ? open_error(locked / "spillway.db") : std::string("no user");
    });
    EXPECT_THAT(error, HasSubstr(code_text(Code::io) + (locked / "spillway.db.lock").string()));
    EXPECT_THAT(error, HasSubstr("Permission denied; the folder must be writable"));
    const std::string nested = in_child([&] {
        return drop_privileges() ? open_error(locked / "a" / "b.db") : std::string("no user");
    });
    EXPECT_THAT(nested, HasSubstr("cannot create this folder: Permission denied"));
    EXPECT_TRUE(std::filesystem::is_empty(locked));
}

TEST_F(Faults, AReadOnlyFileIsNamedWithTheFix) {
    open();
    store.reset();
    std::filesystem::permissions(file(), std::filesystem::perms(0444));
    std::filesystem::permissions(file().string() + ".lock", std::filesystem::perms(0666));
    std::filesystem::permissions(folder(), std::filesystem::perms(0777));
    const std::string error =
        in_child([&] { return drop_privileges() ? open_error(file()) : std::string("no user"); });
    EXPECT_THAT(error, HasSubstr(code_text(Code::io) + file().string()));
    EXPECT_THAT(error, HasSubstr("must be writable by this user"));
}

TEST_F(Faults, AFullDiskIsToldAndWhatWasCommittedStaysReadable) {
    const std::string said = in_child([&] {
        open();
        Events first;
        first.liquidation(1, 1);
        store_all(first);
        // A limit on the size of files, as a quota or a full disk would.
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1 << 20, 1 << 20};
        setrlimit(RLIMIT_FSIZE, &limit);
        for (std::uint64_t epoch = 2; epoch < 100; ++epoch) {
            Events events;
            for (std::uint64_t id = 0; id < 1'000; ++id) events.liquidation(epoch << 32U | id, 1);
            Status status = store->write(events.batch(), events.rows());
            if (status.ok()) status = store->commit(epoch);
            if (status.ok()) continue;
            const bool dead =
                !store->commit(epoch).ok() && !store->write(events.batch(), events.rows()).ok();
            return text_of_error(status) + (dead ? "" : " but went on");
        }
        return std::string("never full");
    });
    EXPECT_THAT(said, HasSubstr(code_text(Code::io) + file().string()));
    EXPECT_THAT(said, HasSubstr("full: make room and run again"));
    EXPECT_THAT(said, ::testing::Not(HasSubstr("went on")));
    EXPECT_EQ(value("SELECT count(*) % 1000 FROM liquidations"), "1") << "whole epochs";
    EXPECT_EQ(value("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(open_error(file()), "opened");
}

TEST_F(Faults, ALockOfAnotherProgramIsToldAsBusy) {
    open();
    Reader shell(file());
    ASSERT_TRUE(shell.rows("BEGIN IMMEDIATE").empty());
    Events events;
    events.liquidation(1, 1);
    const Status status = store->write(events.batch(), events.rows());
    EXPECT_EQ(status.code(), Code::busy);
    EXPECT_THAT(std::string(status.message()), HasSubstr(file().string()));
    EXPECT_THAT(std::string(status.message()), HasSubstr("another program holds a lock on it"));
    store.reset();
    EXPECT_THAT(open_error(file()), HasSubstr(code_text(Code::busy)));
    shell.rows("COMMIT");
    EXPECT_EQ(open_error(file()), "opened");
}

TEST_F(Faults, ReadersDoNotStopTheWriter) {
    open();
    Reader shell(file());
    shell.rows("BEGIN; SELECT count(*) FROM liquidations");
    Events events;
    events.liquidation(1, 1);
    store_all(events);
    EXPECT_EQ(shell.value("SELECT count(*) FROM liquidations"), "0");
    shell.rows("COMMIT");
    EXPECT_EQ(shell.value("SELECT count(*) FROM liquidations"), "1");
}

TEST_F(Faults, AFileThatIsNoDatabaseIsLeftAlone) {
    const std::string text(4'096, 'x');
    std::ofstream(file()) << text;
    EXPECT_THAT(open_error(file()), HasSubstr("this is not a SQLite database"));
    EXPECT_EQ(std::filesystem::file_size(file()), text.size());
}

TEST_F(Faults, TheDatabaseOfAnotherProgramIsLeftAlone) {
    Reader(file()).rows("CREATE TABLE theirs (a)");
    EXPECT_THAT(open_error(file()), HasSubstr("belongs to another program"));
    EXPECT_EQ(value("PRAGMA journal_mode"), "delete");
    EXPECT_EQ(value("SELECT name FROM sqlite_schema"), "theirs");
}

TEST_F(Faults, ANewerStoreIsRefused) {
    open();
    store.reset();
    Reader(file()).rows("INSERT INTO schema_migrations VALUES (999, '0999_later.sql', 'x', 0)");
    EXPECT_THAT(open_error(file()), HasSubstr("schema version 999"));
}

}  // namespace
}  // namespace spillway::sqlite
