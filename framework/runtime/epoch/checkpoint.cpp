#include "runtime/epoch/checkpoint.hpp"

#include <fmt/format.h>

namespace spillway::runtime {

void Checkpoint::row(const StateRow& row, std::uint64_t epoch) noexcept {
    auto node = nodes_.find(row.node);
    if (node == nodes_.end()) node = nodes_.try_emplace(std::string(row.node)).first;
    node->second.push_back({std::string(row.key),
                            std::string(row.part),
                            row.version,
                            {row.bytes.begin(), row.bytes.end()},
                            epoch});
}

std::span<const Checkpoint::Row> Checkpoint::rows_of(std::string_view node) const noexcept {
    const auto at = nodes_.find(node);
    return at != nodes_.end() ? std::span<const Row>(at->second) : std::span<const Row>();
}

const Checkpoint::Row* Checkpoint::find(std::string_view node,
                                        std::string_view part) const noexcept {
    for (const Row& row : rows_of(node)) {
        if (row.key.empty() && row.part == part) return &row;
    }
    return nullptr;
}

void Checkpoint::rename(std::string_view old_id, std::string_view id) {
    const auto at = nodes_.find(old_id);
    if (at == nodes_.end() || nodes_.contains(id)) return;
    auto node = nodes_.extract(at);
    node.key() = id;
    nodes_.insert(std::move(node));
}

Status Checkpoint::newer() {
    return {Code::unsupported,
            "the checkpoint was written by a newer spillway: use that one, or start over with "
            "--fresh"};
}

Status Checkpoint::damaged(std::string_view node, std::string_view part) {
    return {Code::io,
            fmt::format("the checkpoint of node {} is damaged (part {}): start over with --fresh",
                        node, part)};
}

}  // namespace spillway::runtime
