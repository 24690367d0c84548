#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::cli {

/// What a checkpoint holds of one node.
struct NodeState {
    std::string node;
    bool in_pipeline = false;  ///< the file has it, or it is the engine's own
    std::size_t keys = 0;      ///< the engine's own rows have none
    std::size_t rows = 0;
    std::size_t bytes = 0;
    std::uint64_t newest_epoch = 0;  ///< in which a row changed last
};

/// One entry per node with state, by name.
[[nodiscard]] std::vector<NodeState> nodes_of(const runtime::Checkpoint& checkpoint,
                                              const runtime::PipelineSpec& spec);

/// Rows of one node, or those of one of its keys.
struct Selection {
    std::string node;
    std::optional<std::string> key;

    [[nodiscard]] std::vector<const runtime::Checkpoint::Row*> rows(
        const runtime::Checkpoint& checkpoint) const;
};

[[nodiscard]] std::string list_text(std::string_view pipeline, const EpochInfo& epoch,
                                    const std::vector<NodeState>& nodes);
[[nodiscard]] std::string list_json(std::string_view pipeline, const EpochInfo& epoch,
                                    const std::vector<NodeState>& nodes);

using StateRows = std::vector<const runtime::Checkpoint::Row*>;
[[nodiscard]] std::string show_text(std::string_view node, const StateRows& rows);
[[nodiscard]] std::string show_json(std::string_view node, const StateRows& rows);

/// A row to be removed, or one that was.
struct PrunedRow {
    std::string node, key, part;
    std::size_t bytes = 0;
};
[[nodiscard]] std::string prune_text(const std::vector<PrunedRow>& rows, bool dry_run);
[[nodiscard]] std::string prune_json(const std::vector<PrunedRow>& rows, bool dry_run);

}  // namespace spillway::cli
