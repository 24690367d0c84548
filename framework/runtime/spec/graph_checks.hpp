#pragma once

#include <span>
#include <vector>

#include "runtime/spec/findings.hpp"
#include "runtime/spec/node_draft.hpp"

namespace spillway::runtime {

/// Checks of the nodes against each other, in this order. Drafts stand sources first, then in the
/// order of the file. What follows from a mistake that is already reported is not reported again.

/// Ids are unique over the four maps.
void check_unique_ids(std::span<const NodeDraft> drafts, Findings& findings);

/// Finds the node and output of every input.
void resolve_inputs(std::span<NodeDraft> drafts, Findings& findings);

/// Positions of the drafts, each behind all that it reads from, ties as they stand. Reports every
/// cycle; the nodes of a cycle are left out.
[[nodiscard]] std::vector<std::size_t> topological_order(std::span<const NodeDraft> drafts,
                                                         Findings& findings);

/// Follows the kinds of events through the graph: sets what flows on every input and what leaves
/// every node. An input on which nothing can flow is a mistake.
void propagate_kinds(std::span<NodeDraft> drafts, std::span<const std::size_t> order,
                     Findings& findings);

/// Every source, transform and scorer has somebody who reads it.
void check_all_used(std::span<const NodeDraft> drafts, Findings& findings);

/// Warns of two sinks of one type that write to the same paths.
void check_sink_targets(std::span<const NodeDraft> drafts, Findings& findings);

}  // namespace spillway::runtime
