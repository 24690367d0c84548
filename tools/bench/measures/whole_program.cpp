#include <charconv>
#include <fstream>

#include <fmt/format.h>

#include <spillway/testing/temporary_folder.hpp>

#include "measures/measures.hpp"
#include "pipeline.hpp"
#include "process.hpp"
#include "runtime/ingress/wall_clock.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

namespace fs = std::filesystem;

/// The demo's paths begin above the folder of its file.
fs::path top_of(const fs::path& pipeline) { return pipeline.parent_path().parent_path(); }

/// Ends the run at its first record, and remembers when that was.
class FirstRecord final : public Sink {
public:
    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows&) noexcept override {
        if (seen_ == 0) {
            seen_ = runtime::steady_nanoseconds();
            if (runner_ != nullptr) runner_->request_stop();
        }
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

    void stop(runtime::Runner& runner) noexcept { runner_ = &runner; }
    [[nodiscard]] std::int64_t seen() const noexcept { return seen_; }

private:
    runtime::Runner* runner_ = nullptr;
    std::int64_t seen_ = 0;
};

/// Listens to the first source.
runtime::Tap tap_on_source(const runtime::PipelineSpec& spec, Sink& sink) {
    runtime::Tap tap;
    tap.id = "first_record";
    tap.sink = &sink;
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (node.category != Category::source) continue;
        runtime::InputSpec input;
        input.from = node.id;
        input.kinds = node.emits;
        tap.inputs.push_back(input);
        break;
    }
    return tap;
}

}  // namespace

int run_to_first_record(const fs::path& pipeline) {
    const testing::TemporaryFolder folder;
    auto spec = load(pipeline);
    if (!spec) {
        fmt::print(stderr, "{}", spec.error());
        return 1;
    }
    runtime::RunSettings settings;
    settings.data_dir = folder.path();
    FirstRecord first;
    std::vector<runtime::Tap> taps = {tap_on_source(*spec, first)};
    const auto runner = make_runner(std::move(*spec), settings, std::move(taps));
    if (!runner) {
        fmt::print(stderr, "{}", runner.error());
        return 1;
    }
    first.stop(**runner);
    const runtime::RunResult result = (*runner)->run();
    if (!result.status.ok() || first.seen() == 0) {
        fmt::print(stderr, "no record came: {}\n", std::string(result.status.message()));
        return 1;
    }
    fmt::print("{}\n", first.seen());
    return 0;
}

Measured measure_startup(const Request& request) {
    const auto demo = shipped_pipeline("demo.yaml");
    if (!demo) return tl::make_unexpected(demo.error());
    Report report;
    report.runs = request.runs_or(9);
    std::vector<double> milliseconds;
    for (std::size_t run = 0; run < report.runs; ++run) {
        const auto child =
            run_program({"bench", "--until-first-record", demo->string()}, top_of(*demo));
        if (!child) return tl::make_unexpected(child.error());
        std::int64_t seen = 0;
        const std::string& text = child->output;
        if (std::from_chars(text.data(), text.data() + text.size(), seen).ec != std::errc()) {
            return tl::make_unexpected("the child named no time: " + text);
        }
        milliseconds.push_back(1e-6 * static_cast<double>(seen - child->started));
    }
    report.measured =
        "from the start of a process that runs pipelines/demo.yaml to the first record at a sink: "
        "plugins found and loaded, file checked, store opened";
    report.add("first_record_ms", median(milliseconds), "median");
    report.add("first_record_p90_ms", quantile(milliseconds, 0.9), "nine in ten");
    return report;
}

Measured measure_demo(const Request& request) {
    const auto demo = shipped_pipeline("demo.yaml");
    if (!demo) return tl::make_unexpected(demo.error());
    Report report;
    report.runs = request.runs_or(5);
    std::vector<double> wall, cpu;
    std::uint64_t peak = 0;
    for (std::size_t run = 0; run < report.runs; ++run) {
        const testing::TemporaryFolder folder;
        const auto child = run_program({"run", demo->string(), "--fresh", "--no-progress",
                                        "--speed", "max", "--data-dir", folder.path().string()},
                                       top_of(*demo));
        if (!child) return tl::make_unexpected(child.error());
        wall.push_back(child->wall_seconds);
        cpu.push_back(child->cpu_seconds);
        peak = std::max(peak, child->peak_rss_bytes);
    }
    report.measured =
        "`spillway run pipelines/demo.yaml --speed max` as a process of its own, from start to "
        "end: SQLite store, alert file, terminal output and report included";
    report.add("wall_seconds", median(wall), "median");
    report.add("cpu_seconds", median(cpu), "median, all threads");
    report.add("peak_rss_bytes", static_cast<double>(peak), "largest of all runs");
    return report;
}

}  // namespace spillway::bench
