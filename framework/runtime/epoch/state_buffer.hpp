#pragma once

#include <cstring>
#include <string_view>
#include <vector>

#include <spillway/checkpoint.hpp>
#include <spillway/pod_vector.hpp>
#include <spillway/state.hpp>

namespace spillway::runtime {

/// Keeps a copy of the state rows that nodes hand over at a barrier. Its memory is used again.
class StateBuffer final : public StateSink {
public:
    /// The rows that follow belong to this node; the text must outlive the buffer.
    void of(std::string_view node) noexcept { node_ = node; }
    void row(std::string_view key, std::string_view part, std::uint32_t version,
             std::span<const std::byte> bytes) noexcept override {
        rows_.push_back({node_, bytes_.size(), static_cast<std::uint32_t>(key.size()),
                         static_cast<std::uint32_t>(part.size()),
                         static_cast<std::uint32_t>(bytes.size()), version});
        append(key.data(), key.size());
        append(part.data(), part.size());
        append(bytes.data(), bytes.size());
    }
    /// A row of what has `fields`.
    template <class State>
    void put(std::string_view part, std::uint32_t version, State& state) {
        writer_.clear();
        state.fields(writer_);
        row({}, part, version, writer_.bytes());
    }
    void append_to(std::vector<StateRow>& out) const {
        for (const Row& row : rows_) {
            const auto* const text = reinterpret_cast<const char*>(bytes_.data()) + row.at;
            out.push_back({row.node,
                           {text, row.key},
                           {text + row.key, row.part},
                           row.version,
                           {bytes_.data() + row.at + row.key + row.part, row.bytes}});
        }
    }
    void clear() noexcept {
        rows_.clear();
        bytes_.clear();
    }

private:
    struct Row {
        std::string_view node;
        std::uint32_t at, key, part, bytes, version;
    };
    void append(const void* data, std::size_t size) noexcept {
        const std::uint32_t at = bytes_.size();
        if (at + size > bytes_.capacity()) {
            bytes_.reserve(static_cast<std::uint32_t>((at + size) * 2));
        }
        bytes_.resize_uninitialised(static_cast<std::uint32_t>(at + size));
        if (size > 0) std::memcpy(bytes_.data() + at, data, size);
    }

    std::string_view node_;
    std::vector<Row> rows_;
    PodVector<std::byte> bytes_;
    StateWriter writer_;
};

}  // namespace spillway::runtime
