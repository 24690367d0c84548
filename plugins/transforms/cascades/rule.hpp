#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "episode.hpp"
#include "liquidation.hpp"
#include "window.hpp"

namespace spillway::cascades {

struct RuleOptions {
    Duration window = 60 * second;        ///< event time
    std::uint32_t min_events = 5;         ///< within the window
    double min_notional = 100'000;        ///< USD within the window
    Duration late_after = 60 * second;    ///< behind the market's newest event time
    Duration cool_after = 60 * second;    ///< engine time without a member
    Duration close_after = 300 * second;  ///< engine time after the last member
    Duration emit_every = second;         ///< engine time between emissions that only add members
    bool pooled = false;                  ///< one cascade a market instead of one per side
};

/// What became of an observed liquidation.
enum class Verdict : std::uint8_t {
    accepted,
    late,  ///< too far behind the newest: neither opens nor joins a cascade
};

/// A cascade as it was at engine time `at`; `episode.new_members` are those added since its
/// previous emission.
struct Emission {
    Time at = 0;
    Episode episode;
};

/// The cascade rule of one market: at least `min_events` liquidations worth at least
/// `min_notional` within `window` of event time, per side or pooled. Its lifecycle is
///     forming -> active -> cooling (no member for cool_after) -> closed (close_after after the
///     last member),
/// where an event while cooling makes it active again and forming is never emitted. Members are
/// the events in the window at activation and every later one until the close. The id comes from
/// the first event, the lowest by (event time, id).
///
/// Windows count event time; cooling, closing and emissions run on engine time. An instant (all
/// records of one receive time) is judged as a whole, ordered by (event time, id), so the order of
/// simultaneous events cannot be seen in the results.
///
/// The caller drives one market like this, and never goes back in engine time:
///     advance(now, out);           // before the first record of a new instant, and at next_due()
///     observe(liquidation, now);
///     finish(out);                 // at the end of input
/// Not thread-safe; all of it is state of one key.
class MarketRule {
public:
    /// Settles the instant before `now` and fires every timer due at or before `now`.
    void advance(Time now, const RuleOptions& options, std::vector<Emission>& out);

    /// Takes a record of the instant `now`; its effects show in the next advance or finish.
    Verdict observe(const Liquidation& event, Time now, const RuleOptions& options);

    /// Settles the last instant. Timers later than the last record do not fire.
    void finish(const RuleOptions& options, std::vector<Emission>& out);

    /// Engine time at which advance() has something to do; time_never if nothing is pending.
    [[nodiscard]] Time next_due(const RuleOptions& options) const noexcept;

    /// The cascade of a side that is active or cooling; pooled cascades answer for both sides.
    [[nodiscard]] const Episode* open(Side side, const RuleOptions& options) const noexcept;

    [[nodiscard]] const Window& window() const noexcept { return window_; }
    [[nodiscard]] Time newest() const noexcept { return newest_; }
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
    [[nodiscard]] std::uint64_t opened() const noexcept { return opened_; }
    /// Nothing open, nothing pending, nothing in the window: the key holds only its name tables.
    [[nodiscard]] bool idle() const noexcept;

    [[nodiscard]] const std::string& market() const noexcept { return market_; }
    void set_market(std::string_view market) { market_ = market; }

    NameTable venues;
    NameTable instruments;

    template <class Archive>
    void fields(Archive& io) {
        io(1, market_);
        io(2, venues);
        io(3, instruments);
        io(4, window_);
        io(5, pending_);
        io(6, instant_);
        io(7, newest_);
        io(8, episodes_);
        io(9, late_);
        io(10, opened_);
    }

private:
    using Track = std::size_t;  ///< position in episodes_: a side, or 0 when pooled

    [[nodiscard]] static Time due(const Episode& episode, const RuleOptions& options) noexcept;
    void settle(const RuleOptions& options, std::vector<Emission>& out);
    void take(const Liquidation& event, const RuleOptions& options, std::array<bool, 2>& grew);
    bool try_open(Track track, const RuleOptions& options);
    void fire(Track track, Time now, const RuleOptions& options, std::vector<Emission>& out);
    static void emit(Episode& episode, Time now, std::vector<Emission>& out);

    std::string market_;
    Window window_;
    std::vector<Liquidation> pending_;  ///< of the instant not yet settled
    Time instant_ = time_before_all;    ///< engine time of pending_
    Time newest_ = time_before_all;     ///< newest event time, both sides
    std::array<std::optional<Episode>, 2> episodes_;
    std::uint64_t late_ = 0;
    std::uint64_t opened_ = 0;
};

}  // namespace spillway::cascades
