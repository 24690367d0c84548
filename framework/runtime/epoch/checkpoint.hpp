#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/checkpoint.hpp>
#include <spillway/state.hpp>

#include "runtime/epoch/parts.hpp"

namespace spillway::runtime {

/// The newest epoch of a pipeline as it was read back from the store.
class Checkpoint final : public StateRowVisitor {
public:
    struct Row {
        std::string key, part;
        std::uint32_t version = 0;
        std::vector<std::byte> bytes;
        std::uint64_t epoch = 0;  ///< that wrote it
    };

    EpochInfo info;
    bool past_end = false;  ///< the run goes on even behind the end of input

    /// False: the run starts with empty state.
    [[nodiscard]] bool resumes() const noexcept {
        return info.epoch > 0 && (!info.finished || past_end);
    }
    void row(const StateRow& row, std::uint64_t epoch) noexcept override;
    [[nodiscard]] std::span<const Row> rows_of(std::string_view node) const noexcept;
    /// The row of a node with that part and no key; null if there is none.
    [[nodiscard]] const Row* find(std::string_view node, std::string_view part) const noexcept;
    [[nodiscard]] const auto& nodes() const noexcept { return nodes_; }
    /// State of `old_id` becomes that of `id`.
    void rename(std::string_view old_id, std::string_view id);
    /// Forgets all rows: the run starts over.
    void clear() noexcept { nodes_.clear(); }

    /// Reads a row of the engine's own into what has `fields`. A missing row changes nothing.
    template <class State>
    [[nodiscard]] Status read(std::string_view node, std::string_view part, State& state) const {
        const Row* const row = find(node, part);
        if (row == nullptr) return {};
        if (row->version > engine_state_version) return newer();
        StateReader reader(row->bytes);
        state.fields(reader);
        return reader.ok() ? Status() : damaged(node, part);
    }

    /// What is said of a part that a newer program wrote.
    [[nodiscard]] static Status newer();

private:
    [[nodiscard]] static Status damaged(std::string_view node, std::string_view part);
    std::map<std::string, std::vector<Row>, std::less<>> nodes_;
};

}  // namespace spillway::runtime
