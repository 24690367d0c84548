#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

#include <spillway/testing/temporary_folder.hpp>

#include "cpu_clock.hpp"
#include "epoch_load.hpp"
#include "measures/measures.hpp"
#include "pipeline.hpp"
#include "runtime/ingress/wall_clock.hpp"
#include "runtime/run/open_store.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

constexpr std::string_view store_alone =
    "name: epochs\n"
    "checkpoint: {store: store}\n"
    "sources:\n  load: {type: generate, count: 1}\n"
    "sinks:\n  store: {type: sqlite, inputs: [load]}\n";

struct Times {
    std::vector<double> whole, commit, cpu;  ///< milliseconds, one an epoch
};

Status run(runtime::OpenStore& store, std::size_t epochs, Times& times) {
    EpochLoad load({});
    load.prepare_state();
    if (Status status = load.commit(store.checkpoint()); !status) return status;
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
        load.prepare(epoch);
        const CpuStopwatch cpu;
        const std::int64_t began = runtime::steady_nanoseconds();
        if (Status status = load.write(store.sink()); !status) return status;
        const std::int64_t written = runtime::steady_nanoseconds();
        if (Status status = load.commit(store.checkpoint()); !status) return status;
        const std::int64_t ended = runtime::steady_nanoseconds();
        times.whole.push_back(1e-6 * static_cast<double>(ended - began));
        times.commit.push_back(1e-6 * static_cast<double>(ended - written));
        times.cpu.push_back(1e3 * cpu.seconds());
    }
    return {};
}

}  // namespace

Measured measure_epoch(const Request& request) {
    const auto spec = load_text(store_alone);
    if (!spec) return tl::make_unexpected(spec.error());
    auto store = runtime::OpenStore::create(*spec);
    if (!store) return tl::make_unexpected(to_text(store.error()));
    const testing::TemporaryFolder folder;
    Report report;
    report.runs = request.runs_or(60);
    Times times;
    Status status = store->open(folder.path());
    if (status) status = run(*store, report.runs, times);
    if (!status) return tl::make_unexpected(std::string(status.message()));

    const std::size_t ten = std::min<std::size_t>(10, report.runs);
    const EpochLoad::Size size;
    report.measured = fmt::format(
        "{} epochs into one SQLite file, each {} rows (prices, liquidations) and {} changed keys "
        "of {} with {} bytes of state; a run is an epoch",
        report.runs, size.rows, size.changed_keys, size.keys, size.state_bytes);
    const auto add = [&](const char* name, const std::vector<double>& values, const char* what) {
        const std::span<const double> all(values);
        report.add(fmt::format("first_ten_{}", name), median(all.first(ten)), what);
        report.add(fmt::format("last_ten_{}", name), median(all.last(ten)), what);
    };
    add("ms", times.whole, "rows and commit, median");
    report.add("longest_ms", *std::max_element(times.whole.begin(), times.whole.end()),
               "rows and commit, of all epochs");
    add("commit_ms", times.commit, "the commit alone, median");
    add("cpu_ms", times.cpu, "CPU time of rows and commit, median");
    return report;
}

}  // namespace spillway::bench
