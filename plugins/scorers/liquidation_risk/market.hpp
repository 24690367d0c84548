#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <spillway/time.hpp>

#include "classic.hpp"
#include "excitation.hpp"
#include "grid.hpp"
#include "history.hpp"
#include "inputs.hpp"
#include "liquidations.hpp"
#include "monotone.hpp"
#include "scaled.hpp"
#include "sides.hpp"

namespace spillway::liquidation_risk {

/// What an operator may change about the scores of a market.
struct Settings {
    CascadeMove move;
    scaled::Weights weights;
    Kernel kernel;                // of self-excitation
    Duration half_life = minute;  // of the decayed notional
    bool trial_closes = true;     // else measures() shows the last close until the next
};

/// Everything remembered of one market, for all profiles. Records touch the inputs, O(1) each;
/// closes of the grid move the history; questions change nothing.
///
/// `now` is engine time and never decreases. Call advance(now) before every other call with that
/// `now`. One thread at a time, questions included (they share a scratch).
class Market {
public:
    /// Makes every grid close before `now`.
    void advance(Time now, const Settings& settings);

    /// The next moment at which something happens without a record: a close or an age limit.
    Time next_due() const;

    // --- Records; event times that lie after `now` count as `now`. Prices and orders answer the
    // --- most points by which they can have moved a score of `scaled` (infinite: do not know)

    /// The sources of this market; a change made here is seen by the next question.
    Inputs& inputs() {
        ++revision_;
        return inputs_;
    }
    Liquidations& liquidations() {
        ++revision_;
        return liquidations_;
    }
    /// A price has its own way in: it starts the grid.
    double price(Inputs::Index stream, Inputs::PriceRecord record, const Settings& settings);
    double order(Liquidations::Index venue, Side side, double usd, Time time,
                 const Settings& settings);
    /// Stablecoin pressure, -100..100, market-wide.
    void pressure(double value, Time time, Duration interval);

    // --- Questions ---

    /// The last close if nothing was received since (or trials are off), else a trial close at the
    /// newest price.
    const Measures& measures(const Settings& settings) const;
    /// Whether measures() shows a close and not a trial.
    bool at_close() const { return closed_ && revision_ == revision_at_close_; }
    /// X_exc, 0..1; none before the first single order.
    std::optional<double> self_excitation(Direction direction, const Settings& settings) const;

    classic::Inputs classic_inputs() const;
    monotone::Inputs monotone_inputs() const;

    const Inputs& seen() const { return inputs_; }
    const Liquidations& liquidations_seen() const { return liquidations_; }
    /// The price that counts now, even if it is stale.
    std::optional<Inputs::Index> price_stream() const { return chosen_price(now_); }
    std::optional<Duration> pressure_age() const;
    Time now() const { return now_; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, inputs_);
        io(2, liquidations_);
        io(3, history_);
        io(4, clock_);
        io(5, price_stream_);
        io(6, excitation_);
        io(7, excited_);
        io(8, pressure_);
        io(9, pressure_stream_);
        io(10, last_close_);
        io(11, closed_);
        io(12, revision_);
        io(13, revision_at_close_);
        io(14, now_);
    }

private:
    struct Scratch {
        std::vector<double> log_prices, log_open_interest;
        std::vector<CloseInputs::Liquidations> liquidations;
        Measures measures;
        std::uint64_t revision = 0;
        Time now = time_before_all;
        bool valid = false;
    };

    CloseInputs collect(Time time, const Settings& settings) const;
    void start_clock();
    Time newest_price(Time at) const;
    std::optional<Inputs::Index> chosen_price(Time at) const;

    Inputs inputs_;
    Liquidations liquidations_;
    History history_;
    CloseClock clock_;
    std::optional<Inputs::Index> price_stream_;  // chosen at the last close
    std::array<SelfExcitation, 2> excitation_;   // by direction
    bool excited_ = false;                       // there was a single order
    double pressure_ = 0;
    Stream pressure_stream_;
    Measures last_close_;
    bool closed_ = false;
    std::uint64_t revision_ = 0;
    std::uint64_t revision_at_close_ = 0;
    Time now_ = time_before_all;
    mutable Scratch scratch_;
};

}  // namespace spillway::liquidation_risk
