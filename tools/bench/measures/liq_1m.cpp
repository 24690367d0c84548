#include <cmath>

#include <fmt/format.h>

#include <spillway/testing/temporary_folder.hpp>

#include "cpu_clock.hpp"
#include "force_order_generator.hpp"
#include "hand_loop.hpp"
#include "measures/measures.hpp"
#include "peak_rss.hpp"
#include "pipeline.hpp"
#include "stats.hpp"
#include "window_rows.hpp"

namespace spillway::bench {
namespace {

/// Runs the job in turns and remembers what went wrong first.
class Contest {
public:
    Contest(std::filesystem::path input, const testing::TemporaryFolder& folder)
        : input_(std::move(input)),
          rows_(folder / "pipeline.jsonl"),
          loop_rows_(folder / "loop.jsonl") {}

    /// CPU seconds of all threads, from opening the input to closing the output.
    double pipeline() {
        if (!error_.empty()) return 0;
        const auto file = shipped_pipeline("liq-1m.yaml");
        if (!file) return fail(file.error());
        auto spec = load(*file, {{"INPUT", input_.string()}, {"OUTPUT", rows_.string()}});
        if (!spec) return fail(spec.error());
        reset_peak_rss();
        const auto runner = make_runner(std::move(*spec), {});
        if (!runner) return fail(runner.error());
        const CpuStopwatch watch;
        const runtime::RunResult result = (*runner)->run();
        const double seconds = watch.seconds();
        if (const std::string why = failure_of(result); !why.empty()) return fail(why);
        records_ = result.final.records;
        peak_rss_ = std::max(peak_rss_, static_cast<double>(peak_rss_bytes().value_or(0)));
        return seconds;
    }

    double loop(HandLoop& hand_loop) {
        if (!error_.empty()) return 0;
        const CpuStopwatch watch;
        const auto result = hand_loop(input_, loop_rows_);
        const double seconds = watch.seconds();
        if (!result) return fail(result.error());
        lines_ = result->lines;
        return seconds;
    }

    /// Both must have counted the same orders: a fast wrong answer is no answer.
    void compare() {
        if (!error_.empty()) return;
        const auto rows = summarise_rows(rows_);
        const auto loop_rows = summarise_rows(loop_rows_);
        if (!rows || !loop_rows) {
            fail(rows ? loop_rows.error() : rows.error());
        } else if (records_ != lines_ || rows->rows != loop_rows->rows ||
                   rows->count != loop_rows->count ||
                   std::abs(rows->notional_usd - loop_rows->notional_usd) > 0.01) {
            fail(
                fmt::format("the pipeline and the loop differ: {} and {} records, {} and {} rows, "
                            "{} and {} orders, {:.2f} and {:.2f} USD",
                            records_, lines_, rows->rows, loop_rows->rows, rows->count,
                            loop_rows->count, rows->notional_usd, loop_rows->notional_usd));
        } else {
            counted_ = rows->count;
        }
    }

    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] double events() const { return static_cast<double>(lines_); }
    [[nodiscard]] double counted() const { return static_cast<double>(counted_); }
    [[nodiscard]] double peak_rss() const { return peak_rss_; }

private:
    double fail(std::string why) {
        if (error_.empty()) error_ = std::move(why);
        return 0;
    }

    std::filesystem::path input_, rows_, loop_rows_;
    std::uint64_t records_ = 0, lines_ = 0, counted_ = 0;
    double peak_rss_ = 0;
    std::string error_;
};

}  // namespace

Measured measure_liq_1m(const Request& request) {
    const testing::TemporaryFolder folder;
    std::filesystem::path input = request.input;
    if (input.empty()) {
        input = folder / "force_orders.jsonl";
        const auto written = write_force_orders(input, {});
        if (!written) return tl::make_unexpected(written.error());
    }
    Contest contest(input, folder);
    const std::size_t runs = request.runs_or(9);
    const Comparison times = interleave(
        runs, [&] { return contest.pipeline(); }, [&] { return contest.loop(run_simdjson_loop); });
    contest.compare();
    std::vector<double> rapidjson;
    for (std::size_t run = 0; run < std::min<std::size_t>(runs, 3); ++run) {
        rapidjson.push_back(contest.loop(run_rapidjson_loop));
    }
    if (!contest.error().empty()) return tl::make_unexpected(contest.error());

    Report report;
    report.runs = runs;
    report.measured = fmt::format(
        "{:.0f} Binance forceOrder frames from a file to count and sum of orders of 100,000 USD or "
        "more by minute, instrument and side, by pipelines/liq-1m.yaml and by a loop written by "
        "hand with simdjson, in turns; both gave the same {:.0f} orders",
        contest.events(), contest.counted());
    report.add("events_per_cpu_second", contest.events() / median(times.subject),
               "frames per second of CPU time, all threads of the pipeline");
    report.add("loop_events_per_cpu_second", contest.events() / median(times.yardstick),
               "the same by the loop, one thread");
    report.add("ratio", times.speed_ratio(), "pipeline to loop, median of neighbouring runs");
    report.add("rapidjson_loop_events_per_cpu_second", contest.events() / median(rapidjson),
               "a loop with RapidJSON's SAX parser, for reference");
    report.add("peak_rss_bytes", contest.peak_rss(), "largest memory during a run of the pipeline");
    return report;
}

}  // namespace spillway::bench
