#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/time.hpp>

#include "decayed.hpp"
#include "history.hpp"
#include "notional_window.hpp"
#include "sides.hpp"
#include "stream.hpp"

namespace spillway::liquidation_risk {

/// Liquidations of one market, each order counted once although several sources tell of it:
///
/// - Per venue, single orders win over sums, and shorter sums over longer ones.
/// - A sum over several venues (`a+b`, or `*_agg` for unnamed ones) counts only if none of its
///   venues is present by itself and no sum that overlaps it counts already (shorter ones first,
///   then by name). On-chain venues are never part of such a sum.
/// - A connected source without liquidations says zero; a disconnected or stale one says nothing,
///   and what the others say is then a part only.
///
/// Sums of at most 60 s enter the five-minute window like orders. Longer ones count as
/// sum * 300 s / interval during one interval after they are known.
class Liquidations {
public:
    using Index = std::uint32_t;

    static constexpr Duration window = 300 * second;
    static constexpr Duration longest_windowed_sum = 60 * second;

    /// Index of a venue, added if new. `on_chain` is looked at when it is added.
    Index venue(std::string_view name, bool on_chain);

    /// What a status says.
    enum class About : std::uint8_t {
        venue,   ///< all of its data
        orders,  ///< single orders, which it is then known to publish: their silence means zero
        sums,
    };
    /// Whether a venue listens: it does when nothing says otherwise of all its data, nor of its
    /// liquidations.
    void connection(Index venue, bool connected, About about);

    /// What an order did to its venue's decayed notional of that side, as seen at `now`.
    struct Change {
        Index stream;
        double before, after;
    };
    /// None if it was the venue's first or of unknown size.
    std::optional<Change> order(Index venue, Side side, double usd, Time time, Time now,
                                Duration half_life);
    /// An order whose size in USD is unknown: shown, never added to sums.
    void order_of_unknown_size(Index venue) { ++venues_[venue].unknown_orders; }
    /// Of conflicting sums of one time the larger counts, each side by itself.
    void sum(Index venue, std::string_view instrument, const BySide& usd, Time time,
             Duration interval);

    /// Drops what left the window and, if sources came or went, decides again which streams count.
    /// Must be called with a `now` before it is asked for.
    void advance(Time now);

    /// V: USD of the last 300 s. None if no source is present.
    std::optional<BySide> last_five_minutes(Time now) const;

    /// Whether a venue is out whose liquidations nobody else tells: the rest is the least it can
    /// be.
    bool partial(Time now) const;

    /// What each stream says at `time`: decayed notional of single orders, or the sum that holds.
    void levels(Time time, Duration half_life, std::vector<CloseInputs::Liquidations>& out) const;

    /// The first moment after `now` at which a sum turns stale.
    Time next_stale(Time now) const;

    std::uint64_t unknown_orders() const;

    /// Venues that speak at `now`, in the order they were added, and their newest record
    /// (time_before_all: none yet). For explanations: it allocates.
    std::vector<std::pair<std::string_view, Time>> present_venues(Time now) const;

    template <class Archive>
    void fields(Archive& io) {
        io(1, venues_);
        io(2, streams_);
        selection_until_ = time_before_all;  // decided anew after reading
    }

private:
    struct Venue {
        std::string name;
        bool on_chain = false;
        std::optional<bool> connected;  ///< as was said of all its data
        bool single_orders = false;
        std::uint64_t unknown_orders = 0;
        std::optional<bool> delivers;  ///< as was said of its liquidations

        bool is_out() const { return !connected.value_or(true) || !delivers.value_or(true); }
        bool has_said() const { return connected || delivers; }

        bool unnamed_venues() const { return name.ends_with("_agg"); }
        bool several() const { return unnamed_venues() || name.find('+') != std::string::npos; }
        bool has_member(std::string_view venue) const;

        template <class Archive>
        void fields(Archive& io) {
            io(1, name);
            io(2, on_chain);
            io(3, connected);
            io(4, single_orders);
            io(5, unknown_orders);
            io(6, delivers);
        }
    };

    // The single orders of a venue (all instruments), or its sums of one instrument and interval.
    struct Source {
        Stream stream;  // declared: interval of the sums, 0 for single orders
        Index venue = 0;
        DecayedNotional decayed;  // of single orders
        BySide sum;               // the newest sum
        NotionalWindow recent;
        bool counts = false;  // in V; decided by select()

        bool single_orders() const { return stream.declared == 0; }
        bool holds(Time time) const {
            return time >= stream.newest && time < stream.newest + stream.declared;
        }

        template <class Archive>
        void fields(Archive& io) {
            io(1, stream);
            io(2, venue);
            io(3, decayed);
            io(4, sum);
            io(5, recent);
        }
    };

    Source& source(Index venue, std::string_view instrument, Duration interval);
    bool present(const Source& source, Time now) const;
    bool has_sums(Index venue) const;
    void select(Time now);
    bool is_told(std::string_view venue, Time now) const;
    static bool overlaps(const Venue& sum, const Venue& other);

    std::vector<Venue> venues_;
    std::vector<Source> streams_;
    Time selection_until_ = time_before_all;
    std::vector<Duration> best_;   // scratch of select(): by venue, -1 if not present
    std::vector<Index> accepted_;  // scratch of select(): sums over several venues that count
};

}  // namespace spillway::liquidation_risk
