#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "daily_rms.hpp"
#include "grid.hpp"
#include "linked_series.hpp"
#include "sides.hpp"
#include "sketch.hpp"
#include "volatility.hpp"

namespace spillway::liquidation_risk {

/// What is known of one market at a grid close, or at a trial close between two of them.
/// An absent value is missing or stale. The spans must live for the call.
struct CloseInputs {
    struct Liquidations {
        bool present = false;
        BySide usd;  // decayed notional of single orders, or the sum of the bar that holds now
    };

    std::optional<std::uint32_t> price_stream;
    LinkedSeries::Values log_prices;  // ln of quote per base, by stream
    bool price_fresh = true;          // false: the last price is only repeated
    std::optional<std::uint32_t> open_interest_stream;
    LinkedSeries::Values log_open_interest;      // ln of base coins, by stream
    std::optional<double> funding;               // fraction per 8 h
    std::optional<double> long_short;            // longs per short
    std::optional<double> basis;                 // mark/index - 1
    std::optional<double> pressure;              // stablecoin pressure, -100..100
    std::span<const Liquidations> liquidations;  // by stream
};

/// Everything the scores are made of, measured at one close before that close is remembered.
/// Variances are per minute, changes are differences of logarithms.
struct Measures {
    bool warm = false;                // there is a typical move and a volatility to compare with
    bool young = false;               // ranks rest on less than seven days
    bool price_fresh = false;         // ignition and fragility need a price of now
    double cascade_move = 0;          // T: the 15-minute move that makes a cascade
    double near_variance = 0;         // to expect for the next minutes
    double far_variance = 0;          // to expect for the next hours
    std::optional<double> return_15;  // e^(x_k - x_(k-n(15))) - 1
    std::optional<double> oi_10, oi_15, oi_24h;
    std::optional<double> funding, log_ratio, basis, pressure;
    std::optional<double> rank_oi_drop, rank_oi_24h, rank_funding, rank_ratio, rank_basis;

    struct Sided {
        double excursion = 0;                   // u: how far the price is off its 10-minute best
        std::optional<double> liquidation_usd;  // largest stream, on the liquidated side
        std::optional<double> liquidations;     // X_liq, 0..1

        template <class Archive>
        void fields(Archive& io) {
            io(1, excursion);
            io(2, liquidation_usd);
            io(3, liquidations);
        }
    };
    std::array<Sided, 2> sided;  // by Direction

    const Sided& of(Direction d) const { return sided[index(d)]; }

    /// A measure taken earlier, without the inputs that have turned stale since.
    void drop_missing(const CloseInputs& now);

    template <class Archive>
    void fields(Archive& io) {
        io(1, warm);
        io(2, young);
        io(3, price_fresh);
        io(4, cascade_move);
        io(5, near_variance);
        io(6, far_variance);
        io(7, return_15);
        io(8, oi_10);
        io(9, oi_15);
        io(10, oi_24h);
        io(11, funding);
        io(12, log_ratio);
        io(13, basis);
        io(14, pressure);
        io(15, rank_oi_drop);
        io(16, rank_oi_24h);
        io(17, rank_funding);
        io(18, rank_ratio);
        io(19, rank_basis);
        io(20, sided);
    }
};

/// The floor of a cascade move and its size in typical 15-minute moves.
struct CascadeMove {
    double floor = 0.015;
    double factor = 4.0;
};

/// The memory of one market on its grid: rings of levels, volatilities, the typical 15-minute move
/// and one sketch for each ranked input. It moves only at closes; measure() is a question to it.
class History {
public:
    explicit History(Grid grid = {});

    const Grid& grid() const { return grid_; }

    /// What a close at `inputs` would show. Also serves trial closes: nothing is remembered.
    Measures measure(const CloseInputs& inputs, const CascadeMove& move = {}) const;

    /// Measures the close at `time` and remembers it.
    Measures close(Time time, const CloseInputs& inputs, const CascadeMove& move = {});

    /// The most points by which any score differs between trial closes at two prices (logarithms,
    /// of the stream of the last close), and between two bases of them.
    double price_reach(double from, double to, double cascade_move, double sharpening) const;
    double basis_reach(double from, double to) const;
    /// Likewise between two decayed notionals of one side of a stream.
    double liquidation_reach(std::size_t stream, Side side, double from, double to,
                             double weight) const;

    /// After a hole in the prices, levels and volatilities no longer continue; ranks do.
    void forget_levels();

    template <class Archive>
    void fields(Archive& io) {
        io(1, grid_);
        gains_ = Volatility::Gains(grid_.minutes());
        io(2, prices_);
        io(3, open_interest_);
        io(4, volatility_);
        io(5, typical_move_);
        io(6, funding_);
        io(7, oi_drop_);
        io(8, oi_24h_);
        io(9, ratio_);
        io(10, basis_);
        io(11, liquidations_);
        io(12, closes_);
    }

private:
    struct SidedSketch {
        Sketch longs{1.0};
        Sketch shorts{1.0};

        template <class Archive>
        void fields(Archive& io) {
            io(1, longs);
            io(2, shorts);
        }
    };

    void measure_prices(const CloseInputs& inputs, const LinkedSeries::Next& price,
                        const CascadeMove& move, Measures& out) const;
    void measure_open_interest(const LinkedSeries::Next& level, Measures& out) const;
    void measure_liquidations(const CloseInputs& inputs, Measures& out) const;
    void rotate(std::int64_t day);

    Grid grid_;
    Volatility::Gains gains_;
    LinkedSeries prices_;
    LinkedSeries open_interest_;
    Volatility volatility_;
    DailyRms typical_move_;  // of 15-minute returns
    Sketch funding_{1e-9}, oi_drop_{1e-7}, oi_24h_{1e-7}, ratio_{1e-7}, basis_{1e-7};
    std::vector<SidedSketch> liquidations_;  // by stream
    std::uint64_t closes_ = 0;
};

}  // namespace spillway::liquidation_risk
