#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {

/// A pipeline whose runs are disturbed. Its stores are SQLite files, its files end in `.jsonl`.
class Victim {
public:
    /// `pipeline` is the file's text; it may read `recording.jsonl` and `ticks.jsonl`.
    explicit Victim(const std::string& pipeline);

    /// What lies in the output folder.
    struct Output {
        std::map<std::string, std::string> files;
        std::map<std::string, Database::Table> tables;
        bool operator==(const Output&) const = default;
    };
    /// The output of a run that nothing disturbed, in a folder of its own.
    [[nodiscard]] Output undisturbed() const;

    /// Starts over with an empty output folder.
    void clear();
    /// One run, or the rest of one; the exit code, or minus the signal that ended it.
    int run(const std::function<void()>& prepare = {});
    /// One run that is stopped, as by Ctrl-C, long before it has read everything.
    int run_a_part();
    [[nodiscard]] const std::string& messages() const noexcept { return messages_; }
    [[nodiscard]] Output output() const { return read(out_); }
    [[nodiscard]] std::filesystem::path folder() const { return folder_ / out_; }

private:
    [[nodiscard]] CommandResult run_into(const std::string& out,
                                         const std::function<void()>& prepare,
                                         const std::vector<std::string>& pace) const;
    [[nodiscard]] Output read(const std::string& out) const;

    TemporaryFolder folder_;
    std::string out_ = "out";
    std::string messages_;
};

/// Expects equal rows and bytes, and says where they part.
void expect_equal(const Victim::Output& expected, const Victim::Output& actual);

/// How often to kill in all: SPILLWAY_KILLS, else `usual`, of which ASan gets a quarter and TSan a
/// tenth.
[[nodiscard]] int kills_wanted(int usual);

/// In the child: the kernel ends the process after this long, wherever it is.
[[nodiscard]] std::function<void()> dies_after(long microseconds);

}  // namespace spillway::testing
