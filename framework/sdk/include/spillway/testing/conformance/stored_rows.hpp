#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/testing/conformance/sinks.hpp>

namespace spillway::testing {

namespace detail {
/// Rows that can be told apart in whatever text a sink writes: each has an instrument of its own.
class MarkedRows {
public:
    explicit MarkedRows(const Subject& subject) {
        MarketPlan plan = subject.market;
        plan.kinds = plan.kinds & subject.consumes;
        plan.count = std::min(plan.count, most_rows);
        plan.seed = subject.seed;
        script_ = made_up_market(plan);
        for (std::uint32_t i = 0; i < script_.batch().size(); ++i) {
            Event& event = script_.writable_batch()[i];
            if (event.instrument == InstrumentId::none) continue;
            std::string number = std::to_string(i);
            number.insert(0, digits - number.size(), '0');
            event.instrument = instrument_id(std::string(mark) + number);
        }
    }
    [[nodiscard]] const Script& script() const noexcept { return script_; }
    [[nodiscard]] std::uint32_t size() const noexcept { return script_.batch().size(); }

    /// Those in the text files of a folder. In binary ones, what was overwritten may still stand.
    [[nodiscard]] static std::set<std::uint32_t> found_in(const std::filesystem::path& folder) {
        std::set<std::uint32_t> rows;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string text{std::istreambuf_iterator<char>(in), {}};
            if (text.find('\0') != std::string::npos) continue;
            for (std::size_t at = text.find(mark); at != std::string::npos;
                 at = text.find(mark, at + 1)) {
                const std::string number = text.substr(at + mark.size(), digits);
                if (number.size() == digits &&
                    number.find_first_not_of("0123456789") == std::string::npos) {
                    rows.insert(static_cast<std::uint32_t>(std::stoul(number)));
                }
            }
        }
        return rows;
    }

private:
    static constexpr std::string_view mark = "KITROW";
    static constexpr std::size_t digits = 5;
    static constexpr std::uint32_t most_rows = 150;
    Script script_;
};

/// What was left of the rows after they came in one way.
struct StoredRows {
    std::string how;
    std::set<std::uint32_t> found;
    std::uint64_t dropped = 0;  ///< that the sink owns up to
};
}  // namespace detail

/// Whichever batches and flushes the rows come with, and if the run dies and goes on: the same ones
/// end in the sink's text files, or are counted by `dropped`.
inline void check_stored_rows(const Subject& subject, Findings& findings) {
    constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
    const detail::MarkedRows rows(subject);
    std::vector<detail::StoredRows> runs;
    const auto take = [&](std::string how, detail::SinkRun& sink, std::uint64_t dropped_before) {
        const std::uint64_t dropped = dropped_before + sink.sink().dropped();
        if (!sink.close()) return false;
        sink.destroy();
        runs.push_back({std::move(how), detail::MarkedRows::found_in(sink.folder()), dropped});
        return true;
    };
    struct Way {
        const char* how;
        std::uint32_t most, flush_every;
    };
    for (const Way way :
         {Way{"all rows in one write", never, never}, Way{"each row in a write of its own", 1, 4},
          Way{"seven rows a write", 7, 3}}) {
        detail::SinkRun sink(subject, way.how, findings);
        if (!sink.open() || !sink.write(rows.script(), way.most, way.flush_every) ||
            !sink.flush() || !take(way.how, sink, 0)) {
            return;
        }
    }
    // The first life ends behind its last flush: what came after that comes once more.
    const std::string how = "a run that died and went on";
    const std::uint32_t half = rows.size() / 2;
    detail::SinkRun sink(subject, how, findings);
    if (!sink.open() || !sink.write(rows.script(), 7, never, 0, half) || !sink.flush() ||
        !sink.write(rows.script(), 7, never, half, half + 10)) {
        return;
    }
    const std::uint64_t dropped = sink.sink().dropped();
    sink.destroy();
    if (!sink.open(false, true) || !sink.write(rows.script(), 7, 3, half) || !sink.flush() ||
        !take(how, sink, dropped)) {
        return;
    }

    std::set<std::uint32_t> all;
    for (const detail::StoredRows& run : runs) all.insert(run.found.begin(), run.found.end());
    if (all.empty()) {
        findings.does_not_apply("it writes no text files in which rows can be found again");
    }
    for (const detail::StoredRows& run : runs) {
        std::vector<std::uint32_t> lost;
        std::ranges::set_difference(all, run.found, std::back_inserter(lost));
        if (lost.size() <= run.dropped) continue;
        const Kind kind = rows.script().batch()[lost.front()].kind();
        findings.fail("which rows are stored does not depend on how they come",
                      std::to_string(lost.size()) + " of " + std::to_string(all.size()) +
                          " are missing, the first is row " + std::to_string(lost.front()) + " (" +
                          std::string(to_string(kind)) + ")",
                      run.how);
    }
}

}  // namespace spillway::testing
