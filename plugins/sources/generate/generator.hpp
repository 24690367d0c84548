#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <spillway/event.hpp>

namespace spillway::generate {

/// What is made up.
struct Plan {
    std::uint64_t seed = 1;
    Time start = 0;
    double rate = 1000;  ///< events per second
    std::vector<MarketId> markets;
    std::vector<InstrumentId> instruments;  ///< one for each market
    std::vector<VenueId> venues;
    std::vector<Kind> kinds;
};

/// Receive time of event `index`: fixed spacing, whole nanoseconds, without drift.
[[nodiscard]] Time time_of(const Plan& plan, std::uint64_t index) noexcept;

/// Fills a fresh event of kind `kind_of(plan, index)`: a function of seed and index alone, so
/// every part of the stream can be made without what is before it.
[[nodiscard]] Kind kind_of(const Plan& plan, std::uint64_t index) noexcept;
void fill(const Plan& plan, std::uint64_t index, Event& event) noexcept;

/// "2026-01-01T00:00:00Z" (the Z and the seconds may be left out); none if it is no such time of
/// 2009..2100.
[[nodiscard]] std::optional<Time> parse_start(std::string_view text) noexcept;

}  // namespace spillway::generate
