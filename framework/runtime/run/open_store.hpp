#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include <spillway/checkpoint.hpp>
#include <spillway/sink.hpp>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// The checkpoint store of a pipeline without a run, for tools. Used from one thread. What was not
/// committed is gone when it is closed, which the destructor does.
class OpenStore {
public:
    /// Loads and configures the sink that `checkpoint.store` names; the pipeline must have one.
    [[nodiscard]] static tl::expected<OpenStore, Diagnostics> create(const PipelineSpec& spec);
    /// Relative paths start at `data_dir`. Code::busy, naming the holder, if a run has the store.
    [[nodiscard]] Status open(const std::filesystem::path& data_dir);

    /// Reads the newest epoch without opening the store; a run may be using it.
    [[nodiscard]] Status look(const std::filesystem::path& data_dir, Checkpoint& checkpoint);

    [[nodiscard]] Sink& sink() noexcept { return *plugin_->sink(); }
    [[nodiscard]] CheckpointStore& checkpoint() noexcept { return *sink().checkpoint_store(); }

    OpenStore(const OpenStore&) = delete;
    OpenStore& operator=(const OpenStore&) = delete;
    OpenStore(OpenStore&&) noexcept = default;
    OpenStore& operator=(OpenStore&&) noexcept = delete;
    ~OpenStore();

private:
    /// The sink keeps views of them: they do not move.
    struct Texts {
        std::string pipeline, id, data_dir;
    };
    OpenStore(std::shared_ptr<Plugin> plugin, const PipelineSpec& spec);
    [[nodiscard]] SinkSetup setup_in(const std::filesystem::path& data_dir);

    std::unique_ptr<Texts> texts_;
    std::shared_ptr<Plugin> plugin_;
};

}  // namespace spillway::runtime
