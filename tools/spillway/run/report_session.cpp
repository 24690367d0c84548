#include "run/report_session.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/render_json.hpp"
#include "report/render_text.hpp"
#include "report/text_format.hpp"
#include "run/books.hpp"
#include "run/health_log.hpp"

namespace spillway::cli {
namespace {

/// A pipeline that only moves data has no market report.
std::string short_report(const report::RunFacts& facts) {
    std::string text = fmt::format("Run report: {}\n{}\n", facts.pipeline, describe(facts));
    if (!facts.outputs.empty()) text += "\nWritten\n";
    for (const std::string& output : facts.outputs) text += "  " + output + "\n";
    text += "\nTo try next\n";
    for (std::size_t i = 0; i < facts.next_steps.size(); ++i) {
        text += fmt::format("  {}. {}\n", i + 1, facts.next_steps[i]);
    }
    return text;
}

bool has_dead_letters(const runtime::RunStatus& status) {
    return std::any_of(status.nodes.begin(), status.nodes.end(),
                       [](const auto& node) { return node.books.dead_lettered > 0; });
}

/// "at least 5 liquidations and 100,000 USD within 1m", by the options of the node that finds them.
std::string cascade_rule(const runtime::PipelineSpec& spec) {
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (node.plugin->name != "cascades") continue;
        std::int64_t events = 0;
        Duration window = 0;
        double notional = 0;
        for (const runtime::OptionSetting& option : node.options) {
            const std::string& name = option.description->name;
            if (name == "min_events") events = option.integer;
            if (name == "window") window = option.integer;
            if (name == "min_notional") notional = option.number;
        }
        return fmt::format("at least {} liquidations and {} USD within {}", events,
                           report::grouped(static_cast<std::uint64_t>(notional)),
                           format_duration(window));
    }
    return {};
}

}  // namespace

ReportSession::ReportSession(const runtime::PipelineSpec& spec, const RunArguments& arguments)
    : pipeline_{spec.name},
      outputs_{outputs_of(spec, arguments.data_dir)},
      run_{.program = arguments.program,
           .file = spec.file,
           .data_dir = arguments.data_dir,
           .replay = arguments.replay,
           .recording = arguments.record,
           .live = is_live(spec),
           .paced = arguments.settings().speed.value_or(0) > 0},
      checkpointed_{!spec.checkpoint_store.empty()},
      cascade_rule_{cascade_rule(spec)},
      inputs_{report::report_inputs(spec)} {}

std::vector<runtime::Tap> ReportSession::taps() {
    if (inputs_.empty()) return {};
    return {runtime::Tap{"spillway.report", &tap_, {}, report::report_inputs}};
}

report::RunFacts ReportSession::facts(const runtime::RunResult& result,
                                      const CountedPart& counted) const {
    report::RunFacts facts;
    facts.pipeline = pipeline_;
    facts.records = result.final.records;
    facts.wall_seconds = result.wall_seconds;
    facts.counted_since = counted.since;
    facts.counted_from_epoch = counted.epoch;
    facts.interrupted = result.interrupted;
    const EpochInfo& from = result.final.resumed_from;
    if (from.epoch > 0) facts.resumed_from = from.time;
    for (const Output& output : outputs_) facts.outputs.push_back(describe(output));
    EndedRun run = run_;
    run.failed = !result.status.ok();
    run.resumable = checkpointed_ && (run.failed || result.interrupted);
    run.has_dead_letters = has_dead_letters(result.final);
    facts.next_steps = next_steps(run, outputs_);
    facts.cascade_rule = cascade_rule_;
    return facts;
}

std::string ReportSession::records(const runtime::RunResult& result,
                                   const CountedPart& counted) const {
    return report::counted(facts(result, counted));
}

std::string ReportSession::text(const runtime::RunResult& result, const CountedPart& counted,
                                bool colour) const {
    report::RunFacts known = facts(result, counted);
    std::string text = inputs_.empty() ? short_report(known)
                                       : render_text(collector_.report(std::move(known)), colour);
    return text + "\n" + books_line(result.final, counted) + "\n";
}

std::string ReportSession::json(const runtime::RunResult& result,
                                const CountedPart& counted) const {
    rapidjson::StringBuffer buffer;
    report::JsonWriter out(buffer);
    out.SetIndent(' ', 2);
    out.StartObject();
    write_members(out, collector_.report(facts(result, counted)));
    write_books(out, result, counted);
    out.EndObject();
    return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace spillway::cli
