#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spillway::detail {

/// From key codes to key numbers, both given by the caller: a flat table with open addressing, one
/// cache line a look-up in the usual case. Grows at half full; nothing is ever removed.
class CodeTable {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// The number of a code; `none` if it was not inserted.
    [[nodiscard]] std::uint32_t find(std::uint64_t code) const noexcept {
        if (slots_.empty()) return none;
        for (std::size_t at = place_of(code);; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.number == none || slot.code == code) return slot.number;
        }
    }
    /// The code must not be there yet.
    void insert(std::uint64_t code, std::uint32_t number) {
        if (2 * (used_ + 1) > slots_.size()) grow();
        put({code, number});
        ++used_;
    }

private:
    struct Slot {
        std::uint64_t code = 0;
        std::uint32_t number = none;
    };

    /// Codes differ in few bits: multiplied by the golden ratio, the upper ones tell them apart.
    [[nodiscard]] std::size_t place_of(std::uint64_t code) const noexcept {
        return static_cast<std::size_t>(code * 0x9e3779b97f4a7c15 >> shift_);
    }
    void put(const Slot& slot) noexcept {
        std::size_t at = place_of(slot.code);
        while (slots_[at].number != none) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = slot;
    }
    void grow() {
        std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
        old.swap(slots_);
        shift_ = old.empty() ? 64 - 6 : shift_ - 1;
        for (const Slot& slot : old) {
            if (slot.number != none) put(slot);
        }
    }

    std::vector<Slot> slots_;  ///< a power of two
    std::size_t used_ = 0;
    unsigned shift_ = 64;
};

}  // namespace spillway::detail
