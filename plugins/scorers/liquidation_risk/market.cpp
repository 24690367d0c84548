#include "market.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace spillway::liquidation_risk {

namespace {

constexpr double any_change = std::numeric_limits<double>::infinity();
/// More than nothing: looked at some time, not at once.
constexpr double unlikely_change = std::numeric_limits<double>::min();

}  // namespace

void Market::advance(Time now, const Settings& settings) {
    now_ = now;
    while (clock_.is_due(now)) {
        const Time close = clock_.next_close();
        if (clock_.hole(newest_price(close))) {
            clock_.stop();
            break;
        }
        price_stream_ = chosen_price(close);
        last_close_ = history_.close(close, collect(close, settings), settings.move);
        closed_ = true;
        revision_at_close_ = revision_;
        clock_.closed();
        scratch_.valid = false;
    }
    liquidations_.advance(now);
}

Time Market::next_due() const {
    Time next = std::min(inputs_.next_stale(now_), liquidations_.next_stale(now_));
    if (clock_.running()) next = std::min(next, clock_.next_close() + 1);
    if (pressure_stream_.fresh(now_)) next = std::min(next, pressure_stream_.fresh_until() + 1);
    return next;
}

double Market::price(Inputs::Index stream, Inputs::PriceRecord record, const Settings& settings) {
    const Inputs::Price& price = inputs_.prices()[stream];
    const double log_price = price.log_price;
    const std::optional<double> basis = price.basis;
    const bool fresh = price.stream.fresh(now_);
    const Duration declared = price.stream.declared;

    record.time = std::min(record.time, now_);
    if (!inputs_.price(stream, record)) return 0;
    ++revision_;
    const Grid grid = Grid::of_stream(price.stream.declared);
    if (!clock_.running() || grid.step < clock_.grid().step) {
        start_clock();
        return any_change;
    }
    const bool only_moved = closed_ && fresh && declared == price.stream.declared &&
                            basis.has_value() == price.basis.has_value();
    if (!only_moved || chosen_price(now_) != price_stream_) return any_change;
    if (!settings.trial_closes || stream != price_stream_) return 0;
    if (!last_close_.warm) return unlikely_change;
    const scaled::Weights& w = settings.weights;
    double reach = history_.price_reach(log_price, price.log_price, last_close_.cascade_move,
                                        w.open_interest + w.liquidations + w.self_excitation);
    if (basis) reach += history_.basis_reach(*basis, *price.basis);
    return reach;
}

double Market::order(Liquidations::Index venue, Side side, double usd, Time time,
                     const Settings& settings) {
    ++revision_;
    time = std::min(time, now_);
    const auto change = liquidations_.order(venue, side, usd, time, now_, settings.half_life);
    const Direction d = side == Side::long_position ? Direction::down : Direction::up;
    excitation_[index(d)].add(settings.kernel, time, usd);
    excited_ = true;
    if (!change || !closed_ || settings.weights.self_excitation > 0) return any_change;
    if (!settings.trial_closes) return 0;
    return history_.liquidation_reach(change->stream, side, change->before, change->after,
                                      settings.weights.liquidations);
}

void Market::pressure(double value, Time time, Duration interval) {
    if (!std::isfinite(value) || time < pressure_stream_.newest) return;
    ++revision_;
    pressure_ = value;
    pressure_stream_.newest = std::min(time, now_);
    pressure_stream_.declared = interval;
}

// A coarser grid than the running one never starts here: its stream is heard only after the finer
// one has been silent for so long that the clock stopped. Changing the grid forgets everything.
void Market::start_clock() {
    const auto chosen = inputs_.choose_price(now_);
    if (!chosen) return;
    const Stream& stream = inputs_.prices()[*chosen].stream;
    const Grid grid = Grid::of_stream(stream.declared);
    if (grid != history_.grid()) {
        history_ = History(grid);
    } else {
        history_.forget_levels();
    }
    price_stream_ = chosen;
    closed_ = false;
    clock_.start(grid, std::max(stream.newest, clock_.next_close()));
}

std::optional<Inputs::Index> Market::chosen_price(Time at) const {
    const auto fresh = inputs_.choose_price(at, clock_.grid().step);
    return fresh ? fresh : price_stream_;
}

Time Market::newest_price(Time at) const {
    const auto chosen = chosen_price(at);
    return chosen ? inputs_.prices()[*chosen].stream.newest : time_before_all;
}

CloseInputs Market::collect(Time time, const Settings& settings) const {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    CloseInputs out;
    out.price_stream = chosen_price(time);
    scratch_.log_prices.resize(inputs_.prices().size());
    for (std::size_t i = 0; i < inputs_.prices().size(); ++i) {
        const Inputs::Price& p = inputs_.prices()[i];
        const bool usable = p.stream.fresh(time) || out.price_stream == i;
        scratch_.log_prices[i] = usable ? p.log_price : nothing;
    }
    out.log_prices = scratch_.log_prices;
    out.price_fresh = out.price_stream && inputs_.prices()[*out.price_stream].stream.fresh(time);
    if (out.price_fresh) out.basis = inputs_.prices()[*out.price_stream].basis;

    out.open_interest_stream = inputs_.choose_open_interest(time);
    scratch_.log_open_interest.resize(inputs_.open_interests().size());
    for (std::size_t i = 0; i < inputs_.open_interests().size(); ++i) {
        const Inputs::OpenInterest& oi = inputs_.open_interests()[i];
        scratch_.log_open_interest[i] = oi.stream.fresh(time) ? oi.log_value : nothing;
    }
    out.log_open_interest = scratch_.log_open_interest;

    out.funding = inputs_.funding_8h(time);
    if (const auto s = inputs_.choose_long_short(time)) {
        out.long_short = inputs_.long_shorts()[*s].ratio;
    }
    if (pressure_stream_.fresh(time)) out.pressure = pressure_;
    liquidations_.levels(time, settings.half_life, scratch_.liquidations);
    out.liquidations = scratch_.liquidations;
    return out;
}

const Measures& Market::measures(const Settings& settings) const {
    if (scratch_.valid && scratch_.revision == revision_ && scratch_.now == now_) {
        return scratch_.measures;
    }
    const CloseInputs inputs = collect(now_, settings);
    if (at_close() || (closed_ && !settings.trial_closes)) {
        scratch_.measures = last_close_;
        scratch_.measures.drop_missing(inputs);
    } else {
        scratch_.measures = history_.measure(inputs, settings.move);
    }
    scratch_.revision = revision_;
    scratch_.now = now_;
    scratch_.valid = true;
    return scratch_.measures;
}

std::optional<Duration> Market::pressure_age() const {
    if (!pressure_stream_.fresh(now_)) return std::nullopt;
    return now_ - pressure_stream_.newest;
}

std::optional<double> Market::self_excitation(Direction direction, const Settings& settings) const {
    if (!excited_) return std::nullopt;
    return excitation_[index(direction)].level(settings.kernel, now_);
}

classic::Inputs Market::classic_inputs() const {
    classic::Inputs out;
    out.funding = inputs_.funding_as_sent(now_);
    if (const auto oi = inputs_.choose_open_interest(now_)) {
        out.open_interest_change = inputs_.open_interests()[*oi].samples.change_over_ten(11);
    }
    if (const auto price = inputs_.choose_price(now_)) {
        out.price_change = inputs_.prices()[*price].samples.change_over_ten(10);
    }
    if (const auto ratio = inputs_.choose_long_short(now_)) {
        out.long_short = inputs_.long_shorts()[*ratio].ratio;
    }
    if (const auto usd = liquidations_.last_five_minutes(now_)) out.liquidated = usd->total();
    return out;
}

monotone::Inputs Market::monotone_inputs() const {
    monotone::Inputs out;
    out.funding = inputs_.funding_8h(now_);
    if (const auto oi = inputs_.choose_open_interest(now_)) {
        out.open_interest_change = inputs_.open_interests()[*oi].samples.change_over_five_minutes();
    }
    if (const auto price = inputs_.choose_price(now_)) {
        out.price_change = inputs_.prices()[*price].samples.change_over_five_minutes();
    }
    if (const auto ratio = inputs_.choose_long_short(now_)) {
        out.long_short = inputs_.long_shorts()[*ratio].ratio;
    }
    out.liquidated = liquidations_.last_five_minutes(now_);
    return out;
}

}  // namespace spillway::liquidation_risk
