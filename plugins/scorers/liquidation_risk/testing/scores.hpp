#pragma once

#include <initializer_list>
#include <string_view>

#include <spillway/testing/driver.hpp>

#include "plugin.hpp"
#include "testing/events.hpp"

namespace spillway::liquidation_risk::testing {

using Scorers = spillway::testing::Driver<LiquidationRisk>;

inline const std::initializer_list<spillway::testing::OptionText> every_change = {
    {"min_change", "0"}};

inline Script closes(int first, int last) {
    Script script;
    for (int i = first; i < last; ++i) add_close(script, i);
    return script;
}

/// What a scorer put out.
struct Scores {
    const Batch& batch;

    /// The newest score at or before `time`; null if there is none.
    const Event* find(std::string_view name, Direction direction, Time time = time_never,
                      bool headline = false) const {
        const Event* found = nullptr;
        for (const Event& event : batch.events()) {
            if (event.receive_time > time) break;
            if (event.score.name == name_id(name) && event.score.direction == direction &&
                event.score.headline == headline) {
                found = &event;
            }
        }
        return found;
    }
    const Contribution* part(const Event& event, std::string_view name) const {
        for (std::size_t c = 0; c < event.score.contributions; ++c) {
            const auto* one = batch.blob_as<Contribution>(event, c * sizeof(Contribution));
            if (one->component == name_id(name)) return one;
        }
        return nullptr;
    }
};

}  // namespace spillway::liquidation_risk::testing
