#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <spillway/event.hpp>

#include "generation.hpp"

namespace spillway::dedupe {

/// What is remembered of an event: a key, and a magnitude that lets a later record with the same
/// key through if it is larger. Single records (liquidations, trades, flows) are known by id alone;
/// of bars, funding rates, open interest, ratios and liquidation sums that give one stream two
/// values for one time the larger magnitude counts. A zero key: the event cannot be judged.
[[nodiscard]] Entry entry_of(const Event& event) noexcept;

/// The keys seen within a window of event time, at least: they are kept in two generations, of
/// which the older one is forgotten when the younger one spans the window or holds half of
/// `max_entries`.
class Memory {
public:
    void limit(Duration window, std::size_t max_entries) noexcept {
        window_ = window;
        per_generation_ = max_entries / 2 > 0 ? max_entries / 2 : 1;
    }
    /// True if the record is new, or larger than the one known; then it is remembered.
    [[nodiscard]] bool admit(const Entry& entry, Time event_time) {
        if (event_time - young().start() >= window_ || young().size() >= per_generation_) {
            rotate(event_time);
        }
        for (Generation& generation : generations_) {
            const Entry* known = generation.find(entry.id);
            if (known == nullptr) continue;
            if (!(entry.magnitude > known->magnitude)) return false;
            generation.raise(known, entry.magnitude);
            return true;
        }
        young().insert(entry);
        return true;
    }

    void snapshot(StateSink& sink, std::uint32_t version, bool all);
    [[nodiscard]] bool restore(std::string_view part, StateReader& in);

private:
    [[nodiscard]] Generation& young() noexcept { return generations_[young_]; }
    void rotate(Time event_time);

    std::array<Generation, 2> generations_;
    std::size_t young_ = 0;
    Duration window_ = day;
    std::size_t per_generation_ = 1;
    std::vector<std::string> stale_parts_;  ///< rows of forgotten generations
};

}  // namespace spillway::dedupe
