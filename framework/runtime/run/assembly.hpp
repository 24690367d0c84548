#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include <spillway/sink.hpp>
#include <spillway/source.hpp>

#include "runtime/graph/graph.hpp"
#include "runtime/load/catalogue.hpp"
#include "runtime/run/holdings.hpp"
#include "runtime/run/runner.hpp"
#include "runtime/spec/diagnostic.hpp"

namespace spillway::runtime {

/// The plugin objects of a pipeline, created and configured, one entry per node.
struct Assembled {
    struct Entry {
        std::shared_ptr<Plugin> decoder;
        /// Whose protocol the source speaks: the decoder, or that of an earlier session.
        std::shared_ptr<Plugin> venue;
        std::vector<std::shared_ptr<Plugin>> plugins;  ///< one per shard; none for taps
        Sink* sink = nullptr;                          ///< of the plugin or the tap
        Source* source = nullptr;
        bool open = false;     ///< a source that stayed open
        bool has_ids = true;   ///< of a source: what it was told at `open`
        bool at_once = false;  ///< Tap::at_once
    };
    std::vector<Entry> entries;
};

/// Adds to a checked pipeline what the run needs: taps, and the edges (or the file) that dead
/// letters take.
void complete_spec(PipelineSpec& spec, const Catalogue& catalogue, const std::vector<Tap>& taps);

/// Loads the libraries, creates and configures every plugin, but for sources that stayed open and
/// are configured as they were. Mistakes in options that only the plugin can find come back with
/// their place in the pipeline file.
[[nodiscard]] tl::expected<Assembled, Diagnostics> assemble(const PipelineSpec& spec,
                                                            const std::vector<Tap>& taps,
                                                            std::span<const OpenSource> open = {});

}  // namespace spillway::runtime
