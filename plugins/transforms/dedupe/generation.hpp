#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <spillway/id.hpp>
#include <spillway/state.hpp>
#include <spillway/time.hpp>

namespace spillway::dedupe {

/// An id that was seen, and how large the record was (see Memory).
struct Entry {
    Id id;
    double magnitude = 0;
};

/// The ids of one stretch of event time: entries in the order in which they came, found through an
/// open-addressed table of their indices. Memory grows by doubling and is kept when it is reused.
class Generation {
public:
    /// Entries that make one row of the checkpoint.
    static constexpr std::size_t part_size = 4096;

    void begin(std::uint64_t number, Time start);
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] Time start() const noexcept { return start_; }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    /// Null if the id is unknown.
    [[nodiscard]] const Entry* find(const Id& id) const noexcept {
        for (std::size_t slot = id.low & mask_;; slot = (slot + 1) & mask_) {
            const std::uint32_t index = slots_[slot];
            if (index == empty) return nullptr;
            if (entries_[index].id == id) return &entries_[index];
        }
    }
    void insert(const Entry& entry);
    /// The record of that entry was replaced by a larger one.
    void raise(const Entry* entry, double magnitude);

    // ---- checkpoint ----

    [[nodiscard]] std::size_t parts() const noexcept {
        return (entries_.size() + part_size - 1) / part_size;
    }
    /// Whether the part changed since the last call with `all` false.
    [[nodiscard]] bool take_changed(std::size_t part) noexcept;
    void write(std::size_t part, StateWriter& out) const;
    [[nodiscard]] bool read(std::size_t part, std::uint64_t number, StateReader& in);

private:
    static constexpr std::uint32_t empty = ~std::uint32_t{0};
    void grow();
    void index(std::uint32_t entry) noexcept;

    std::uint64_t number_ = 0;
    Time start_ = 0;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, empty);
    std::size_t mask_ = 1023;
    std::vector<bool> changed_;  ///< by part
};

}  // namespace spillway::dedupe
