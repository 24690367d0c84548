#include "run/run_arguments.hpp"

#include <cstdlib>
#include <optional>
#include <string_view>

#include <spdlog/spdlog.h>

#include <spillway/time.hpp>

#include "run/result_files.hpp"

namespace spillway::cli {
namespace {

/// 0 for `max`; none if it is no speed.
std::optional<double> speed_of(const std::string& text) {
    if (text == "max") return 0;
    char* end = nullptr;
    const double speed = std::strtod(text.c_str(), &end);
    const bool whole = end != text.c_str() && (*end == '\0' || std::string_view(end) == "x");
    if (!whole || !(speed > 0 && speed <= 1e9)) return std::nullopt;
    return speed;
}

std::string check_speed(const std::string& text) {
    if (speed_of(text)) return {};
    return "'" + text +
           "' is no speed: write max, or a number above 0 such as 3600 (one recorded "
           "hour per second)";
}

/// Longer than any run, and short enough to be added to a time.
constexpr Duration longest_run = 36'525 * day;

/// None if it is no time that a run can last.
std::optional<Duration> run_time_of(const std::string& text) {
    Duration duration = 0;
    if (!parse_duration(text, duration) || duration <= 0 || duration > longest_run) {
        return std::nullopt;
    }
    return duration;
}

std::string check_run_time(const std::string& text) {
    if (run_time_of(text)) return {};
    return "'" + text + "' is no time for a run: write 30s, 5m or 1h; at most 36525d (100 years)";
}

runtime::ExecutorKind executor_named(std::string_view name) {
    if (name == "inline") return runtime::ExecutorKind::inline_only;
    return name == "tbb" ? runtime::ExecutorKind::tbb : runtime::ExecutorKind::automatic;
}

}  // namespace

void RunArguments::add_to(CLI::App& command) {
    pipeline.add_to(command);
    command.add_flag("--fresh", fresh, "Start over: forget state and positions of earlier runs");
    command
        .add_option("--for", run_for,
                    "Stop after this time of the clock on the wall, as Ctrl-C would: 30s, 5m, 1h")
        ->type_name("TIME")
        ->check(CLI::Validator(check_run_time, ""));
    command.add_option("--report", report_file, "Write the report as JSON when the run ends")
        ->type_name("FILE");
    command
        .add_option("--metrics", metrics_file,
                    "Write metrics in Prometheus text form, every 5 s and at the end")
        ->type_name("FILE");
    command.add_option("--data-dir", data_dir, "Relative paths of sinks start here")
        ->type_name("DIR")
        ->capture_default_str();
    command
        .add_option("--executor", executor,
                    "How steps run: one thread, a task graph, or whichever pays off now; "
                    "results are the same")
        ->type_name("auto|inline|tbb")
        ->check(CLI::IsMember({"auto", "inline", "tbb"}).description(""))
        ->capture_default_str();
    command.add_option("--threads", threads, "Threads of the task graph (default: one per core)")
        ->type_name("N")
        ->check(CLI::Range(1U, 1024U).description(""));
    log.add_to(command);
    command.add_flag("--no-progress", no_progress, "No progress bar on a terminal");
}

void RunArguments::add_speed_to(CLI::App& command) {
    command
        .add_option("--speed", speed,
                    "Recorded seconds per second: max, or a number such as 3600. Default: as "
                    "fast as possible, except for sources that pace themselves")
        ->type_name("max|N")
        ->check(CLI::Validator(check_speed, ""));
}

void RunArguments::add_replay_to(CLI::App& command) {
    command
        .add_option("--replay", replay,
                    "Read what `spillway record` wrote into this folder in place of live sources")
        ->type_name("DIR")
        ->check(CLI::Validator(CLI::ExistingDirectory).description(""));
}

void RunArguments::add_out_to(CLI::App& command) {
    command.add_option("--out", record, "Folder for the recording: new, or empty")
        ->type_name("DIR")
        ->required();
}

runtime::RunSettings RunArguments::settings() const {
    runtime::RunSettings settings;
    settings.record = record;
    if (const auto time = run_time_of(run_for)) settings.run_for = *time;
    settings.fresh = fresh;
    settings.speed = speed_of(speed);
    settings.data_dir = data_dir;
    settings.executor = executor_named(executor);
    settings.threads = threads;
    return settings;
}

bool can_write_results(const RunArguments& arguments) {
    bool all = true;
    for (const auto& file : {arguments.report_file, arguments.metrics_file}) {
        if (file.empty()) continue;
        if (const Status status = check_writable(file); !status.ok()) {
            spdlog::error("{}", status.message());
            all = false;
        }
    }
    std::error_code ignored;
    const auto kind = std::filesystem::status(arguments.data_dir, ignored);
    if (exists(kind) && !is_directory(kind)) {
        spdlog::error("--data-dir '{}' is not a folder", arguments.data_dir.string());
        all = false;
    }
    return all;
}

}  // namespace spillway::cli
