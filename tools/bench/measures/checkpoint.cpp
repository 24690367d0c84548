#include <fstream>
#include <functional>
#include <sstream>

#include <fmt/format.h>

#include <spillway/testing/temporary_folder.hpp>

#include "cpu_clock.hpp"
#include "force_order_generator.hpp"
#include "measures/measures.hpp"
#include "pipeline.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

namespace fs = std::filesystem;

/// Many epochs in runs of a second: ten times as often as by default.
constexpr Duration interval = 100 * millisecond;

using Specification = tl::expected<runtime::PipelineSpec, std::string>;

/// A pipeline with a SQLite store that gets few rows, with its checkpoint and without.
class Job {
public:
    explicit Job(std::function<Specification()> read) : read_(std::move(read)) {}

    /// CPU seconds of all threads, from opening the store to closing it.
    double run(bool checkpoint) {
        if (!error_.empty()) return 1;
        Specification spec = read_();
        if (!spec) return fail(spec.error());
        spec->checkpoint_interval = interval;
        if (!checkpoint) spec->checkpoint_store.clear();
        const testing::TemporaryFolder folder;
        runtime::RunSettings settings;
        settings.data_dir = folder.path();
        settings.speed = 0;
        const auto runner = make_runner(std::move(*spec), settings);
        if (!runner) return fail(runner.error());
        const CpuStopwatch watch;
        const runtime::RunResult result = (*runner)->run();
        const double seconds = watch.seconds();
        if (const std::string why = failure_of(result); !why.empty()) return fail(why);
        if (checkpoint) epochs_ = result.final.epoch;
        return seconds;
    }
    /// Answers false if a run failed.
    bool measure(std::string_view name, std::size_t runs, Report& report) {
        const Comparison times = interleave(
            runs, [&] { return run(true); }, [&] { return run(false); });
        if (!error_.empty()) return false;
        report.add(fmt::format("{}_ratio", name), 1 / times.speed_ratio(),
                   "CPU time with epochs to without, median of neighbouring runs");
        report.add(fmt::format("{}_epochs", name), static_cast<double>(epochs_), "of one run");
        return true;
    }
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

private:
    double fail(std::string why) {
        if (error_.empty()) error_ = std::move(why);
        return 1;
    }

    std::function<Specification()> read_;
    std::uint64_t epochs_ = 0;
    std::string error_;
};

/// liq-1m.yaml with a store for its dead letters, of which there are none.
Specification liq_1m(const fs::path& pipeline, const fs::path& input, const fs::path& copy) {
    std::ostringstream text;
    text << std::ifstream(pipeline).rdbuf();
    std::string yaml = text.str();
    constexpr std::string_view sinks = "\nsinks:\n";
    const std::size_t at = yaml.find(sinks);
    if (at == std::string::npos) {
        return tl::make_unexpected(pipeline.string() + " has no `sinks:`");
    }
    yaml.insert(at + sinks.size(), "  store: {type: sqlite, inputs: [orders.errors]}\n");
    std::ofstream(copy) << "checkpoint: {store: store}\n" << yaml;
    return load(copy, {{"INPUT", input.string()}, {"OUTPUT", "rows.jsonl"}});
}

/// The demo, of whose rows only alerts are stored.
Specification demo(const fs::path& pipeline) {
    const fs::path recording = pipeline.parent_path() / "data" / "replay-2026-02-05.jsonl.gz";
    return load(pipeline, {},
                {{"sources.recording.path", recording.string()},
                 {"sinks.store.inputs", "[alerts]"},
                 {"sinks.console.type", "'null'"}});
}

}  // namespace

Measured measure_checkpoint(const Request& request) {
    const auto liq = shipped_pipeline("liq-1m.yaml");
    const auto shown = shipped_pipeline("demo.yaml");
    if (!liq || !shown) return tl::make_unexpected(liq ? shown.error() : liq.error());
    const testing::TemporaryFolder folder;
    const auto written = write_force_orders(folder / "force_orders.jsonl", {});
    if (!written) return tl::make_unexpected(written.error());

    Report report;
    report.runs = request.runs_or(15);
    report.measured = fmt::format(
        "pipelines/liq-1m.yaml with a SQLite store that gets no rows, and pipelines/demo.yaml "
        "whose "
        "store gets its alerts only, each with an epoch every {} ms and without, in turns",
        interval / millisecond);
    Job minutes(
        [&] { return liq_1m(*liq, folder / "force_orders.jsonl", folder / "liq-1m.yaml"); });
    Job scores([&] { return demo(*shown); });
    if (!minutes.measure("liq_1m", report.runs, report)) {
        return tl::make_unexpected(minutes.error());
    }
    if (!scores.measure("demo", report.runs, report)) return tl::make_unexpected(scores.error());
    return report;
}

}  // namespace spillway::bench
