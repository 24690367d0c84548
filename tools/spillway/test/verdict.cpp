#include "test/verdict.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "run/books.hpp"
#include "test/diff.hpp"
#include "test/match.hpp"

namespace spillway::cli {
namespace {

using runtime::Matching;
using runtime::TestExpectation;
using runtime::TestSpec;

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string place(const runtime::Location& where) {
    return fmt::format("{}:{}", where.file, where.line);
}

Events events_of(const std::vector<runtime::TestLine>& lines) {
    Events events;
    for (const runtime::TestLine& line : lines) events.push_back(parse_event(line.text));
    return events;
}

Events events_of(const std::vector<std::string>& lines) {
    Events events;
    for (const std::string& line : lines) events.push_back(parse_event(line));
    return events;
}

/// Holds one expectation against what came.
class Judge {
public:
    Judge(const TestExpectation& wanted, const std::vector<std::string>& lines, Time start)
        : wanted_(wanted),
          expected_(events_of(wanted.lines)),
          actual_(events_of(lines)),
          start_(start) {}

    void run(std::vector<TestFailure>& failures) const {
        std::optional<TestFailure> failure;
        switch (wanted_.matching) {
            case Matching::ordered:
                failure = ordered();
                break;
            case Matching::unordered:
            case Matching::contains:
                failure = any_order();
                break;
            case Matching::without:
                failure = without();
                break;
            case Matching::count:
                if (wanted_.count != actual_.size()) {
                    failure = failed(
                        fmt::format("{}, not {}", counted(actual_.size(), "event"), wanted_.count));
                }
                break;
        }
        if (failure) failures.push_back(std::move(*failure));
    }

private:
    [[nodiscard]] TestFailure failed(const std::string& why, std::string diff = {}) const {
        return {fmt::format("{}: {}", wanted_.output, why), std::move(diff), wanted_.key};
    }
    [[nodiscard]] bool alike(std::size_t i, std::size_t j) const {
        return difference(expected_[i], actual_[j], start_).empty();
    }

    [[nodiscard]] std::optional<TestFailure> ordered() const {
        const std::vector<DiffLine> lines = align(expected_, actual_, start_);
        const auto different = std::count_if(lines.begin(), lines.end(),
                                             [](const DiffLine& line) { return !line.alike(); });
        if (different == 0) return std::nullopt;
        const std::string why =
            expected_.size() == actual_.size()
                ? fmt::format("{} of {} differ{}", different, counted(actual_.size(), "event"),
                              different == 1 ? "s" : "")
                : fmt::format("{}, not {}", counted(actual_.size(), "event"), expected_.size());
        return failed(why, unified_diff(lines, expected_, actual_, start_, place(wanted_.key)));
    }
    /// Every expected event needs one of its own.
    [[nodiscard]] std::optional<TestFailure> any_order() const {
        std::vector<std::size_t> taken(actual_.size(), none);
        std::vector<DiffLine> lines;
        for (std::size_t i = 0; i < expected_.size(); ++i) {
            std::vector<bool> seen(actual_.size(), false);
            if (!find_partner(i, taken, seen)) lines.push_back({i, std::nullopt, {}});
        }
        const std::size_t missing = lines.size();
        for (std::size_t j = 0; j < actual_.size(); ++j) {
            const bool only = wanted_.matching == Matching::unordered || missing > 0;
            if (only && taken[j] == none) lines.push_back({std::nullopt, j, {}});
        }
        if (lines.empty() || (missing == 0 && wanted_.matching == Matching::contains)) {
            return std::nullopt;
        }
        const std::string why = missing > 0
                                    ? fmt::format("{} missing", counted(missing, "event"))
                                    : fmt::format("{} too many", counted(lines.size(), "event"));
        return failed(why, unified_diff(lines, expected_, actual_, start_, place(wanted_.key)));
    }
    /// Augments a matching, so that a broad expectation leaves events to narrow ones.
    [[nodiscard]] bool find_partner(std::size_t i, std::vector<std::size_t>& taken,
                                    std::vector<bool>& seen) const {
        for (std::size_t j = 0; j < actual_.size(); ++j) {
            if (seen[j] || !alike(i, j)) continue;
            seen[j] = true;
            if (taken[j] == none || find_partner(taken[j], taken, seen)) {
                taken[j] = i;
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] std::optional<TestFailure> without() const {
        std::vector<DiffLine> lines;
        for (std::size_t j = 0; j < actual_.size(); ++j) {
            for (std::size_t i = 0; i < expected_.size(); ++i) {
                if (!alike(i, j)) continue;
                lines.push_back({std::nullopt, j, "is like " + flow_text(expected_[i])});
                break;
            }
        }
        if (lines.empty()) return std::nullopt;
        return failed(fmt::format("{} that must not come", counted(lines.size(), "event")),
                      unified_diff(lines, expected_, actual_, start_, place(wanted_.key)));
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    const TestExpectation& wanted_;
    Events expected_;
    Events actual_;
    Time start_;
};

void judge_end(const TestSpec& test, const runtime::RunResult& run,
               std::vector<TestFailure>& failures) {
    const std::string message =
        fmt::format("{}{}{}", run.node, run.node.empty() ? "" : ": ", run.status.message());
    if (test.fails.empty() && !run.status.ok()) {
        failures.push_back({"the run failed: " + message, {}, test.where});
    } else if (!test.fails.empty() && run.status.ok()) {
        failures.push_back(
            {fmt::format("the run succeeded; expected to fail with '{}'", test.fails),
             {},
             test.where});
    } else if (message.find(test.fails) == std::string::npos) {
        failures.push_back(
            {fmt::format("the run failed with '{}', which does not hold '{}'", message, test.fails),
             {},
             test.where});
    }
}

void judge_books(const TestSpec& test, const runtime::RunStatus& status,
                 std::vector<TestFailure>& failures) {
    for (const runtime::TestBook& book : test.books) {
        for (const runtime::NodeReport& node : status.nodes) {
            if (node.id != book.node) continue;
            const std::uint64_t actual = count_of(node, book.count);
            if (actual == book.expected) continue;
            failures.push_back({fmt::format("books of {}: {} is {}, not {}", book.node, book.count,
                                            actual, book.expected),
                                {},
                                book.where});
        }
    }
}

/// Input that a source refuses is most often a slip of the test's author.
std::string hint(const std::vector<std::string>& refused) {
    if (refused.empty()) return {};
    std::string text =
        fmt::format("{} of the input could not be read:\n", counted(refused.size(), "line"));
    for (std::size_t i = 0; i < std::min<std::size_t>(refused.size(), 5); ++i) {
        const auto letter = parse_event(refused[i]);
        const auto field = [&](const char* name) {
            return letter.HasMember(name) && letter[name].IsString() ? letter[name].GetString()
                                                                     : "?";
        };
        text += fmt::format("  {}: {}\n", field("place"), field("reason"));
    }
    return text;
}

}  // namespace

std::uint64_t count_of(const runtime::NodeReport& node, std::string_view name) {
    const Books& books = node.books;
    const std::array<std::uint64_t, runtime::book_counts.size()> counts = {
        books.in,   books.processed(), books.filtered,      books.duplicate,
        books.late, books.dropped,     books.dead_lettered, node.emitted};
    const auto* const found =
        std::find(runtime::book_counts.begin(), runtime::book_counts.end(), name);
    return counts[static_cast<std::size_t>(found - runtime::book_counts.begin())];
}

std::vector<TestFailure> judge(const TestSpec& test, const TestOutcome& outcome) {
    std::vector<TestFailure> failures;
    judge_end(test, outcome.run, failures);
    for (const TestExpectation& one : test.expectations) {
        Judge(one, outcome.lines.at(one.output), test.start).run(failures);
    }
    judge_books(test, outcome.run.final, failures);
    if (outcome.run.status.ok() && !books_balance(outcome.run.final)) {
        failures.push_back({books_line(outcome.run.final), {}, test.where});
    }
    if (!failures.empty()) failures.back().diff += hint(outcome.refused);
    return failures;
}

}  // namespace spillway::cli
