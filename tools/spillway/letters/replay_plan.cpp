#include "letters/replay_plan.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include <spillway/dead_letter.hpp>
#include <spillway/event_json.hpp>

namespace spillway::cli {
namespace {

using runtime::Diagnostics;
using runtime::NodeSpec;
using runtime::OptionSetting;
using runtime::PipelineSpec;

/// No id of a file has a dot.
constexpr std::string_view inlet_prefix = "spillway.letters.";

bool is_event(std::string_view origin) {
    return origin == origin_event || origin == origin_broadcast_event;
}

OptionSetting* path_of(NodeSpec& node) {
    for (OptionSetting& option : node.options) {
        if (option.description->name == "path") return &option;
    }
    return nullptr;
}

std::vector<std::string> readers_of(const PipelineSpec& spec, const std::string& id) {
    std::vector<std::string> readers;
    for (const NodeSpec& node : spec.nodes) {
        for (const runtime::InputSpec& input : node.inputs) {
            if (input.from != id || !input.port.empty()) continue;
            readers.push_back(node.id);
            break;
        }
    }
    return readers;
}

}  // namespace

std::string subject_of(std::string_view node, std::string_view origin, std::string_view raw) {
    if (node.starts_with(inlet_prefix)) node.remove_prefix(inlet_prefix.size());
    std::string subject = fmt::format("{}\n{}\n", node, origin);
    const BatchRef batch = BatchRef::create();
    const Result<Event*> event =
        is_event(origin) ? parse_event_json(raw, *batch) : Result<Event*>(nullptr);
    if (!event || *event == nullptr) return subject.append(raw);
    (*event)->receive_time = (*event)->event_time;
    PodVector<char> text;
    append_json(text, **event, *batch);
    return subject.append(view(text));
}

tl::expected<ReplayPlan, Diagnostics> ReplayPlan::make(const PipelineSpec& spec,
                                                       const Letters& letters) {
    ReplayPlan plan(spec);
    for (const Letter& letter : letters) {
        std::string reason = plan.add(letter);
        if (reason.empty()) {
            plan.letters_.push_back(letter);
        } else {
            plan.skipped_.push_back({letter, std::move(reason)});
        }
    }
    if (auto made = plan.make_line_sources(); !made) return tl::unexpected(std::move(made.error()));
    return plan;
}

std::string ReplayPlan::add(const Letter& letter) {
    if (!letter.open()) return "it was replayed at " + format_time(letter.replayed);
    if (letter.cut()) {
        return fmt::format("only the first {} of its {} bytes were kept", letter.raw.size(),
                           letter.raw_size);
    }
    const NodeSpec* const node = spec_->find(letter.node);
    if (node == nullptr) return fmt::format("the pipeline has no node '{}' any more", letter.node);
    if (is_event(letter.origin)) return add_event(letter, *node);
    return letter.origin.empty() ? add_line(letter, *node) : add_frame(letter, *node);
}

std::string ReplayPlan::add_line(const Letter& letter, const NodeSpec& node) {
    NodeSpec copy = node;
    if (node.category != Category::source || node.venue != nullptr || path_of(copy) == nullptr) {
        return fmt::format("'{}' of type '{}' does not read events from a file of lines", node.id,
                           node.plugin->name);
    }
    if (letter.raw.find('\n') != std::string::npos) return "it has more than one line";
    lines_[node.id] += letter.raw + '\n';
    return {};
}

std::string ReplayPlan::add_frame(const Letter& letter, const NodeSpec& node) {
    if (node.venue == nullptr) return fmt::format("'{}' has no decoder any more", node.id);
    if (const auto frame = read_frame_origin(letter.origin); !frame) {
        return std::string(frame.error().message());
    }
    auto& source = frames_[node.id];
    if (!source) source = std::make_unique<FrameLetters>();
    source->add(letter);
    return {};
}

std::string ReplayPlan::add_event(const Letter& letter, const NodeSpec& node) {
    const BatchRef batch = BatchRef::create();
    const Result<Event*> event = parse_event_json(letter.raw, *batch);
    if (!event) return std::string(event.error().message());
    const bool source = node.category == Category::source;
    if (!source && !node.plugin->consumes.has((*event)->kind())) {
        return fmt::format("'{}' takes no events of kind {} any more", node.id,
                           to_string((*event)->kind()));
    }
    // What a source puts out and the engine refuses goes to those who read it.
    std::vector<std::string> to = source ? readers_of(*spec_, node.id) : std::vector{node.id};
    if (to.empty()) return fmt::format("nobody reads '{}' any more", node.id);
    Inlet& inlet = events_[node.id];
    if (!inlet.source) inlet = {std::move(to), std::make_unique<EventLetters>()};
    inlet.source->add(letter);
    return {};
}

tl::expected<void, Diagnostics> ReplayPlan::make_line_sources() {
    if (lines_.empty()) return {};
    folder_ = std::make_unique<ScratchFolder>();
    for (const auto& [id, text] : lines_) {
        const std::filesystem::path file = folder_->path() / (id + ".lines");
        std::ofstream(file, std::ios::binary) << text;
        PipelineSpec alone;
        alone.file = spec_->file;
        alone.name = spec_->name;
        alone.nodes.push_back(*spec_->find(id));
        path_of(alone.nodes.front())->text = file.string();
        auto assembled = runtime::assemble(alone, {});
        if (!assembled) return tl::unexpected(std::move(assembled.error()));
        line_sources_.emplace(id, std::move(*assembled));
    }
    return {};
}

runtime::Reentry ReplayPlan::reentry() const {
    runtime::Reentry reentry;
    for (const auto& [id, source] : frames_) reentry.sources[id] = source.get();
    for (const auto& [id, assembled] : line_sources_) {
        reentry.sources[id] = assembled.entries.front().source;
    }
    for (const auto& [id, inlet] : events_) {
        reentry.inlets.push_back({std::string(inlet_prefix) + id, inlet.source.get(), inlet.to});
    }
    return reentry;
}

}  // namespace spillway::cli
