#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <signal.h>
#include <unistd.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "failure.hpp"
#include "runtime/run/open_store.hpp"
#include "runtime/run/reload_plan.hpp"

namespace spillway::cli {
namespace {

using runtime::PlannedNode;

struct ReloadArguments {
    PipelineArguments pipeline;
    std::filesystem::path data_dir = ".";
    std::string format = "text";
    bool plan = false;
    int process = 0;
};

constexpr std::array<std::string_view, 5> change_names = {"kept", "restarted", "added", "removed",
                                                          "refused"};

std::string_view name_of(PlannedNode::Change change) {
    return change_names[static_cast<std::size_t>(change)];
}

std::string plan_text(const std::vector<PlannedNode>& nodes) {
    std::size_t width = 0;
    for (const PlannedNode& node : nodes) width = std::max(width, node.id.size());
    std::string text;
    for (const PlannedNode& node : nodes) {
        text +=
            fmt::format("{:<9}  {:<{}}  {}\n", name_of(node.change), node.id, width, node.state);
    }
    return text;
}

std::string plan_json(const std::vector<PlannedNode>& nodes) {
    rapidjson::StringBuffer buffer;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> json(buffer);
    const auto put = [&json](const char* key, std::string_view value) {
        json.Key(key);
        json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    json.StartArray();
    for (const PlannedNode& node : nodes) {
        json.StartObject();
        put("node", node.id);
        put("change", name_of(node.change));
        put("state", node.state);
        json.EndObject();
    }
    json.EndArray();
    return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

/// The name of the file that a process runs, also after that was replaced; none if it is not ours.
std::optional<std::string> program_of(pid_t process) {
    std::error_code error;
    const auto file = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", process), error);
    if (error) return std::nullopt;
    const std::string name = file.filename().string();
    return name.substr(0, name.find(" (deleted)"));
}

int reload(const ReloadArguments& arguments) {
    const runtime::Catalogue catalogue = scan_plugins(arguments.pipeline.plugin_dirs);
    const auto spec =
        load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options());
    if (!spec) return refuse(spec.error());
    auto store = runtime::OpenStore::create(*spec);
    if (!store) return refuse(store.error());
    runtime::Checkpoint checkpoint;
    if (const Status status = store->look(arguments.data_dir, checkpoint); !status.ok()) {
        return fail(status, *spec);
    }
    if (checkpoint.info.epoch == 0) {
        return fail(
            fmt::format("'{}' has no epoch yet: there is nothing to go on from", spec->name));
    }
    const std::vector<PlannedNode> nodes = plan_reload(*spec, checkpoint);
    fmt::print("{}", arguments.format == "json" ? plan_json(nodes) : plan_text(nodes));
    const bool possible = std::none_of(nodes.begin(), nodes.end(), [](const PlannedNode& node) {
        return node.change == PlannedNode::Change::refused;
    });
    if (!possible) return fail("this file cannot take the place of the one that runs");
    if (arguments.plan) return exit_ok;
    if (arguments.process == 0) {
        return fail(
            "name the process with --pid, or look only with --plan; under systemd: "
            "systemctl reload");
    }
    // To a process that does not wait for it, the signal is the end.
    const auto program = program_of(arguments.process);
    if (!program || *program != program_of(::getpid())) {
        return fail(
            fmt::format("process {} is not a spillway that you may signal", arguments.process));
    }
    if (kill(arguments.process, SIGHUP) != 0) {
        return fail(fmt::format("there is no process {} that you may signal", arguments.process));
    }
    fmt::print(stderr, "asked process {}: its log says whether it did\n", arguments.process);
    return exit_ok;
}

}  // namespace

void add_reload(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "reload", "Put a changed pipeline file in force without a stop, or show what it would do");
    command->footer(
        "Examples:\n"
        "  spillway reload --plan pipeline.yaml         kept, restarted, added, removed nodes\n"
        "  spillway reload pipeline.yaml --pid 4711     the same, then do it\n"
        "  kill -HUP 4711                               do it\n"
        "\n"
        "The running pipeline reads the file that it was started with. It ends an epoch, builds\n"
        "the new graph and goes on with the state of all nodes whose ids are still there. If the\n"
        "file has mistakes or the new graph cannot start, the old one goes on from that epoch.");
    const auto arguments = std::make_shared<ReloadArguments>();
    ReloadArguments& a = *arguments;
    a.pipeline.add_to(*command);
    command->add_flag("--plan", a.plan, "Show what would happen, and do nothing");
    command->add_option("--pid", a.process, "The process that runs the pipeline")
        ->type_name("PID")
        ->check(CLI::Range(1, 1 << 30).description(""));
    command->add_option("--data-dir", a.data_dir, "As for `run`: the store's path starts here")
        ->type_name("DIR")
        ->capture_default_str();
    add_format(*command, a.format);
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return reload(*arguments); }; });
}

}  // namespace spillway::cli
