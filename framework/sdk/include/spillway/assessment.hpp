#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/names.hpp>
#include <spillway/time.hpp>

// What a scorer (<spillway/scorer.hpp>) says of its outputs, and what it finds of them.

namespace spillway {

/// How the points of a component move with its raw input while nothing else changes. `none` where
/// they may go either way, or where one record moves the raw input and something else that counts.
enum class Trend : std::uint8_t {
    none,
    rising,       ///< the more input, the more points
    falling,      ///< the more input, the fewer points
    rising_down,  ///< rising for prices that go down, falling for prices that go up
    rising_up,    ///< the other way round
};
inline constexpr std::array<std::string_view, 5> trend_names = {"none", "rising", "falling",
                                                                "rising_down", "rising_up"};

/// A part of a score: the most it may add, and what its presence is worth in coverage. Of weight
/// 0: shown only.
struct ComponentSpec {
    std::string_view name;
    double cap;
    double weight;
    Trend trend = Trend::none;
};

/// A score that a scorer emits, for both directions or none.
struct OutputSpec {
    std::string_view name;
    bool directed;  ///< down and up; else direction none
    bool headline;  ///< the larger direction is published as the headline (ties: down)
    std::span<const ComponentSpec> components;
    double least = 0;  ///< range of the score: what `low` and `high` are while nothing is known
    double most = 100;
};

/// A component as `assess` finds it: points in [floor, cap], or missing with the floor and cap that
/// it could reach now. A `partial` one comes from some of its sources while others are silent: its
/// points count in `value`, but it could be anything from the floor, or else its points, to the
/// cap.
struct ComponentValue {
    double points = 0;
    double cap = 0;
    double raw = 0;
    Duration age = -1;
    NameId reason = NameId::none;  ///< why it is missing or partial
    bool missing = false;
    bool partial = false;
    bool has_raw = false;
    double floor = 0;              ///< below 0 where a component may take away
    std::string_view venues = {};  ///< comma list; valid until the author is called again
};

inline constexpr std::size_t max_components = 8;

/// What `assess` answers. `ready` false: warming up or a required input missing, for `reason`.
template <class Context>
struct Assessment {
    bool ready = false;
    bool warming_up = false;
    bool young_ranks = false;
    bool at_close = false;
    NameId reason = NameId::none;
    NameId profile = NameId::none;
    NameId model = NameId::none;
    Context context{};
    std::array<ComponentValue, max_components> components{};  ///< as OutputSpec::components
};

}  // namespace spillway
