#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data_health.hpp"
#include "grouping.hpp"
#include "machine.hpp"

namespace spillway::alerts {

/// A component of the score that a machine last took, kept for messages sent later.
struct KeptComponent {
    std::string name;
    double points = 0, cap = 0, raw = 0;
    bool missing = false, has_raw = false;
    std::string reason;  ///< why it is missing or partial; empty: it is whole

    [[nodiscard]] bool partial() const noexcept { return !missing && !reason.empty(); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, name);
        io(2, points);
        io(3, cap);
        io(4, raw);
        io(5, missing);
        io(6, has_raw);
        io(7, reason);
    }
};

/// A number that may be taken for the present until it is too old.
struct Gauge {
    double value = 0;
    Time at = time_before_all;  ///< engine time
    bool known = false;

    [[nodiscard]] std::optional<double> read(Time now, Duration valid_for) const noexcept {
        if (!known || now - at > valid_for) return std::nullopt;
        return value;
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, value);
        io(2, at);
        io(3, known);
    }
};

/// One market and direction: its machine, and what its score was made of.
struct Watch {
    AlertMachine machine;
    Reading reading;  ///< newest that the machine was given
    Time read_at = time_before_all;
    Gauge fragility;
    std::vector<KeptComponent> components;

    template <class Archive>
    void fields(Archive& io) {
        io(1, machine);
        io(2, reading);
        io(3, read_at);
        io(4, fragility);
        io(5, components);
    }
};

/// One feed: the data of one kind (empty: all) from one venue.
struct Feed {
    DataHealth health;
    std::string venue, kind;
    std::string reason;  ///< as the source last gave it

    template <class Archive>
    void fields(Archive& io) {
        io(1, health);
        io(2, venue);
        io(3, kind);
        io(4, reason);
    }
};

/// All that `alerts` remembers.
struct Watches {
    std::vector<Watch> watches;  ///< by first sight
    std::vector<Feed> feeds;
    Grouping grouping;
    Gauge pressure;

    /// Pending timers, earliest first: derived from the above, built anew after a restart.
    struct Due {
        Time at;
        bool feed;
        std::uint32_t index;
        friend auto operator<=>(const Due&, const Due&) = default;
    };
    std::set<Due> due;
    std::vector<Time> watch_due, feed_due;  ///< what stands in `due`, by index

    template <class Archive>
    void fields(Archive& io) {
        io(1, watches);
        io(2, feeds);
        io(3, grouping);
        io(4, pressure);
    }

    /// Moves the timer of one watch or feed.
    void schedule(bool feed, std::size_t index, Time at) {
        std::vector<Time>& times = feed ? feed_due : watch_due;
        times.resize(std::max(times.size(), index + 1), time_never);
        const auto position = static_cast<std::uint32_t>(index);
        if (times[index] == at) return;
        if (times[index] != time_never) due.erase({times[index], feed, position});
        if (at != time_never) due.insert({at, feed, position});
        times[index] = at;
    }
};

}  // namespace spillway::alerts
