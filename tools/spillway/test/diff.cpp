#include "test/diff.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "test/match.hpp"

namespace spillway::cli {
namespace {

constexpr std::size_t context = 3;
/// Above this many comparisons, lists are compared place by place.
constexpr std::size_t largest_table = 1'000'000;

/// Longest common subsequences of the ends of two lists, by where the ends begin.
class Table {
public:
    Table(const Events& expected, const Events& actual, Time start)
        : width_(actual.size() + 1), lengths_((expected.size() + 1) * width_) {
        for (std::size_t i = expected.size(); i-- > 0;) {
            for (std::size_t j = actual.size(); j-- > 0;) {
                const bool alike = difference(expected[i], actual[j], start).empty();
                const std::uint32_t longest = std::max(at(i + 1, j), at(i, j + 1));
                at(i, j) = alike ? std::max(longest, at(i + 1, j + 1) + 1) : longest;
            }
        }
    }
    [[nodiscard]] std::uint32_t& at(std::size_t i, std::size_t j) {
        return lengths_[i * width_ + j];
    }

private:
    std::size_t width_;
    std::vector<std::uint32_t> lengths_;
};

class Aligner {
public:
    Aligner(const Events& expected, const Events& actual, Time start)
        : expected_(expected), actual_(actual), start_(start) {}

    [[nodiscard]] std::vector<DiffLine> run() {
        if (expected_.size() * actual_.size() <= largest_table) align_best();
        pair_up(expected_.size(), actual_.size());
        return std::move(lines_);
    }

private:
    [[nodiscard]] std::string why(std::size_t i, std::size_t j) const {
        return difference(expected_[i], actual_[j], start_);
    }
    void align_best() {
        Table table(expected_, actual_, start_);
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < expected_.size() && j < actual_.size()) {
            if (table.at(i, j) == table.at(i + 1, j + 1) + 1 && why(i, j).empty()) {
                pair_up(i, j);
                lines_.push_back({i, j, {}});
                done_expected_ = ++i;
                done_actual_ = ++j;
            } else if (table.at(i + 1, j) >= table.at(i, j + 1)) {
                ++i;
            } else {
                ++j;
            }
        }
    }
    /// What is not placed yet, up to these two.
    void pair_up(std::size_t expected_end, std::size_t actual_end) {
        while (done_expected_ < expected_end && done_actual_ < actual_end) {
            lines_.push_back({done_expected_, done_actual_, why(done_expected_, done_actual_)});
            ++done_expected_;
            ++done_actual_;
        }
        for (; done_expected_ < expected_end; ++done_expected_) {
            lines_.push_back({done_expected_, std::nullopt, {}});
        }
        for (; done_actual_ < actual_end; ++done_actual_) {
            lines_.push_back({std::nullopt, done_actual_, {}});
        }
    }

    const Events& expected_;
    const Events& actual_;
    Time start_;
    std::vector<DiffLine> lines_;
    std::size_t done_expected_ = 0;
    std::size_t done_actual_ = 0;
};

/// "@@ -1,3 +1,4 @@": positions of the events in both lists.
std::string hunk_head(const DiffLine* first, const DiffLine* last) {
    std::optional<std::size_t> expected;
    std::optional<std::size_t> actual;
    std::size_t expected_count = 0;
    std::size_t actual_count = 0;
    for (const DiffLine* line = first; line != last; ++line) {
        if (line->expected && !expected) expected = line->expected;
        if (line->actual && !actual) actual = line->actual;
        expected_count += line->expected ? 1 : 0;
        actual_count += line->actual ? 1 : 0;
    }
    return fmt::format("@@ -{},{} +{},{} @@\n", expected ? *expected + 1 : 0, expected_count,
                       actual ? *actual + 1 : 0, actual_count);
}

}  // namespace

std::vector<DiffLine> align(const Events& expected, const Events& actual, Time start) {
    return Aligner(expected, actual, start).run();
}

std::string unified_diff(const std::vector<DiffLine>& lines, const Events& expected,
                         const Events& actual, Time start, const std::string& expected_name) {
    std::string text = fmt::format("--- expected at {}\n+++ got\n", expected_name);
    for (std::size_t at = 0; at < lines.size();) {
        const auto different = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(at),
                                            lines.end(), [](const auto& l) { return !l.alike(); });
        if (different == lines.end()) break;
        const auto first_change = static_cast<std::size_t>(different - lines.begin());
        const std::size_t begin = std::max(at, first_change - std::min(first_change, context));
        std::size_t end = first_change + 1;
        for (std::size_t i = end; i < lines.size() && i < end + 2 * context; ++i) {
            if (!lines[i].alike()) end = i + 1;
        }
        end = std::min(end + context, lines.size());
        text += hunk_head(lines.data() + begin, lines.data() + end);
        for (std::size_t i = begin; i < end; ++i) {
            const DiffLine& line = lines[i];
            if (line.expected) {
                text += fmt::format("{} {}\n", line.alike() ? ' ' : '-',
                                    flow_text(expected[*line.expected]));
            }
            if (line.alike() || !line.actual) continue;
            const auto& event = actual[*line.actual];
            text += fmt::format(
                "+ {}\n", line.expected ? flow_text_like(event, expected[*line.expected], start)
                                        : flow_text_of_new(event));
            if (!line.why.empty()) text += fmt::format("  # {}\n", line.why);
        }
        at = end;
    }
    return text;
}

}  // namespace spillway::cli
