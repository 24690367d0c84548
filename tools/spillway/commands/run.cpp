#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "logging.hpp"
#include "report/text_format.hpp"
#include "run/books.hpp"
#include "run/health_log.hpp"
#include "run/progress.hpp"
#include "run/report_session.hpp"
#include "run/result_files.hpp"
#include "run/signals.hpp"
#include "runtime/run/play_recording.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {
namespace {

using runtime::Diagnostics;
using runtime::ExecutorKind;
using runtime::PipelineSpec;
using runtime::Runner;
using runtime::RunResult;
using runtime::RunSettings;

struct RunArguments {
    std::string program;  ///< as the user called it
    PipelineArguments pipeline;
    LogSettings log;
    bool fresh = false;
    bool no_progress = false;
    std::string speed;
    std::string executor = "auto";
    unsigned threads = 0;
    std::filesystem::path data_dir = ".";
    std::filesystem::path replay;  ///< a recording in place of live sources
    std::filesystem::path record;
    std::string run_for;
    std::filesystem::path report_file;
    std::filesystem::path metrics_file;
};

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

std::string check_run_for(const std::string& text) {
    Duration duration = 0;
    if (parse_duration(text, duration) && duration > 0) return {};
    return "'" + text + "' is no time: write 30s, 5m or 1h";
}

RunSettings settings_of(const RunArguments& arguments) {
    RunSettings settings;
    settings.record = arguments.record;
    if (!arguments.run_for.empty()) {
        Duration duration = 0;
        static_cast<void>(parse_duration(arguments.run_for, duration));
        settings.run_for = duration;
    }
    settings.fresh = arguments.fresh;
    if (!arguments.speed.empty()) settings.speed = speed_of(arguments.speed);
    settings.data_dir = arguments.data_dir;
    settings.executor = arguments.executor == "inline" ? ExecutorKind::inline_only
                        : arguments.executor == "tbb"  ? ExecutorKind::tbb
                                                       : ExecutorKind::automatic;
    settings.threads = arguments.threads;
    return settings;
}

void show(const Diagnostics& diagnostics, const LogSettings& log) {
    if (!log.json()) {
        fmt::print(stderr, "{}", to_text(diagnostics));
        return;
    }
    for (const runtime::Diagnostic& one : diagnostics) {
        const bool error = one.level == runtime::DiagnosticLevel::error;
        spdlog::log(error ? spdlog::level::err : spdlog::level::warn, "{}",
                    runtime::to_text({one}));
    }
}

int refuse(const Diagnostics& diagnostics, const RunArguments& arguments) {
    show(diagnostics, arguments.log);
    spdlog::error("nothing was started: {} {} in {}", diagnostics.size(),
                  diagnostics.size() == 1 ? "problem" : "problems",
                  arguments.pipeline.file.string());
    return exit_usage;
}

/// Whether the files for results could be written: better known before than after a long run.
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

/// Tells the log what happens on the way.
class RunLog final : public runtime::RunListener {
public:
    explicit RunLog(std::string pipeline) : pipeline_(std::move(pipeline)) {}

    void started(const EpochInfo& last, bool resumed) override {
        if (resumed) {
            spdlog::info("{} goes on from epoch {} ({}); --fresh starts over", pipeline_,
                         last.epoch, format_time(last.time));
        } else if (last.finished) {
            spdlog::info("{} starts over: its last run had read all input", pipeline_);
        }
    }
    void restarting(std::string_view node, const Status& why, unsigned attempt) override {
        spdlog::error("{}: {}; going on from the last epoch (attempt {})", node, why.message(),
                      attempt + 1);
    }
    void reloaded(const Status& status) override {
        if (status.ok()) {
            spdlog::info("{} reloaded", pipeline_);
        } else {
            spdlog::error("{} not reloaded, the old file stays in force: {}", pipeline_,
                          status.message());
        }
    }

private:
    std::string pipeline_;
};

/// Puts the file as it is now in force.
void reload(Runner& runner, const RunArguments& arguments, const runtime::Catalogue& catalogue) {
    auto spec =
        load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options());
    if (!spec) {
        show(spec.error(), arguments.log);
        spdlog::error("not reloaded, the old file stays in force");
        return;
    }
    if (!arguments.replay.empty()) {
        if (const Diagnostics problems = play_recording(*spec, catalogue, arguments.replay);
            !problems.empty()) {
            show(problems, arguments.log);
            spdlog::error("not reloaded, the old file stays in force");
            return;
        }
    }
    if (const Status status = runner.request_reload(std::move(*spec)); !status.ok()) {
        spdlog::error("not reloaded: {}", status.message());
    }
}

bool is_live(const PipelineSpec& spec) {
    return std::any_of(spec.nodes.begin(), spec.nodes.end(), [](const auto& node) {
        return node.category == Category::source && node.plugin->is(Trait::live);
    });
}

/// Runs with everything that accompanies a run; answers when it has drained.
RunResult run_accompanied(Runner& runner, const RunArguments& arguments, RunSignals& signals,
                          const runtime::Catalogue& catalogue, Status& metrics_written) {
    std::unique_ptr<MetricsFile> metrics;
    if (!arguments.metrics_file.empty()) {
        metrics = std::make_unique<MetricsFile>(arguments.metrics_file,
                                                [&runner] { return runner.metrics_text(); });
    }
    std::unique_ptr<ProgressBar> bar;
    if (!arguments.no_progress && BottomLine::available()) {
        bar = std::make_unique<ProgressBar>([&runner] { return runner.status(); });
    }
    signals.watch(
        {.stop =
             [&runner] {
                 spdlog::info(
                     "stopping: what has been read is still handled; Ctrl-C again ends at once");
                 runner.request_stop();
             },
         .leave =
             [&bar] {
                 if (bar) bar->clear();
             },
         .reload = [&] { reload(runner, arguments, catalogue); }});
    RunLog log(runner.spec().name);
    RunResult result = runner.run(log);
    signals.unwatch();
    if (bar) bar->stop();
    if (metrics) metrics_written = metrics->finish();
    return result;
}

int tell(const RunResult& result, const ReportSession& session, const RunArguments& arguments,
         const Status& metrics_written) {
    int code = exit_ok;
    const auto fail = [&code](const std::string& message) {
        spdlog::error("{}", message);
        code = exit_failed;
    };
    if (result.final.records > 0 || result.status.ok()) {
        fmt::print("{}", session.text(result, isatty(STDOUT_FILENO) == 1));
        std::fflush(stdout);
    }
    if (!arguments.report_file.empty()) {
        const Status written = replace_file(arguments.report_file, session.json(result));
        if (!written.ok()) fail(std::string(written.message()));
    }
    if (!metrics_written.ok()) fail(std::string(metrics_written.message()));
    if (!result.status.ok()) {
        const std::string_view message = result.status.message();
        fail(result.node.empty() ? std::string(message)
                                 : fmt::format("{}: {}", result.node, message));
    } else if (!books_balance(result.final)) {
        fail("the books do not balance: records were lost or counted twice, which is a defect");
    }
    return code;
}

int run(const RunArguments& arguments) {
    set_up_logging(arguments.log);
    if (!can_write_results(arguments)) return exit_usage;

    const runtime::Catalogue catalogue = scan_plugins(arguments.pipeline.plugin_dirs);
    for (const runtime::PluginProblem& problem : catalogue.problems()) {
        spdlog::warn("plugin file {} is not used: {}; {}", problem.file.string(), problem.reason,
                     problem.fix);
    }
    Diagnostics warnings;
    auto spec = load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options(),
                              &warnings);
    show(warnings, arguments.log);
    if (!spec) return refuse(spec.error(), arguments);
    if (!arguments.replay.empty()) {
        if (const Diagnostics problems = play_recording(*spec, catalogue, arguments.replay);
            !problems.empty()) {
            return refuse(problems, arguments);
        }
    }
    if (!arguments.record.empty()) {
        if (const Diagnostics problems = check_recording(*spec, arguments.record);
            !problems.empty()) {
            return refuse(problems, arguments);
        }
    }

    // Before the first thread, so that all of them leave signals to it.
    RunSignals signals;
    const RunSettings settings = settings_of(arguments);
    ReportSession session(*spec, arguments.data_dir, arguments.program,
                          settings.speed.value_or(0) > 0);
    const std::string name = spec->name;
    const std::size_t nodes = spec->nodes.size();
    HealthLog health;
    std::vector<runtime::Tap> taps = session.taps();
    if (is_live(*spec)) taps.push_back(health.tap());
    auto runner = Runner::create(std::move(*spec), catalogue, settings, std::move(taps));
    if (!runner) return refuse(runner.error(), arguments);

    spdlog::info("{} started: {} nodes from {}", name, nodes, arguments.pipeline.file.string());
    Status metrics_written;
    const RunResult result =
        run_accompanied(**runner, arguments, signals, catalogue, metrics_written);
    spdlog::info("{} {}: {} records in {:.2f} s", name,
                 !result.status.ok()  ? "failed"
                 : result.interrupted ? "stopped and drained"
                                      : "ended",
                 report::grouped(result.final.records), result.wall_seconds);
    return tell(result, session, arguments, metrics_written);
}

}  // namespace

namespace {

void add_common(CLI::App& command, RunArguments& a) {
    a.pipeline.add_to(command);
    command.add_flag("--fresh", a.fresh, "Start over: forget state and positions of earlier runs");
    command
        .add_option("--for", a.run_for,
                    "Stop after this time of the clock on the wall, as Ctrl-C would: 30s, 5m, 1h")
        ->type_name("TIME")
        ->check(CLI::Validator(check_run_for, ""));
    command.add_option("--report", a.report_file, "Write the report as JSON when the run ends")
        ->type_name("FILE");
    command
        .add_option("--metrics", a.metrics_file,
                    "Write metrics in Prometheus text form, every 5 s and at the end")
        ->type_name("FILE");
    command.add_option("--data-dir", a.data_dir, "Relative paths of sinks start here")
        ->type_name("DIR")
        ->capture_default_str();
    command
        .add_option("--executor", a.executor,
                    "How steps run: one thread, a task graph, or whichever pays off now; "
                    "results are the same")
        ->type_name("auto|inline|tbb")
        ->check(CLI::IsMember({"auto", "inline", "tbb"}).description(""))
        ->capture_default_str();
    command.add_option("--threads", a.threads, "Threads of the task graph (default: one per core)")
        ->type_name("N")
        ->check(CLI::Range(1U, 1024U).description(""));
    a.log.add_to(command);
    command.add_flag("--no-progress", a.no_progress, "No progress bar on a terminal");
}

}  // namespace

void add_run(CLI::App& app, Action& chosen) {
    CLI::App* const command =
        app.add_subcommand("run", "Run a pipeline until its sources end or Ctrl-C, then report");
    command->footer(
        "Examples:\n"
        "  spillway run pipelines/demo.yaml\n"
        "  spillway run pipelines/demo.yaml --speed 3600           watch it unfold\n"
        "  spillway run pipelines/demo.yaml --set transforms.alerts.critical=80\n"
        "  spillway run pipelines/demo.yaml --report report.json   the report for scripts\n"
        "  spillway run pipelines/live.yaml                        the market as it is now\n"
        "  spillway run pipelines/live.yaml --replay monday --data-dir again\n"
        "\n"
        "Ctrl-C drains: what has been read reaches the sinks. A second one ends at once.\n"
        "A pipeline with `checkpoint` that did not reach its end goes on where it stopped.\n"
        "SIGHUP reads the pipeline file again and goes on with it: see `spillway reload --help`.");
    const auto arguments = std::make_shared<RunArguments>();
    RunArguments& a = *arguments;
    add_common(*command, a);
    command
        ->add_option("--speed", a.speed,
                     "Recorded seconds per second: max, or a number such as 3600. Default: as "
                     "fast as possible, except for sources that pace themselves")
        ->type_name("max|N")
        ->check(CLI::Validator(check_speed, ""));
    command
        ->add_option("--replay", a.replay,
                     "Read what `spillway record` wrote into this folder in place of live sources")
        ->type_name("DIR")
        ->check(CLI::ExistingDirectory.description(""));
    command->callback([arguments, &app, &chosen] {
        arguments->program = app.get_name();
        chosen = [arguments] { return run(*arguments); };
    });
}

void add_record(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "record", "Run a pipeline and keep every frame that its live sources receive");
    command->footer(
        "Examples:\n"
        "  spillway record pipelines/live.yaml --out monday --for 1h\n"
        "  spillway run pipelines/live.yaml --replay monday --data-dir again\n"
        "\n"
        "The replay gives the scores, cascades and alerts of the recorded run, byte for byte.\n"
        "DIR gets a folder of frame files for each live source: see `spillway frames --help`.");
    const auto arguments = std::make_shared<RunArguments>();
    add_common(*command, *arguments);
    command->add_option("--out", arguments->record, "Folder for the recording: new, or empty")
        ->type_name("DIR")
        ->required();
    command->callback([arguments, &app, &chosen] {
        arguments->program = app.get_name();
        chosen = [arguments] { return run(*arguments); };
    });
}

}  // namespace spillway::cli
