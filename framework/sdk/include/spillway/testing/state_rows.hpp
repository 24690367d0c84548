#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/node.hpp>
#include <spillway/state.hpp>

namespace spillway::testing {

/// A node's state as a checkpoint keeps it: rows by key and part, a later row in place of an
/// earlier one.
class StateRows final : public StateSink {
public:
    struct Row {
        std::string key, part;
        std::uint32_t version = 0;
        std::vector<std::byte> bytes;
        friend bool operator==(const Row&, const Row&) = default;
    };

    void row(std::string_view key, std::string_view part, std::uint32_t version,
             std::span<const std::byte> bytes) noexcept override {
        const auto at = std::lower_bound(rows.begin(), rows.end(), std::pair(key, part), before);
        const bool known = at != rows.end() && at->key == key && at->part == part;
        if (bytes.empty()) {
            if (known) rows.erase(at);
            return;
        }
        Row made{std::string(key), std::string(part), version, {bytes.begin(), bytes.end()}};
        if (known) {
            *at = std::move(made);
        } else {
            rows.insert(at, std::move(made));
        }
    }

    /// Gives every row to a node that was started and has seen no step.
    [[nodiscard]] Status restore(Node& node) const {
        for (const Row& row : rows) {
            if (Status status = node.restore(row.key, row.part, row.version, row.bytes); !status) {
                return status;
            }
        }
        return {};
    }

    std::vector<Row> rows;  ///< by key, then part

private:
    static bool before(const Row& row, const std::pair<std::string_view, std::string_view>& place) {
        return std::pair(std::string_view(row.key), std::string_view(row.part)) < place;
    }
};

}  // namespace spillway::testing
