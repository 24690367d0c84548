#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/node.hpp>

#include "runtime/ingress/frame_log.hpp"
#include "runtime/load/description.hpp"

namespace spillway::runtime {

/// A place in a pipeline file; line 0 means "not in a file" (defaults, `--set`).
struct Location {
    std::string file;
    int line = 0;
    int column = 0;
};

/// Where a value came from, for `validate --explain`.
enum class Origin { fallback, file, environment, secret, override };

/// A checked option value with its origin. Secret values carry `secret` and are never printed.
struct OptionSetting {
    const OptionDescription* description = nullptr;
    std::int64_t integer = 0;  ///< boolean, integer, duration (ns), size (bytes), choice (index)
    double number = 0;
    std::string text;
    std::vector<std::string> texts;
    std::vector<std::pair<std::string, double>> numbers;
    Origin origin = Origin::fallback;
    std::string origin_detail;  ///< variable name, file of a secret, default in the file
    bool secret = false;
    Location where;    ///< of the value
    std::string path;  ///< YAML path
};

/// One `inputs` entry, resolved.
struct InputSpec {
    std::string from;  ///< node id
    std::string port;  ///< empty = default output; `late`, `errors` or a port
    KindSet kinds;     ///< what flows: offered by `from`, consumed here, as narrowed
    /// Of each stream only the newest event of an instant, and no say in the node's watermark.
    bool latest = false;
    bool broadcast = false;  ///< events reach every key of the node
    bool guest = false;      ///< of this run only: no say in watermarks, no part of the state
    Location where;
};

enum class WhenFull { block, drop_oldest };

/// The engine's options of a node (`run:`).
struct NodeRunOptions {
    std::uint32_t parallelism = 1;
    OnError on_error = OnError::dead_letter;
    std::optional<WhenFull> when_full;
    Duration idle_after = 0;             ///< sources; 0 = never idle
    Duration out_of_order = 5 * second;  ///< sources: how far events may come out of order
    std::string was;                     ///< earlier id, whose state this node takes over
    FrameLogSettings journal;            ///< live sources; without a folder there is none
};

/// One node, checked.
struct NodeSpec {
    std::string id;
    Category category = Category::transform;
    const PluginDescription* plugin = nullptr;
    const PluginDescription* venue = nullptr;  ///< decoder of a source with the trait `frames`
    std::vector<OptionSetting> options;        ///< in plugin->options order
    std::vector<InputSpec> inputs;             ///< in the order of the file
    NodeRunOptions run;
    Location where;
    KindSet emits;                             ///< what can leave the default output
    bool guest = false;                        ///< of this run only: keeps no state
    std::vector<OptionSetting> venue_options;  ///< in venue->options order, beside the source's own
    std::vector<OptionSetting> run_settings;   ///< `run` as written, with origins
};

/// A pipeline file that passed every check. Nodes stand in topological order (ties: the order of
/// the file, sources first); a node's index is its rank.
struct PipelineSpec {
    std::filesystem::path file;
    std::string name;
    std::vector<NodeSpec> nodes;
    std::string checkpoint_store;  ///< sink id; empty = none
    Duration checkpoint_interval = second;
    std::string dead_letter_store;  ///< sink id; empty = `dead_letter_file` or none
    std::string dead_letter_file;
    std::vector<OptionSetting> settings;  ///< name, checkpoint and dead letters, with origins

    [[nodiscard]] const NodeSpec* find(std::string_view id) const noexcept {
        for (const NodeSpec& node : nodes) {
            if (node.id == id) return &node;
        }
        return nullptr;
    }
};

}  // namespace spillway::runtime
