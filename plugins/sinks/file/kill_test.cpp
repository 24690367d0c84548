#include <cstring>
#include <filesystem>
#include <map>
#include <optional>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/testing/kill_points.hpp"
#include "testing/sink_fixture.hpp"

namespace spillway::file {
namespace {

namespace fs = std::filesystem;
using spillway::testing::content_of;

constexpr int rows = 36;
constexpr int rows_per_epoch = 6;

/// Runs that die between any two system calls and are resumed end with the files of one that was
/// left alone. Files hold three rows, so each epoch spans two rotations.
class Killed : public testing::SinkTest, public ::testing::WithParamInterface<int> {
protected:
    /// What the checkpoint store would have after the crash.
    struct Committed {
        int next_row = 0;
        Bytes position;
    };
    [[nodiscard]] Options options() const {
        Options options;
        options.path = "out.jsonl";
        options.rotate = 200;
        options.keep = GetParam();
        return options;
    }
    /// From where `from` says to the end; tells `commit` of every epoch.
    template <class Commit>
    [[nodiscard]] bool run(const Committed& from, Commit commit) const {
        FileSink sink;
        sink.options = options();
        if (!open(sink, from.position)) return false;
        for (int row = from.next_row; row < rows; ++row) {
            if (!write(sink, row, row + 1) || !sink.idle()) return false;
            if ((row + 1) % rows_per_epoch != 0) continue;
            if (!sink.flush(static_cast<std::uint64_t>(row))) return false;
            commit(Committed{row + 1, position_of(sink)});
        }
        return sink.close().ok();
    }
    /// The same in a process that dies before its call number `death`; none if it did not.
    [[nodiscard]] std::optional<Committed> run_until(int death, const Committed& from) const {
        int ends[2];
        if (pipe(ends) != 0) return std::nullopt;
        const pid_t child = fork();
        if (child == 0) {
            spillway::testing::die_before_call(death);
            const bool ok = run(from, [&](const Committed& epoch) {
                spillway::testing::kill_point();
                std::vector<char> message(sizeof(int) + epoch.position.size());
                std::memcpy(message.data(), &epoch.next_row, sizeof(int));
                std::memcpy(message.data() + sizeof(int), epoch.position.data(),
                            epoch.position.size());
                const auto size = static_cast<std::uint32_t>(message.size());
                syscall(SYS_write, ends[1], &size, sizeof(size));
                syscall(SYS_write, ends[1], message.data(), size);
            });
            _exit(ok ? 0 : 1);
        }
        close(ends[1]);
        Committed last = from;
        std::uint32_t size = 0;
        while (read(ends[0], &size, sizeof(size)) == sizeof(size)) {
            std::vector<char> message(size);
            if (read(ends[0], message.data(), size) != static_cast<ssize_t>(size)) break;
            std::memcpy(&last.next_row, message.data(), sizeof(int));
            last.position.resize(size - sizeof(int));
            std::memcpy(last.position.data(), message.data() + sizeof(int), last.position.size());
        }
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status));
        EXPECT_NE(WEXITSTATUS(status), 1) << "could not go on, death " << death;
        return WEXITSTATUS(status) == spillway::testing::death ? std::optional(last) : std::nullopt;
    }
    /// Contents by name, of as many files as are to be kept.
    [[nodiscard]] std::map<std::string, std::string> files() const {
        std::map<std::string, std::string> found;
        for (int n = 0; n <= GetParam(); ++n) {
            const std::string name = n == 0 ? "out.jsonl" : "out.jsonl." + std::to_string(n);
            if (fs::exists(file(name))) found[name] = content_of(file(name));
        }
        return found;
    }
    void clear() const {
        for (const auto& entry : fs::directory_iterator(folder_.path())) fs::remove(entry.path());
    }
};

TEST_P(Killed, ARunThatGoesOnEndsWithTheSameFiles) {
    ASSERT_TRUE(run({}, [](const Committed&) {}));
    const auto expected = files();
    ASSERT_EQ(expected.size(), static_cast<std::size_t>(GetParam()) + 1);
    int death = 0;
    while (true) {
        clear();
        const auto committed = run_until(++death, {});
        if (!committed) break;
        ASSERT_TRUE(run(*committed, [](const Committed&) {})) << death;
        ASSERT_EQ(files(), expected) << death;
    }
    EXPECT_GT(death, rows);
}

TEST_P(Killed, ASecondDeathWhileGoingOnDoesNoHarm) {
    ASSERT_TRUE(run({}, [](const Committed&) {}));
    const auto expected = files();
    constexpr int open_calls = 14;  // those of `open`, and a few more
    for (int first = 30; true; first += 7) {
        for (int second = 1; second <= open_calls; ++second) {
            clear();
            const auto once = run_until(first, {});
            if (!once) return;
            const auto twice = run_until(second, *once);
            if (!twice) break;
            ASSERT_TRUE(run(*twice, [](const Committed&) {})) << first << ", " << second;
            ASSERT_EQ(files(), expected) << first << ", " << second;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(FilesToKeep, Killed, ::testing::Values(0, 1, 4));

}  // namespace
}  // namespace spillway::file
