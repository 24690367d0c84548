#include "runtime/run/open_store.hpp"

#include <utility>

#include <fmt/format.h>

#include "runtime/run/assembly.hpp"

namespace spillway::runtime {
namespace {

Diagnostics refuse(const PipelineSpec& spec, const Location& where, std::string message) {
    Diagnostic diagnostic;
    diagnostic.file = where.file.empty() ? spec.file.string() : where.file;
    diagnostic.line = where.line;
    diagnostic.column = where.column;
    diagnostic.path = "checkpoint.store";
    diagnostic.message = std::move(message);
    return {std::move(diagnostic)};
}

}  // namespace

tl::expected<OpenStore, Diagnostics> OpenStore::create(const PipelineSpec& spec) {
    const NodeSpec* const node = spec.find(spec.checkpoint_store);
    if (spec.checkpoint_store.empty() || node == nullptr) {
        return tl::unexpected(
            refuse(spec, {},
                   fmt::format("pipeline '{}' keeps no state: it has no checkpoint store, such as "
                               "`checkpoint: {{store: <id of a sqlite sink>}}`",
                               spec.name)));
    }
    PipelineSpec alone;
    alone.file = spec.file;
    alone.name = spec.name;
    alone.nodes.push_back(*node);
    auto assembled = assemble(alone, {});
    if (!assembled) return tl::unexpected(std::move(assembled.error()));
    std::shared_ptr<Plugin>& plugin = assembled->entries.front().plugins.front();
    if (plugin->sink() == nullptr || plugin->sink()->checkpoint_store() == nullptr) {
        return tl::unexpected(
            refuse(spec, node->where, fmt::format("sink '{}' keeps no state", node->id)));
    }
    return OpenStore(std::move(plugin), spec);
}

OpenStore::OpenStore(std::shared_ptr<Plugin> plugin, const PipelineSpec& spec)
    : texts_(std::make_unique<Texts>(Texts{spec.name, spec.checkpoint_store, {}})),
      plugin_(std::move(plugin)) {}

SinkSetup OpenStore::setup_in(const std::filesystem::path& data_dir) {
    texts_->data_dir = data_dir.string();
    SinkSetup setup;
    setup.pipeline = texts_->pipeline;
    setup.id = texts_->id;
    setup.data_dir = texts_->data_dir;
    return setup;
}

Status OpenStore::open(const std::filesystem::path& data_dir) {
    return sink().open(setup_in(data_dir));
}

Status OpenStore::look(const std::filesystem::path& data_dir, Checkpoint& checkpoint) {
    const Result<EpochInfo> newest = this->checkpoint().look(setup_in(data_dir), &checkpoint);
    if (!newest) return newest.error();
    checkpoint.info = *newest;
    return {};
}

OpenStore::~OpenStore() {
    // A store that is looked at has nothing to lose.
    if (plugin_) static_cast<void>(sink().close());
}

}  // namespace spillway::runtime
