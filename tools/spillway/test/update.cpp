#include "test/update.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "test/diff.hpp"
#include "test/yaml_block.hpp"

namespace spillway::cli {
namespace {

using runtime::Matching;
using runtime::TestBook;
using runtime::TestExpectation;
using runtime::TestSpec;

struct Edit {
    Span span;
    std::string text;
};

bool same_place(const runtime::Location& a, const runtime::Location& b) {
    return a.line == b.line && a.column == b.column && a.file == b.file;
}

/// What the events look like as expectations: each with the fields of the one that stood in its
/// place, new ones with those of the last one.
std::vector<std::string> as_expected(const TestExpectation& wanted,
                                     const std::vector<std::string>& lines, Time start) {
    Events expected;
    Events actual;
    for (const auto& line : wanted.lines) expected.push_back(parse_event(line.text));
    for (const auto& line : lines) actual.push_back(parse_event(line));
    std::vector<std::string> texts;
    for (const DiffLine& line : align(expected, actual, start)) {
        if (!line.actual) continue;
        const auto& event = actual[*line.actual];
        if (line.alike()) {
            texts.push_back(flow_text(expected[*line.expected]));
        } else if (line.expected) {
            texts.push_back(flow_text_like(event, expected[*line.expected], start));
        } else if (!expected.empty()) {
            texts.push_back(flow_text_like(event, expected.back(), start));
        } else {
            texts.push_back(flow_text_of_new(event));
        }
    }
    return texts;
}

/// The list as it stands behind `key:`.
std::string list_text(const std::vector<std::string>& events, const ValueBlock& block) {
    if (events.empty()) return " nothing";
    if (block.in_flow) {
        std::string text = " [";
        for (std::size_t i = 0; i < events.size(); ++i) text += (i > 0 ? ", " : "") + events[i];
        return text + "]";
    }
    std::string text;
    for (const std::string& event : events) {
        text += fmt::format("\n{}- {}", std::string(block.indent + 2, ' '), event);
    }
    return text;
}

class Updater {
public:
    explicit Updater(const runtime::SourceText& source) : source_(source) {}

    void correct(const TestSpec& test, const TestOutcome& outcome) {
        const std::size_t before = result_.left_out.size();
        const std::vector<TestFailure> failures = judge(test, outcome);
        for (const TestFailure& failure : failures) correct(test, outcome, failure);
        if (failures.empty()) leave_out(test.where, "not every executor gives the same");
        result_.complete.push_back(result_.left_out.size() == before);
    }
    [[nodiscard]] UpdatedText finish() {
        std::sort(edits_.begin(), edits_.end(),
                  [](const Edit& a, const Edit& b) { return a.span.begin > b.span.begin; });
        result_.text = source_.text();
        for (const Edit& edit : edits_) {
            result_.text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
        }
        return std::move(result_);
    }

private:
    void leave_out(const runtime::Location& where, std::string_view why) {
        result_.left_out.push_back(fmt::format("{}:{}: {}", where.file, where.line, why));
    }
    void edit(const runtime::Location& where, std::string_view what, Span span, std::string text) {
        edits_.push_back({span, std::move(text)});
        result_.changed.push_back(fmt::format("{}:{}: {}", where.file, where.line, what));
    }
    void correct(const TestSpec& test, const TestOutcome& outcome, const TestFailure& failure) {
        for (const TestExpectation& one : test.expectations) {
            if (!same_place(one.key, failure.where)) continue;
            return correct(one, outcome.lines.at(one.output), test.start);
        }
        for (const TestBook& book : test.books) {
            if (same_place(book.where, failure.where)) return correct(book, outcome.run.final);
        }
        const bool of_the_end = !test.fails.empty() || !outcome.run.status.ok();
        leave_out(test.where, of_the_end ? "whether a run fails is for you to say"
                                         : "books that do not balance are a defect");
    }
    void correct(const TestExpectation& one, const std::vector<std::string>& lines, Time start) {
        if (one.matching == Matching::contains || one.matching == Matching::without) {
            return leave_out(one.key, "which events must or must not come is for you to say");
        }
        const auto block = find_value(source_, one.key, one.value);
        if (!block) return leave_out(one.key, "the events stand elsewhere: write them out here");
        edit(one.key, one.output, block->span,
             one.matching == Matching::count ? fmt::format(" {}", lines.size())
                                             : list_text(as_expected(one, lines, start), *block));
    }
    void correct(const TestBook& book, const runtime::RunStatus& status) {
        for (const runtime::NodeReport& node : status.nodes) {
            if (node.id != book.node) continue;
            const auto block = find_value(source_, book.key, book.where);
            if (!block) return leave_out(book.where, "the count stands elsewhere: write it here");
            edit(book.where, fmt::format("books of {}: {}", book.node, book.count), block->span,
                 fmt::format(" {}", count_of(node, book.count)));
        }
    }

    const runtime::SourceText& source_;
    std::vector<Edit> edits_;
    UpdatedText result_;
};

}  // namespace

UpdatedText updated(const runtime::SourceText& source, const std::vector<Correction>& corrections) {
    Updater updater(source);
    for (const Correction& one : corrections) updater.correct(*one.test, *one.outcome);
    return updater.finish();
}

}  // namespace spillway::cli
