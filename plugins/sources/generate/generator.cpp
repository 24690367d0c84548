#include "generator.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

#include <spillway/fields.hpp>

namespace spillway::generate {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014) as a hash.
std::uint64_t mix(std::uint64_t value) noexcept {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111eb;
    return value ^ (value >> 31U);
}

/// Independent draws for one event.
class Draws {
public:
    Draws(std::uint64_t seed, std::uint64_t index) noexcept : state_(mix(seed) ^ mix(index)) {}
    /// In (0, 1].
    double uniform() noexcept { return static_cast<double>((next() >> 11U) + 1) * 0x1p-53; }
    std::size_t below(std::size_t bound) noexcept {
        return static_cast<std::size_t>(next() % bound);
    }

private:
    std::uint64_t next() noexcept { return state_ = mix(state_); }
    std::uint64_t state_;
};

/// A triangle wave of 4 hours and 3 %, with 0.1 % of noise, around a base per market.
double price_of(std::size_t market, Time time, Draws& draws) noexcept {
    const double base = 100'000.0 / static_cast<double>(1U << (2 * (market % 10)));
    const double phase = to_seconds(floor_to(time, millisecond) % (4 * hour)) / 14'400.0;
    const double wave = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase;
    return base * (1 + 0.03 * wave + 0.001 * (draws.uniform() - 0.5));
}

}  // namespace

Time time_of(const Plan& plan, std::uint64_t index) noexcept {
    const auto seconds = static_cast<double>(index) / plan.rate;
    const double whole = std::floor(seconds);
    return plan.start + static_cast<Time>(whole) * second +
           static_cast<Time>((seconds - whole) * static_cast<double>(second));
}

Kind kind_of(const Plan& plan, std::uint64_t index) noexcept {
    return plan.kinds[index % plan.kinds.size()];
}

void fill(const Plan& plan, std::uint64_t index, Event& event) noexcept {
    Draws draws(plan.seed, index);
    const std::size_t market = draws.below(plan.markets.size());
    const double price = price_of(market, event.receive_time, draws);
    event.market = plan.markets[market];
    event.instrument = plan.instruments[market];
    event.venue = plan.venues[draws.below(plan.venues.size())];
    event.flags |= flag_simulated;
    switch (event.kind()) {
        case Kind::liquidation: {
            LiquidationPayload& order = event.liquidation;
            // Pareto with tail index 1.2 from 1,000 USD, as real sizes fall, cut at 50 million.
            const double tail = std::pow(draws.uniform(), -1 / 1.2);
            order.price = price;
            order.notional = std::fmin(1000 * tail, 5e7);
            order.quantity = order.notional / price;
            order.side = draws.below(2) == 0 ? Side::long_position : Side::short_position;
            order.price_kind = PriceKind::fill;
            order.completeness = Completeness::complete;
            for (unsigned bit = field::liquidation::price; bit < field::liquidation::raw; ++bit) {
                event.set_present(bit);
            }
            break;
        }
        case Kind::open_interest:
            event.open_interest.notional = 1e9 * (1 + 0.1 * draws.uniform());
            event.open_interest.base = event.open_interest.notional / price;
            event.set_present(field::open_interest::notional);
            event.set_present(field::open_interest::base);
            break;
        case Kind::funding_rate:
            event.funding_rate.rate = 0.0004 * (draws.uniform() - 0.4);
            event.funding_rate.rate_interval_hours = 8;
            event.set_present(field::funding_rate::rate);
            event.set_present(field::funding_rate::rate_interval_hours);
            break;
        default:
            event.price.last = price;
            event.price.mark = price;
            event.set_present(field::price::last);
            event.set_present(field::price::mark);
            break;
    }
}

std::optional<Time> parse_start(std::string_view text) noexcept {
    namespace chrono = std::chrono;
    // Digits where the pattern has 0, anything else must be equal.
    constexpr std::string_view pattern = "0000-00-00T00:00:00";
    if (text.ends_with('Z')) text.remove_suffix(1);
    if (text.size() != 10 && text.size() != 16 && text.size() != 19) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        if (at + size <= text.size())
            std::from_chars(text.data() + at, text.data() + at + size, value);
        return value;
    };
    const chrono::year_month_day date{chrono::year(number(0, 4)),
                                      chrono::month(static_cast<unsigned>(number(5, 2))),
                                      chrono::day(static_cast<unsigned>(number(8, 2)))};
    if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
        return std::nullopt;
    }
    if (number(0, 4) < 2009 || number(0, 4) > 2099) return std::nullopt;
    const chrono::sys_days midnight(date);
    return midnight.time_since_epoch().count() * day + number(11, 2) * hour +
           number(14, 2) * minute + number(17, 2) * second;
}

}  // namespace spillway::generate
