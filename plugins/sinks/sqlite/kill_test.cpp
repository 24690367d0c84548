#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/testing/kill_points.hpp"
#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

namespace fs = std::filesystem;
using testing::evening;
using testing::Events;
using testing::Reader;
using testing::TemporaryFolder;

constexpr std::uint64_t epochs = 5;
constexpr std::uint64_t rows_per_epoch = 40;
constexpr std::uint64_t keys = 8;

/// What a run was doing when it died.
enum class Phase : std::uint8_t {
    opening,
    writing,     ///< the log took pages that the cache had no room for
    deleting,    ///< the same, from a statement of `retention`
    committing,  ///< the log took the rest of an epoch
    compacting,  ///< the database file took what the log held
    closing,     ///< the same at the end of a run, and the log's removal
};

/// What a process tells before it dies, in memory that it shares with the test.
struct Told {
    std::uint64_t committed = 0;  ///< the last epoch that it found, or whose commit returned
    Phase phase = Phase::opening;
};

std::string name_of(int file) {
    std::error_code none;
    return fs::read_symlink(fmt::format("/proc/self/fd/{}", file), none).filename().string();
}

bool retention_runs(sqlite3* connection) {
    sqlite3_stmt* statement = nullptr;
    while ((statement = sqlite3_next_stmt(connection, statement)) != nullptr) {
        const std::string_view sql = sqlite3_sql(statement);
        if (sqlite3_stmt_busy(statement) != 0 && sql.starts_with("DELETE FROM liquidations")) {
            return true;
        }
    }
    return false;
}

/// Runs that die between any two system calls and go on where their store says end with the rows
/// and the state of one that was left alone. The parameter: whether another program has the file
/// open all the time, so that the log's index outlives the run.
class Killed : public ::testing::TestWithParam<bool> {
protected:
    using Content = std::vector<std::string>;

    void SetUp() override {
        void* shared =
            mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        ASSERT_NE(shared, MAP_FAILED);
        told = new (shared) Told;
        settings_.database.path = file();
        settings_.retention = {{"liquidations", 2.5}, {"liquidations_significant", 1.5}};
        ASSERT_TRUE(Store::open(settings_, "demo").has_value());
        empty_store_ = spillway::testing::content_of(file());
        query_ = query_for_all();
        clear();
        ASSERT_TRUE(run([this](std::uint64_t) { expected_.push_back(content()); }));
        ASSERT_EQ(expected_.size(), epochs + 1);
        ASSERT_EQ(expected_.front(), Content{"ok"});
        ASSERT_EQ(expected_.back().back(), "ok");
        ASSERT_GT(expected_.back().size(), 3 * rows_per_epoch);
        ASSERT_EQ(Reader(file()).value("SELECT count(*) FROM liquidations"),
                  std::to_string(3 * rows_per_epoch));
    }
    void TearDown() override {
        if (told != nullptr) munmap(told, sizeof(Told));
    }
    /// A place in which no run has been, but for an empty store if a reader is to look on.
    void clear() {
        dashboard_.reset();
        *told = {};
        for (const auto& entry : fs::directory_iterator(folder_.path())) fs::remove(entry.path());
        if (GetParam()) folder_.write(file().filename(), empty_store_);
    }
    /// Runs on in a process that dies before its call number `death`; false if it did not.
    [[nodiscard]] bool run_until(int death) {
        dashboard_.reset();  // no connection may be inherited
        told->phase = Phase::opening;
        int gate[2];
        if (pipe(gate) != 0) return false;
        const pid_t child = fork();
        if (child == 0) {
            close(gate[1]);
            char opened = 0;
            if (read(gate[0], &opened, 1) != 0) _exit(1);
            spillway::testing::die_before_call(death, [this](int file) { tell_phase(file); });
            _exit(run([this](std::uint64_t epoch) { told->committed = epoch; }) ? 0 : 1);
        }
        close(gate[0]);
        if (GetParam()) {
            dashboard_.emplace(file());
            EXPECT_THAT(dashboard_->value("SELECT count(*) FROM pipeline_epochs"),
                        ::testing::AnyOf("0", "1"));
        }
        close(gate[1]);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status));
        EXPECT_NE(WEXITSTATUS(status), 1) << "could not go on, death " << death;
        return WEXITSTATUS(status) == spillway::testing::death;
    }
    /// Runs on to the end: whole epochs are there, of which none that was committed is missing.
    void go_on() {
        std::optional<std::uint64_t> found;
        ASSERT_TRUE(run([&](std::uint64_t epoch) {
            if (found) return;
            found = epoch;
            ASSERT_EQ(content(), expected_[epoch]) << epoch;
        }));
        EXPECT_GE(*found, told->committed);
        EXPECT_LE(*found, told->committed + 1);
        if (told->phase == Phase::writing || told->phase == Phase::deleting) {
            EXPECT_EQ(*found, told->committed);
        } else if (told->phase == Phase::compacting) {
            EXPECT_EQ(*found, told->committed + 1) << "complete before any of it leaves the log";
        }
        dashboard_.reset();
        ASSERT_EQ(content(), expected_.back());
    }

    Told* told = nullptr;

private:
    [[nodiscard]] fs::path file() const { return folder_ / "spillway.db"; }

    /// From where the store says to the end; tells `seen` of that epoch and of each that follows.
    template <class Seen>
    [[nodiscard]] bool run(Seen seen) {
        auto opened = Store::open(settings_, "demo");
        if (!opened) return succeeded(opened.error());
        const std::unique_ptr<Store> store = std::move(*opened);
        // What takes thousands of pages happens in every epoch: the log is compacted, and rows and
        // deletions reach it before the end of their transaction.
        constexpr const char* small = "PRAGMA wal_autocheckpoint = 24; PRAGMA cache_size = 10";
        if (!succeeded(store->database().execute(small, "cannot make it small"))) return false;
        const Result<EpochInfo> last = store->load(nullptr);
        if (!last) return succeeded(last.error());
        connection_ = store->database().get();
        seen(last->epoch);
        for (std::uint64_t epoch = last->epoch + 1; epoch <= epochs; ++epoch) {
            told->phase = Phase::writing;
            if (!succeeded(write(*store, epoch))) return false;
            told->phase = Phase::committing;
            if (!succeeded(commit(*store, epoch))) return false;
            seen(epoch);
        }
        told->phase = Phase::closing;
        return true;
    }
    static bool succeeded(const Status& status) {
        EXPECT_TRUE(status.ok()) << status.message();
        return status.ok();
    }
    /// An epoch takes a day.
    static Time time_of(std::uint64_t epoch, std::uint64_t row) {
        return evening + static_cast<Time>(epoch) * day + static_cast<Time>(row) * second;
    }
    static Status write(Store& store, std::uint64_t epoch) {
        const auto id = [](std::uint64_t of, std::uint64_t row) { return of * 1'000 + row; };
        Events events;
        for (std::uint64_t row = 1; row <= rows_per_epoch; ++row) {
            events.liquidation(id(epoch, row), 1e6 + static_cast<double>(row), time_of(epoch, row));
        }
        // The second label waits for a row of the next epoch.
        events.cascade({1, epoch}, {Events::member(id(epoch, 1), 1e6, time_of(epoch, 1)),
                                    Events::member(id(epoch + 1, 1), 1e6, time_of(epoch + 1, 1))});
        return store.write(events.batch(), events.rows());
    }
    static Status commit(Store& store, std::uint64_t epoch) {
        std::vector<std::string> names;
        std::vector<std::string> texts;
        std::vector<StateRow> changed;
        changed.reserve(keys);
        for (std::uint64_t key = 0; key < keys; ++key) {
            names.push_back(fmt::format("key {}", key));
            // In each epoch another key goes; some need pages of their own.
            texts.emplace_back((key + epoch) % keys * 700, static_cast<char>('a' + epoch));
        }
        for (std::uint64_t key = 0; key < keys; ++key) {
            changed.push_back({"risk", names[key], "", 1, std::as_bytes(std::span(texts[key]))});
        }
        return store.commit({{epoch, time_of(epoch, rows_per_epoch), epoch == epochs}, changed});
    }
    void tell_phase(int file) {
        if (told->phase == Phase::opening || told->phase == Phase::closing) return;
        if (name_of(file) == this->file().filename()) {
            told->phase = Phase::compacting;  // nothing else writes there
        } else if (retention_runs(connection_)) {
            told->phase = Phase::deleting;
        }
    }
    /// A query for all rows of all tables, but for the times of the migrations.
    [[nodiscard]] std::string query_for_all() const {
        Reader reader(file());
        std::string all;
        for (const std::string& table :
             reader.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                         "name NOT IN ('schema_migrations', 'sqlite_sequence')")) {
            const std::string columns = reader.value(
                fmt::format("SELECT group_concat('quote(' || name || ')', ' || '','' || ') "
                            "FROM pragma_table_info('{}')",
                            table));
            if (!all.empty()) all += " UNION ALL ";
            all += fmt::format("SELECT '{}: ' || {} AS line FROM {}", table, columns, table);
        }
        return all + " ORDER BY line";
    }
    [[nodiscard]] Content content() const {
        Reader reader(file());
        Content all = reader.rows(query_);
        all.push_back(reader.value("PRAGMA integrity_check"));
        return all;
    }

    /// In memory where there is such a place: hundreds of stores are written.
    TemporaryFolder folder_{::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm")
                                                            : fs::temp_directory_path()};
    StoreSettings settings_;
    sqlite3* connection_ = nullptr;  ///< of the run, for its last words
    std::optional<Reader> dashboard_;
    std::string empty_store_;        ///< the file as it was made
    std::string query_;              ///< for all rows
    std::vector<Content> expected_;  ///< by epoch; with the result of an integrity check
};

TEST_P(Killed, ARunThatGoesOnEndsWithTheSameStore) {
    std::map<Phase, int> deaths;
    for (int death = 1;;) {
        clear();
        if (!run_until(death)) break;
        const Phase phase = told->phase;
        ++deaths[phase];
        go_on();
        ASSERT_FALSE(HasFailure()) << "death " << death;
        // There are hundreds of calls, and each takes two runs: most of those that matter most.
        death += phase == Phase::deleting || phase >= Phase::compacting ? 4 : 11;
    }
    EXPECT_GT(deaths[Phase::opening], 0);
    EXPECT_GT(deaths[Phase::writing], 2);
    EXPECT_GT(deaths[Phase::deleting], 5);
    EXPECT_GT(deaths[Phase::committing], 10);
    EXPECT_GT(deaths[Phase::compacting], 10);
    for (const auto& [phase, count] : deaths) {
        RecordProperty(fmt::format("deaths_in_phase_{}", static_cast<int>(phase)), count);
    }
}

TEST_P(Killed, ASecondDeathWhileGoingOnDoesNoHarm) {
    int deaths = 0;
    for (int first = 150;; first += 83) {
        for (const int second : {2, 6, 10, 35}) {
            clear();
            if (!run_until(first)) {
                EXPECT_GT(deaths, 10);  // or nothing was tested
                return;
            }
            if (!run_until(second)) break;  // the first was near the end
            ++deaths;
            go_on();
            ASSERT_FALSE(HasFailure()) << first << ", " << second;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(WithoutAndWithAReader, Killed, ::testing::Bool());

}  // namespace
}  // namespace spillway::sqlite
