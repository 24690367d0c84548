#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <spillway/testing/conformance/findings.hpp>
#include <spillway/testing/conformance/subject.hpp>

namespace spillway::testing {

/// All that a node answered to an input, in a form that two runs can be compared by: every event
/// of every output with its place in the order, the dead letters, the books.
struct Answers {
    std::vector<std::string> lines;
    std::array<std::uint64_t, 6> books{};

    [[nodiscard]] static Answers of(const NodePlayer& player) {
        Answers answers;
        const auto add = [&](const Batch& batch, const std::string& from) {
            const std::vector<std::string> texts = lines_of(batch);
            for (std::uint32_t i = 0; i < batch.size(); ++i) {
                answers.lines.push_back(from + std::to_string(batch[i].receive_time) + '/' +
                                        std::to_string(batch[i].sequence) + ' ' + texts[i]);
            }
        };
        for (std::uint32_t p = 0; p < player.ports(); ++p) {
            add(player.out(p), p == 0 ? "" : "output " + std::to_string(p) + ": ");
        }
        add(player.letters(), "errors: ");
        const Books& b = player.books();
        answers.books = {b.in, b.filtered, b.duplicate, b.late, b.dropped, b.dead_lettered};
        return answers;
    }
    friend bool operator==(const Answers&, const Answers&) = default;
};

/// Says where two runs part.
inline void expect_equal(const Answers& expected, const Answers& found, std::string_view what,
                         const std::string& place, Findings& findings) {
    if (expected == found) return;
    const auto shorten = [](std::string text) {
        return text.size() > 400 ? text.substr(0, 400) + " ..." : text;
    };
    const auto [a, b] = std::mismatch(expected.lines.begin(), expected.lines.end(),
                                      found.lines.begin(), found.lines.end());
    if (a == expected.lines.end() && b == found.lines.end()) {
        constexpr std::array<const char*, 6> names = {"in",   "filtered", "duplicate",
                                                      "late", "dropped",  "dead_lettered"};
        std::string before, after;
        for (std::size_t i = 0; i < names.size(); ++i) {
            before += std::string(names[i]) + ' ' + std::to_string(expected.books[i]) + ' ';
            after += std::string(names[i]) + ' ' + std::to_string(found.books[i]) + ' ';
        }
        findings.fail(std::string(what) + ": books " + before, "books " + after, place);
        return;
    }
    const std::string number = std::to_string(a - expected.lines.begin());
    findings.fail(std::string(what) + ": event " + number + " is " +
                      (a != expected.lines.end() ? shorten(*a) : "none, the output ends"),
                  b != found.lines.end() ? shorten(*b) : "the output ends before it", place);
}

}  // namespace spillway::testing
