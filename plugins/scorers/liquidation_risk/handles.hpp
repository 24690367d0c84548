#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <spillway/event.hpp>

namespace spillway::liquidation_risk {

/// Which stream of a market an event belongs to, found again without its texts. Handles of names
/// are of this process only, so this is never stored: after a restore it fills anew.
class Handles {
public:
    /// The index of the event's stream; `add` answers it at first sight. `part` parts streams of
    /// one kind, venue and instrument.
    template <class Add>
    std::uint32_t of(const Event& event, unsigned part, const Add& add) {
        const std::uint64_t key = std::uint64_t{static_cast<std::uint8_t>(event.kind())} << 56U |
                                  std::uint64_t{part} << 48U |
                                  std::uint64_t{static_cast<std::uint16_t>(event.venue)} << 32U |
                                  static_cast<std::uint32_t>(event.instrument);
        for (const auto& [known, index] : known_) {
            if (known == key) return index;
        }
        const std::uint32_t index = add();
        known_.emplace_back(key, index);
        return index;
    }

private:
    std::vector<std::pair<std::uint64_t, std::uint32_t>> known_;  // a few dozen
};

}  // namespace spillway::liquidation_risk
