#include "letters/letter_box.hpp"

#include <utility>

#include <fmt/format.h>

#include "letters/marking_store.hpp"
#include "runtime/run/assembly.hpp"

namespace spillway::cli {
namespace {

using runtime::Diagnostics;
using runtime::NodeSpec;
using runtime::PipelineSpec;

/// The engine's own sink of `dead_letters.file`.
constexpr const char* file_node = "spillway.dead_letters";

class Collector final : public DeadLetterVisitor {
public:
    void letter(const StoredLetter& letter) noexcept override {
        letters.push_back(Letter::of(letter));
    }
    Letters letters;
};

Diagnostics refuse(const PipelineSpec& spec, const runtime::Location& where, std::string message) {
    runtime::Diagnostic diagnostic;
    diagnostic.file = where.file.empty() ? spec.file.string() : where.file;
    diagnostic.line = where.line;
    diagnostic.column = where.column;
    diagnostic.path = "dead_letters";
    diagnostic.message = std::move(message);
    return {std::move(diagnostic)};
}

}  // namespace

LetterBox::LetterBox(const PipelineSpec& spec, std::string id,
                     const std::filesystem::path& data_dir)
    : spec_(&spec),
      texts_(std::make_unique<Texts>(Texts{spec.name, std::move(id), data_dir.string()})) {}

tl::expected<LetterBox, Diagnostics> LetterBox::find(const PipelineSpec& spec,
                                                     const std::filesystem::path& data_dir) {
    if (!spec.dead_letter_file.empty()) {
        LetterBox box(spec, file_node, data_dir);
        box.file_ = data_dir / spec.dead_letter_file;  // an absolute path stays what it is
        return box;
    }
    const std::string& id =
        spec.dead_letter_store.empty() ? spec.checkpoint_store : spec.dead_letter_store;
    const NodeSpec* const node = spec.find(id);
    if (id.empty() || node == nullptr) {
        return tl::unexpected(
            refuse(spec, {},
                   fmt::format("pipeline '{}' keeps no dead letters: name where they go, such as "
                               "`dead_letters: {{file: letters.jsonl}}`",
                               spec.name)));
    }
    PipelineSpec alone;
    alone.file = spec.file;
    alone.name = spec.name;
    alone.nodes.push_back(*node);
    auto assembled = runtime::assemble(alone, {});
    if (!assembled) return tl::unexpected(std::move(assembled.error()));
    LetterBox box(spec, id, data_dir);
    box.plugin_ = std::move(assembled->entries.front().plugins.front());
    Sink* const sink = box.plugin_->sink();
    if (sink == nullptr || sink->dead_letter_store() == nullptr) {
        return tl::unexpected(refuse(
            spec, node->where,
            fmt::format("sink '{}' of type '{}' does not keep dead letters so that they can "
                        "be found again; use a sqlite sink or `dead_letters: {{file: PATH}}`",
                        id, node->plugin->name)));
    }
    return box;
}

SinkSetup LetterBox::setup() const {
    SinkSetup setup;
    setup.pipeline = texts_->pipeline;
    setup.id = texts_->id;
    setup.data_dir = texts_->data_dir;
    return setup;
}

LetterFile LetterBox::letter_file() const {
    return {file_, [this] { return newest_replay(*spec_, texts_->data_dir); }};
}

Result<Letters> LetterBox::read() const {
    if (in_file()) return letter_file().read();
    Collector collector;
    Status status = plugin_->sink()->dead_letter_store()->read_letters(setup(), collector);
    if (!status.ok()) return tl::unexpected(std::move(status));
    return std::move(collector.letters);
}

Status LetterBox::resolve() const { return in_file() ? letter_file().resolve() : Status(); }

Status LetterBox::prepare(std::span<const LetterOutcome> outcomes, std::string_view replay) const {
    return letter_file().prepare(outcomes, replay);
}

Status LetterBox::settle(std::span<const LetterOutcome> outcomes, std::uint64_t epoch,
                         std::string_view replay) const {
    if (outcomes.empty()) return {};
    if (in_file()) return letter_file().settle(outcomes, replay);
    Sink& sink = *plugin_->sink();
    if (Status status = sink.open(setup()); !status.ok()) return status;
    Status status;
    for (const LetterOutcome& outcome : outcomes) {
        status = sink.dead_letter_store()->settle(outcome);
        if (!status.ok()) break;
    }
    if (status.ok()) status = sink.flush(epoch);
    Status closed = sink.close();
    return status.ok() ? closed : status;
}

}  // namespace spillway::cli
