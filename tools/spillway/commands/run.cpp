#include <memory>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "run/books.hpp"
#include "run/health_log.hpp"
#include "run/progress.hpp"
#include "run/report_session.hpp"
#include "run/result_files.hpp"
#include "run/run_arguments.hpp"
#include "run/run_log.hpp"
#include "run/signals.hpp"
#include "run/silent_sources.hpp"
#include "runtime/run/play_recording.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {
namespace {

using runtime::Diagnostics;
using runtime::PipelineSpec;
using runtime::Runner;
using runtime::RunResult;

int refuse_run(const Diagnostics& diagnostics, const RunArguments& arguments) {
    log_diagnostics(diagnostics, arguments.log);
    spdlog::error("nothing was started: {} {} in {}", diagnostics.size(),
                  diagnostics.size() == 1 ? "problem" : "problems",
                  arguments.pipeline.file.string());
    return exit_usage;
}

/// The pipeline as it is to run: with a recording in place of live sources if there is one.
tl::expected<PipelineSpec, Diagnostics> load(const RunArguments& arguments,
                                             const runtime::Catalogue& catalogue,
                                             Diagnostics& warnings) {
    auto spec = load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options(),
                              &warnings);
    if (!spec || arguments.replay.empty()) return spec;
    Diagnostics problems = play_recording(*spec, catalogue, arguments.replay);
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return spec;
}

/// Puts the file as it is now in force.
void reload(Runner& runner, const RunArguments& arguments, const runtime::Catalogue& catalogue) {
    Diagnostics warnings;
    auto spec = load(arguments, catalogue, warnings);
    log_diagnostics(warnings, arguments.log);
    if (!spec) {
        log_diagnostics(spec.error(), arguments.log);
        spdlog::error("not reloaded, the old file stays in force");
        return;
    }
    if (const Status status = runner.request_reload(std::move(*spec)); !status.ok()) {
        spdlog::error("not reloaded: {}", status.message());
    }
}

/// What is known of a run when it is over.
struct Ended {
    RunResult result;
    CountedPart counted;
    Status metrics_written;
};

/// Runs with everything that accompanies a run; answers when it has drained.
Ended run_accompanied(Runner& runner, const RunArguments& arguments, RunSignals& signals,
                      const runtime::Catalogue& catalogue) {
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
    RunLog log(runner.spec().name, !arguments.record.empty());
    Ended ended;
    ended.result = runner.run(log);
    ended.counted = log.counted();
    signals.unwatch();
    if (bar) bar->stop();
    if (metrics) ended.metrics_written = metrics->finish();
    return ended;
}

int tell(const Ended& ended, const ReportSession& session, const RunArguments& arguments) {
    const RunResult& result = ended.result;
    int code = exit_ok;
    const auto fail = [&code](const std::string& message) {
        spdlog::error("{}", message);
        code = exit_failed;
    };
    if (result.final.records > 0 || result.status.ok()) {
        fmt::print("{}", session.text(result, ended.counted, isatty(STDOUT_FILENO) == 1));
        std::fflush(stdout);
    }
    if (!arguments.report_file.empty()) {
        const Status written =
            replace_file(arguments.report_file, session.json(result, ended.counted));
        if (!written.ok()) fail(std::string(written.message()));
    }
    if (!ended.metrics_written.ok()) fail(std::string(ended.metrics_written.message()));
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
    auto spec = load(arguments, catalogue, warnings);
    log_diagnostics(warnings, arguments.log);
    if (!spec) return refuse_run(spec.error(), arguments);
    if (!arguments.record.empty()) {
        if (const Diagnostics problems = check_recording(*spec, arguments.record);
            !problems.empty()) {
            return refuse_run(problems, arguments);
        }
    }

    // Before the first thread, so that all of them leave signals to it.
    RunSignals signals;
    ReportSession session(*spec, arguments);
    const std::string name = spec->name;
    const std::size_t nodes = spec->nodes.size();
    HealthLog health;
    std::vector<runtime::Tap> taps = session.taps();
    if (is_live(*spec)) taps.push_back(health.tap());
    auto runner =
        Runner::create(std::move(*spec), catalogue, arguments.settings(), std::move(taps));
    if (!runner) return refuse_run(runner.error(), arguments);

    spdlog::info("{} started: {} nodes from {}", name, nodes, arguments.pipeline.file.string());
    const Ended ended = run_accompanied(**runner, arguments, signals, catalogue);
    spdlog::info("{} {}: {}", name,
                 !ended.result.status.ok()  ? "failed"
                 : ended.result.interrupted ? "stopped and drained"
                                            : "ended",
                 session.records(ended.result, ended.counted));
    for (const std::string& line : explain_silence((*runner)->spec(), ended.result)) {
        spdlog::warn("{}", line);
    }
    return tell(ended, session, arguments);
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
    arguments->add_to(*command);
    arguments->add_speed_to(*command);
    arguments->add_replay_to(*command);
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
    arguments->add_to(*command);
    arguments->add_out_to(*command);
    command->callback([arguments, &app, &chosen] {
        arguments->program = app.get_name();
        chosen = [arguments] { return run(*arguments); };
    });
}

}  // namespace spillway::cli
