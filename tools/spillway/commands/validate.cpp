#include <memory>
#include <string>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "runtime/run/runner.hpp"
#include "runtime/spec/explain.hpp"
#include "runtime/spec/graph_view.hpp"

namespace spillway::cli {
namespace {

using runtime::Catalogue;
using runtime::Diagnostics;
using runtime::PipelineSpec;

struct ValidateArguments {
    PipelineArguments pipeline;
    bool explain = false;
    std::string graph;
    std::string format = "text";

    [[nodiscard]] bool json() const { return format == "json"; }
};

/// Programs read the list from standard output, people read it on standard error.
void show(const Diagnostics& diagnostics, bool json) {
    if (json) {
        fmt::print("{}\n", to_json(diagnostics));
    } else {
        fmt::print(stderr, "{}", to_text(diagnostics));
    }
}

std::string graph_text(const PipelineSpec& spec, const std::string& form) {
    if (form == "dot") return graph_dot(spec);
    return form == "json" ? graph_json(spec) : graph_mermaid(spec);
}

int validate(const ValidateArguments& arguments) {
    const Catalogue catalogue = scan_plugins(arguments.pipeline.plugin_dirs);
    Diagnostics warnings;
    const auto spec = load_pipeline(arguments.pipeline.file, catalogue,
                                    arguments.pipeline.load_options(), &warnings);
    const auto refuse = [&](Diagnostics errors) {
        errors.insert(errors.end(), warnings.begin(), warnings.end());
        show(errors, arguments.json());
        return exit_usage;
    };
    if (!spec) return refuse(spec.error());
    // Expressions and combinations of options are checked by the plugins themselves.
    const auto runner = runtime::Runner::create(*spec, catalogue, {});
    if (!runner) return refuse(runner.error());

    const bool view = arguments.explain || !arguments.graph.empty();
    if (!view || !warnings.empty()) show(warnings, arguments.json() && !view);
    if (arguments.explain) {
        fmt::print("{}", arguments.json() ? explain_json(*spec) : explain_text(*spec));
    } else if (!arguments.graph.empty()) {
        fmt::print("{}", graph_text(*spec, arguments.graph));
    } else if (!arguments.json()) {
        fmt::print("{}: ok, pipeline '{}' with {} nodes\n", arguments.pipeline.file.string(),
                   spec->name, spec->nodes.size());
    }
    return exit_ok;
}

}  // namespace

void add_validate(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "validate", "Check a pipeline file: all mistakes at once, nothing is started");
    command->footer(
        "Examples:\n"
        "  spillway validate pipelines/demo.yaml\n"
        "  spillway validate pipelines/demo.yaml --explain         every value and its origin\n"
        "  spillway validate pipelines/demo.yaml --graph mermaid   paste into Markdown\n"
        "  spillway validate pipelines/demo.yaml --graph dot | dot -Tsvg > demo.svg\n"
        "  spillway validate pipelines/demo.yaml --format json     mistakes for an editor");
    const auto arguments = std::make_shared<ValidateArguments>();
    ValidateArguments& a = *arguments;
    a.pipeline.add_to(*command);
    CLI::Option* const explain = command->add_flag(
        "--explain", a.explain, "Show every value with its origin: file, variable, default, --set");
    command->add_option("--graph", a.graph, "Show the graph of the pipeline")
        ->type_name("mermaid|dot|json")
        ->check(CLI::IsMember({"mermaid", "dot", "json"}).description(""))
        ->excludes(explain);
    add_format(*command, a.format);
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return validate(*arguments); }; });
}

}  // namespace spillway::cli
