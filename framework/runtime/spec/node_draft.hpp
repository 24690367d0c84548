#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/pipeline_spec.hpp"
#include "runtime/spec/value_reader.hpp"
#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

/// An input as written, until it is resolved against the other nodes.
struct InputDraft {
    InputSpec spec;
    std::string path;
    /// Kinds that the input is narrowed to, each with its place; empty = all.
    std::vector<std::pair<Kind, Location>> only;
    std::optional<std::size_t> source;  ///< position of `from` among the drafts, once found
    /// A mistake in it was reported: what follows from that is not reported again.
    bool flawed = false;
};

/// A node as written, until the graph around it is checked.
struct NodeDraft {
    NodeSpec spec;
    std::string path;  ///< "scorers.risk"
    std::vector<InputDraft> inputs;
    bool flawed = false;  ///< plugin or an input unknown, so its kinds are unknown too
};

/// Reads one entry of `sources`, `transforms`, `scorers` or `sinks`: type, venue, options, `run`
/// and the form of its inputs. `without_places`: see LoadOptions.
[[nodiscard]] NodeDraft read_node(const YamlEntry& entry, Category category,
                                  std::string_view map_key, const Catalogue& catalogue,
                                  const ValueReader& reader, bool without_places);

/// Reads `inputs`: `id`, `id.port`, `{from, kinds, as, broadcast}` or a list of these.
[[nodiscard]] std::vector<InputDraft> read_inputs(const YamlEntry& entry, const std::string& path,
                                                  const ValueReader& reader);

}  // namespace spillway::runtime
