#include "run/report_session.hpp"

#include <fmt/format.h>

#include "report/render_json.hpp"
#include "report/render_text.hpp"
#include "report/text_format.hpp"
#include "run/books.hpp"

namespace spillway::cli {
namespace {

/// A pipeline that only moves data has no market report.
std::string short_report(const report::RunFacts& facts) {
    std::string text = fmt::format("Run report: {}\n{} records in {:.2f} s{}\n", facts.pipeline,
                                   report::grouped(facts.records), facts.wall_seconds,
                                   facts.interrupted ? ", interrupted and drained" : "");
    if (!facts.outputs.empty()) text += "\nWritten\n";
    for (const std::string& output : facts.outputs) text += "  " + output + "\n";
    text += "\nTo try next\n";
    for (std::size_t i = 0; i < facts.next_steps.size(); ++i) {
        text += fmt::format("  {}. {}\n", i + 1, facts.next_steps[i]);
    }
    return text;
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

ReportSession::ReportSession(const runtime::PipelineSpec& spec,
                             const std::filesystem::path& data_dir, std::string_view program,
                             bool paced)
    : pipeline_{spec.name},
      outputs_{outputs_of(spec, data_dir)},
      next_steps_{next_steps(spec.file, outputs_, program, paced)},
      cascade_rule_{cascade_rule(spec)},
      inputs_{report::report_inputs(spec)} {}

std::vector<runtime::Tap> ReportSession::taps() {
    if (inputs_.empty()) return {};
    return {runtime::Tap{"spillway.report", &tap_, {}, report::report_inputs}};
}

report::RunFacts ReportSession::facts(const runtime::RunResult& result) const {
    report::RunFacts facts;
    facts.pipeline = pipeline_;
    facts.records = result.final.records;
    facts.wall_seconds = result.wall_seconds;
    facts.interrupted = result.interrupted;
    for (const Output& output : outputs_) facts.outputs.push_back(describe(output));
    facts.next_steps = next_steps_;
    facts.cascade_rule = cascade_rule_;
    return facts;
}

std::string ReportSession::text(const runtime::RunResult& result, bool colour) const {
    report::RunFacts known = facts(result);
    std::string text = inputs_.empty() ? short_report(known)
                                       : render_text(collector_.report(std::move(known)), colour);
    return text + "\n" + books_line(result.final) + "\n";
}

std::string ReportSession::json(const runtime::RunResult& result) const {
    rapidjson::StringBuffer buffer;
    report::JsonWriter out(buffer);
    out.SetIndent(' ', 2);
    out.StartObject();
    write_members(out, collector_.report(facts(result)));
    write_books(out, result);
    out.EndObject();
    return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace spillway::cli
