#include "state/checkpoint_view.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "report/text_format.hpp"
#include "state/field_tree.hpp"

namespace spillway::cli {
namespace {

/// Ids of the file, earlier ones that nodes will take over, and the engine's own.
bool belongs_to(std::string_view node, const runtime::PipelineSpec& spec) {
    if (node.find('.') != std::string_view::npos) return true;  // no id of a file has a dot
    return std::any_of(spec.nodes.begin(), spec.nodes.end(), [node](const auto& known) {
        return known.id == node || known.run.was == node;
    });
}

std::string label(const runtime::Checkpoint::Row& row) {
    std::string text = row.key.empty() ? "(no key)" : row.key;
    if (!row.part.empty()) text += " / " + row.part;
    return text;
}

std::string plural(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", report::grouped(count), noun, count == 1 ? "" : "s");
}

}  // namespace

std::vector<NodeState> nodes_of(const runtime::Checkpoint& checkpoint,
                                const runtime::PipelineSpec& spec) {
    std::vector<NodeState> nodes;
    for (const auto& [id, rows] : checkpoint.nodes()) {
        NodeState& node = nodes.emplace_back();
        node.node = id;
        node.in_pipeline = belongs_to(id, spec);
        node.rows = rows.size();
        std::set<std::string_view> keys;
        for (const auto& row : rows) {
            if (!row.part.starts_with(runtime::engine_parts)) keys.insert(row.key);
            node.bytes += row.bytes.size();
            node.newest_epoch = std::max(node.newest_epoch, row.epoch);
        }
        node.keys = keys.size();
    }
    return nodes;
}

StateRows Selection::rows(const runtime::Checkpoint& checkpoint) const {
    StateRows found;
    for (const auto& row : checkpoint.rows_of(node)) {
        if (!key || row.key == *key) found.push_back(&row);
    }
    return found;
}

std::string list_text(std::string_view pipeline, const EpochInfo& epoch,
                      const std::vector<NodeState>& nodes) {
    if (epoch.epoch == 0) {
        return fmt::format("{}: no epoch was completed yet; a run begins with empty state\n",
                           pipeline);
    }
    const std::string time =
        epoch.time == time_before_all ? "before the first event" : format_time(epoch.time);
    std::string text = fmt::format("{}: epoch {}, {}, {}\n", pipeline, epoch.epoch, time,
                                   epoch.finished ? "finished: the next run starts over"
                                                  : "unfinished: the next run goes on from there");
    report::TextTable table({"node", "keys", "rows", "bytes", "newest epoch"});
    bool strangers = false;
    for (const NodeState& node : nodes) {
        strangers = strangers || !node.in_pipeline;
        table.add({node.in_pipeline ? node.node : node.node + " *", report::grouped(node.keys),
                   report::grouped(node.rows), report::grouped(node.bytes),
                   report::grouped(node.newest_epoch)});
    }
    for (const std::string& line : table.lines()) text += "  " + line + '\n';
    if (strangers) {
        text += "  * not in the pipeline file: `spillway state prune` removes it\n";
    }
    return text;
}

std::string show_text(std::string_view node, const StateRows& rows) {
    std::string text;
    for (const auto* row : rows) {
        text += fmt::format("{}  {}  version {}, {}, epoch {}\n", node, label(*row), row->version,
                            plural(row->bytes.size(), "byte"), row->epoch);
        text += FieldTree::read(row->bytes).to_text(2);
    }
    return text;
}

std::string prune_text(const std::vector<PrunedRow>& rows, bool dry_run) {
    if (rows.empty()) return "nothing to remove: all state belongs to nodes of the pipeline\n";
    struct Sum {
        std::size_t rows = 0, bytes = 0;
    };
    std::map<std::string_view, Sum> nodes;
    for (const PrunedRow& row : rows) {
        Sum& sum = nodes[row.node];
        ++sum.rows;
        sum.bytes += row.bytes;
    }
    std::string text;
    for (const auto& [node, sum] : nodes) {
        text += fmt::format("{} {} of {} ({})\n", dry_run ? "would remove" : "removed",
                            plural(sum.rows, "row"), node, plural(sum.bytes, "byte"));
    }
    return text;
}

}  // namespace spillway::cli
