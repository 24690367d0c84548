#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "liquidation.hpp"

namespace spillway::cascades {

/// Share of one venue in a cascade.
struct VenueShare {
    std::uint32_t count = 0;
    MicroUsd notional = 0;

    template <class Archive>
    void fields(Archive& io) {
        io(1, count);
        io(2, notional);
    }
};

/// One cascade from activation to close. Its id never changes.
struct Episode {
    Id id;  ///< see episode_id
    CascadeState state = CascadeState::active;
    std::optional<Side> side;  ///< none: both sides pooled
    Time start = 0;            ///< event time of the earliest member
    Time last = 0;             ///< event time of the latest member
    Time last_arrival = 0;     ///< engine time of the latest member: drives cooling and closing
    Time last_emission = 0;    ///< engine time

    std::array<std::uint32_t, 2> counts{};  ///< by Side
    std::array<MicroUsd, 2> notional{};     ///< by Side
    std::uint32_t unknown_notional = 0;     ///< members whose USD value is not known
    std::vector<VenueShare> venues;         ///< by venue position
    std::vector<Liquidation> new_members;   ///< since the last emission

    double risk = 0;  ///< six-factor risk as of the market's newest liquidation
    double risk_peak = 0;
    double risk_sum = 0;  ///< over the instants that brought members
    std::uint32_t risk_samples = 0;

    void add(const Liquidation& member);
    /// `grew`: the instant brought members, so the value enters the mean.
    void sample_risk(double value, bool grew) noexcept;

    [[nodiscard]] double risk_mean() const noexcept {
        return risk_samples == 0 ? 0 : risk_sum / risk_samples;
    }
    [[nodiscard]] std::uint32_t members() const noexcept { return counts[0] + counts[1]; }
    [[nodiscard]] double total_usd() const noexcept { return to_usd(notional[0] + notional[1]); }
    [[nodiscard]] std::uint32_t venue_count() const noexcept;
    /// More than one venue took part.
    [[nodiscard]] bool cross_exchange() const noexcept { return venue_count() > 1; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, id.high);
        io(2, id.low);
        io(3, state);
        io(4, side);
        io(5, start);
        io(6, last);
        io(7, last_arrival);
        io(8, last_emission);
        io(9, counts);
        io(10, notional);
        io(11, unknown_notional);
        io(12, venues);
        io(13, new_members);
        io(14, risk);
        io(15, risk_peak);
        io(16, risk_sum);
        io(17, risk_samples);
    }
};

/// UUIDv5 of "market|side|first event id" in the project's cascade namespace
/// ce679620-efd9-5b2f-9278-094912957e87 (itself the UUIDv5 of "cascades.spillway" in the DNS
/// namespace). Side is `long`, `short` or, pooled, `all`; the event id is 32 lower-case
/// hexadecimal digits.
[[nodiscard]] Id episode_id(std::string_view market, std::optional<Side> side, const Id& first);

}  // namespace spillway::cascades
