#include "history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scales.hpp"

namespace spillway::liquidation_risk {

namespace {

constexpr double young_days = 7;

std::optional<double> rank_if(const Sketch& sketch, std::optional<double> x, double min_count) {
    return x ? sketch.rank(*x, min_count) : std::nullopt;
}

void insert_if(Sketch& sketch, std::optional<double> x) {
    if (x) sketch.insert(*x);
}

std::optional<double> absolute(std::optional<double> x) {
    return x ? std::optional(std::abs(*x)) : std::nullopt;
}

std::optional<double> negative(std::optional<double> x) {
    return x ? std::optional(-*x) : std::nullopt;
}

}  // namespace

void Measures::drop_missing(const CloseInputs& now) {
    price_fresh = price_fresh && now.price_fresh;
    if (!now.open_interest_stream) {
        oi_10 = oi_15 = oi_24h = rank_oi_drop = rank_oi_24h = std::nullopt;
    }
    if (!now.funding) funding = rank_funding = std::nullopt;
    if (!now.long_short) log_ratio = rank_ratio = std::nullopt;
    if (!now.basis) basis = rank_basis = std::nullopt;
    if (!now.pressure) pressure.reset();
    if (std::none_of(now.liquidations.begin(), now.liquidations.end(),
                     [](const auto& stream) { return stream.present; })) {
        for (Sided& s : sided) s.liquidations = s.liquidation_usd = std::nullopt;
    }
}

History::History(Grid grid)
    : grid_(grid),
      gains_(grid.minutes()),
      prices_(grid.closes(15) + 1),
      open_interest_(grid.closes(1440) + 1) {}

Measures History::measure(const CloseInputs& inputs, const CascadeMove& move) const {
    Measures out;
    const double day_of_closes = grid_.closes_a_day();
    out.young = static_cast<double>(closes_) < young_days * day_of_closes;
    measure_prices(inputs, prices_.next(inputs.price_stream, inputs.log_prices), move, out);
    measure_open_interest(
        open_interest_.next(inputs.open_interest_stream, inputs.log_open_interest), out);
    measure_liquidations(inputs, out);

    out.funding = inputs.funding;
    if (inputs.long_short) out.log_ratio = std::log(*inputs.long_short);
    out.basis = inputs.basis;
    out.pressure = inputs.pressure;
    out.rank_oi_drop = rank_if(oi_drop_, negative(out.oi_15), day_of_closes);
    out.rank_oi_24h = rank_if(oi_24h_, out.oi_24h, day_of_closes);
    out.rank_funding = rank_if(funding_, absolute(out.funding), day_of_closes);
    out.rank_ratio = rank_if(ratio_, out.log_ratio, day_of_closes);
    out.rank_basis = rank_if(basis_, out.basis, day_of_closes);
    return out;
}

void History::measure_prices(const CloseInputs& inputs, const LinkedSeries::Next& price,
                             const CascadeMove& move, Measures& out) const {
    if (!price.level) return;
    out.price_fresh = inputs.price_fresh;

    Volatility volatility = volatility_;
    if (const auto last = prices_.before(price, 1)) {
        volatility.add(*price.level - *last, gains_);
    }
    out.near_variance = volatility.near();
    out.far_variance = volatility.far();

    const std::size_t closes_15 = grid_.closes(15);
    if (const auto then = prices_.before(price, closes_15)) {
        out.return_15 = std::exp(*price.level - *then) - 1.0;
    }
    if (const auto typical = typical_move_.value(grid_.closes_a_day())) {
        const double minutes = grid_.minutes() * static_cast<double>(closes_15);
        out.cascade_move = std::max(move.floor, move.factor * *typical * std::sqrt(15.0 / minutes));
        // After a hole the typical move is still known; a volatility of a quarter of an hour is
        // enough to go on, for its means are unbiased from the start.
        out.warm = volatility.changes >= closes_15;
    }

    double lowest = *price.level, highest = *price.level;
    for (std::size_t i = 1; i <= grid_.closes(10); ++i) {
        const auto level = prices_.before(price, i);
        if (!level) break;
        lowest = std::min(lowest, *level);
        highest = std::max(highest, *level);
    }
    out.sided[0].excursion = highest - *price.level;
    out.sided[1].excursion = *price.level - lowest;
}

void History::measure_open_interest(const LinkedSeries::Next& level, Measures& out) const {
    if (!level.level) return;
    const auto change = [&](double minutes) -> std::optional<double> {
        const auto then = open_interest_.before(level, grid_.closes(minutes));
        return then ? std::optional(*level.level - *then) : std::nullopt;
    };
    out.oi_10 = change(10);
    out.oi_15 = change(15);
    out.oi_24h = change(1440);
}

// Every stream is ranked in its own history, so it needs no unit and no order is counted twice: the
// most unusual stream speaks. Less than 1 USD is what is left of an old order, not a liquidation.
void History::measure_liquidations(const CloseInputs& inputs, Measures& out) const {
    const std::size_t known = std::min(inputs.liquidations.size(), liquidations_.size());
    for (std::size_t i = 0; i < known; ++i) {
        if (!inputs.liquidations[i].present) continue;
        for (const Direction d : directions) {
            const Side side = liquidated_side(d);
            const Sketch& sketch =
                side == Side::long_position ? liquidations_[i].longs : liquidations_[i].shorts;
            const double usd = inputs.liquidations[i].usd.of(side);
            if (static_cast<double>(sketch.count()) < grid_.closes_a_day()) continue;
            const double unusual = usd >= 1.0 ? rarity(sketch.rank(usd, 1).value_or(0)) : 0.0;
            Measures::Sided& sided = out.sided[index(d)];
            sided.liquidations = std::max(sided.liquidations.value_or(0), unusual);
            sided.liquidation_usd = std::max(sided.liquidation_usd.value_or(0), usd);
        }
    }
}

Measures History::close(Time time, const CloseInputs& inputs, const CascadeMove& move) {
    rotate(day_of_close(time));
    const Measures out = measure(inputs, move);
    const auto price = prices_.next(inputs.price_stream, inputs.log_prices);
    if (const auto last = prices_.before(price, 1); last && price.level) {
        volatility_.add(*price.level - *last, gains_);
    }
    prices_.push(price, inputs.price_stream, inputs.log_prices);
    if (out.return_15) typical_move_.add(*out.return_15);

    const auto oi = open_interest_.next(inputs.open_interest_stream, inputs.log_open_interest);
    open_interest_.push(oi, inputs.open_interest_stream, inputs.log_open_interest);

    insert_if(funding_, absolute(out.funding));
    insert_if(oi_drop_, negative(out.oi_15));
    insert_if(oi_24h_, out.oi_24h);
    insert_if(ratio_, out.log_ratio);
    insert_if(basis_, out.basis);
    for (std::size_t i = 0; i < inputs.liquidations.size(); ++i) {
        if (i == liquidations_.size()) {
            liquidations_.emplace_back();
            liquidations_.back().longs.rotate(day_of_close(time));
            liquidations_.back().shorts.rotate(day_of_close(time));
        }
        if (!inputs.liquidations[i].present) continue;
        liquidations_[i].longs.insert(inputs.liquidations[i].usd.longs);
        liquidations_[i].shorts.insert(inputs.liquidations[i].usd.shorts);
    }
    ++closes_;
    rotate(day_of_close(time + grid_.step));  // so that a trial of the next close sees its day
    return out;
}

// Ignition is 100 times a logistic function of b - E, whose slope is at most 1/4. b is the rest of
// the move in units of s: it changes with the rest, at most T, and with s, which grows with the
// square of the change since the last close. E changes with kappa = u/T.
double History::price_reach(double from, double to, double cascade_move, double sharpening) const {
    const auto last = prices_.ago(0);
    const Volatility::Next next = volatility_.next(gains_);
    if (!last || !(next.near.least > 0) || !(next.far.least > 0)) {
        return std::numeric_limits<double>::infinity();
    }
    const double before = prices_.level_of(from) - *last;
    const double after = prices_.level_of(to) - *last;
    const double moved = std::abs(to - from);
    const double squares = std::abs(after * after - before * before) / gains_.minutes;

    const double sigma_growth = next.near.growth * squares / (2 * next.near.least);
    const double sigmas = (moved + cascade_move * sigma_growth) / std::sqrt(next.near.least * 15);
    const double ignition = 25 * (sigmas + sharpening * moved / cascade_move);
    const double fragility = 40 / std::log(8.0) * next.far.growth * squares / next.far.least;

    // Shrinking open interest counts only with a move of 15 minutes in the direction.
    double crowding = 0;
    if (const auto then = prices_.ago(grid_.closes(15) - 1)) {
        const double turn = *then - *last;
        if ((before > turn) != (after > turn) || (before < turn) != (after < turn)) crowding = 30;
    }
    return std::max({ignition, fragility, crowding});
}

double History::basis_reach(double from, double to) const {
    if (from == to) return 0;
    const auto before = basis_.rank(from, grid_.closes_a_day());
    const auto after = basis_.rank(to, grid_.closes_a_day());
    return before && after ? 2 * 2 * std::abs(*after - *before) : 0;
}

double History::liquidation_reach(std::size_t stream, Side side, double from, double to,
                                  double weight) const {
    if (stream >= liquidations_.size()) return 0;  // not ranked before the next close
    const Sketch& sketch =
        side == Side::long_position ? liquidations_[stream].longs : liquidations_[stream].shorts;
    if (static_cast<double>(sketch.count()) < grid_.closes_a_day()) return 0;
    const auto unusual = [&](double usd) {
        return usd >= 1.0 ? rarity(sketch.rank(usd, 1).value_or(0)) : 0.0;
    };
    return std::max(20.0, 25 * weight) * std::abs(unusual(to) - unusual(from));
}

void History::forget_levels() {
    prices_.clear();
    open_interest_.clear();
    volatility_ = {};
}

void History::rotate(std::int64_t day) {
    typical_move_.rotate(day);
    for (Sketch* sketch : {&funding_, &oi_drop_, &oi_24h_, &ratio_, &basis_}) sketch->rotate(day);
    for (SidedSketch& stream : liquidations_) {
        stream.longs.rotate(day);
        stream.shorts.rotate(day);
    }
}

}  // namespace spillway::liquidation_risk
