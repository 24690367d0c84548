#pragma once

#include <random>
#include <string>

#include <spillway/testing/conformance/behaviour.hpp>

namespace spillway::testing {

namespace detail {
[[nodiscard]] inline std::string row_name(const StateRows::Row& row) {
    return "row '" + row.key + (row.part.empty() ? "'" : "', part '" + row.part + "'");
}

/// After each step: rows that changed, added to those before, are all rows.
class ChangedRows final : public StepObserver {
public:
    ChangedRows(NodePlayer& player, Findings& findings) : player_(player), findings_(findings) {}
    void before(const StepInput&) override {}
    void after(const StepInput&, const StepOutput&, const Status&) override {
        StateRows whole;
        findings_.require(player_.node().snapshot(sum_, false), "a snapshot of what changed");
        findings_.require(player_.node().snapshot(whole, true), "a snapshot of everything");
        if (findings_.failed() || sum_.rows == whole.rows) return;
        const std::string place = "step " + std::to_string(player_.steps()) + ", an instant a step";
        for (std::size_t i = 0; i < whole.rows.size() || i < sum_.rows.size(); ++i) {
            if (i < whole.rows.size() && i < sum_.rows.size() && whole.rows[i] == sum_.rows[i]) {
                continue;
            }
            findings_.fail(
                "the rows handed over as changed add up to the whole state",
                row_name(i < whole.rows.size() ? whole.rows[i] : sum_.rows[i]) + " differs", place);
            return;
        }
    }
    [[nodiscard]] const StateRows& sum() const noexcept { return sum_; }

private:
    NodePlayer& player_;
    Findings& findings_;
    StateRows sum_;
};

/// Rows that are cut, changed or from the future: refused, never a crash.
inline void check_damaged_rows(const Subject& subject, const StateRows& state, Findings& findings) {
    std::mt19937_64 random(subject.seed);
    for (const StateRows::Row& row : state.rows) {
        NodePlayer player = subject.player("state of a newer version");
        if (!findings.require(player.start(), "configure and start")) return;
        const Status newer = player.node().restore(row.key, row.part, row.version + 1, row.bytes);
        if (newer.ok()) {
            findings.fail("state of a newer version is refused", "restore took it", row_name(row));
            return;
        }
    }
    for (std::uint64_t i = 0; i < 300 && !state.rows.empty(); ++i) {
        StateRows::Row row = state.rows[random() % state.rows.size()];
        const std::size_t size = row.bytes.size();
        if (i % 3 == 0) row.bytes.resize(random() % (size + 1));
        for (std::uint64_t n = random() % 4; n > 0 && !row.bytes.empty(); --n) {
            row.bytes[random() % row.bytes.size()] = static_cast<std::byte>(random());
        }
        NodePlayer player = subject.player("damaged state");
        if (!findings.require(player.start(), "configure and start")) return;
        if (subject.place != nullptr) {
            subject.place->at("restoring a damaged row, damage %llu of seed %llu",
                              static_cast<unsigned long long>(i),
                              static_cast<unsigned long long>(subject.seed));
        }
        const Status status = player.node().restore(row.key, row.part, row.version, row.bytes);
        if (status.code() == Code::defect) {
            findings.fail("a damaged row is refused, or harmless", Findings::described(status),
                          row_name(row) + ", damage " + std::to_string(i));
            return;
        }
    }
}
}  // namespace detail

/// State goes through snapshot and restore at every step without a trace, changed rows add up, and
/// foreign rows do no harm.
inline void check_state(const Subject& subject, Findings& findings) {
    for (std::uint64_t i = 0; i < 2 && !findings.failed(); ++i) {
        const std::uint64_t seed = subject.seed + i;
        const Script script = subject.script(seed);
        const std::string events = "events of seed " + std::to_string(seed);
        const Answers whole = detail::answers_to(subject, script, {}, events, findings);
        for (const std::uint32_t most : {1U, 13U}) {
            const std::string place = events + ", a restart after every step of up to " +
                                      std::to_string(most) + " instants";
            const Answers found = detail::answers_to(
                subject, script, {.most = most, .seed = seed, .restart = true}, place, findings);
            expect_equal(whole, found, "as without a restart", place, findings);
            if (findings.failed()) return;
        }
        NodePlayer player = subject.player(events + ", an instant a step");
        detail::ChangedRows changed(player, findings);
        if (!findings.require(player.start(), "configure and start")) return;
        player.set_observer(&changed);
        findings.require(subject.feed(player, script, {.most = 1}), "every step", events);
        if (i == 0 && !findings.failed()) {
            detail::check_damaged_rows(subject, changed.sum(), findings);
        }
    }
}

}  // namespace spillway::testing
