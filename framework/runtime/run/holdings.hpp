#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <spillway/source.hpp>

#include "runtime/ingress/doorbell.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// A live source that stays open while its pipeline is reloaded: what arrives meanwhile waits in
/// it.
struct OpenSource {
    NodeSpec node;                  ///< as it was opened
    bool has_ids = true;            ///< its SourceSetup asked for ids
    std::shared_ptr<Plugin> venue;  ///< whose protocol it speaks
    std::shared_ptr<Plugin> plugin;
};

/// Whether a live source that was opened as `node` can go on in a pipeline: it is there, configured
/// alike, and nobody asks for ids that it does not give.
[[nodiscard]] bool goes_on_in(const PipelineSpec& next, const NodeSpec& node, bool has_ids);

/// What a run holds while one session follows another. Used by the engine thread, but for the
/// doorbell.
struct Holdings {
    Doorbell doorbell;  ///< that live sources ring as long as they are there
    /// What sources share, by their plugin; they use it as long as they are there.
    std::map<const PluginDescription*, std::unique_ptr<Commons>> commons;
    /// Between two sessions only.
    std::vector<OpenSource> sources;
    std::int64_t began_at = 0;  ///< steady; of the first session

    /// Whether all of `sources` can.
    [[nodiscard]] bool all_go_on_in(const PipelineSpec& next) const;
};

}  // namespace spillway::runtime
