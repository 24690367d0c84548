#include "scaled.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scales.hpp"

namespace spillway::liquidation_risk::scaled {

namespace {

// X_oi: positions that were closed within ten minutes, full at one percent.
std::optional<double> deleveraging(const Measures& m) {
    if (!m.oi_10) return std::nullopt;
    return std::clamp(-*m.oi_10 / 0.01, 0.0, 1.0);
}

// Payers of funding are the crowd: longs when it is positive, and longs are hurt by a fall.
std::optional<double> crowded_funding(const Measures& m, Direction d) {
    if (!m.rank_funding || !m.funding) return std::nullopt;
    return -sign(d) * *m.funding > 0 ? above_middle(*m.rank_funding) : 0.0;
}

std::optional<double> one_sided(std::optional<double> rank, Direction d) {
    if (!rank) return std::nullopt;
    return above_middle(d == Direction::up ? 1.0 - *rank : *rank);
}

std::optional<double> crowded_open_interest(const Measures& m) {
    if (!m.rank_oi_24h) return std::nullopt;
    return above_middle(*m.rank_oi_24h);
}

// Open interest falls while the price goes the direction's way: forced, not chosen.
std::optional<double> forced_closing(const Measures& m, Direction d) {
    if (!m.price_fresh || !m.return_15 || !m.oi_15 || !m.rank_oi_drop) return std::nullopt;
    const bool forced = *m.oi_15 < 0 && sign(d) * *m.return_15 > 0;
    return forced ? rarity(*m.rank_oi_drop) : 0.0;
}

enum RiskTerm : std::size_t {
    funding,
    open_interest,
    open_interest_growth,
    long_short,
    liquidations,
    ignition,
    ignition_open_interest,
    ignition_liquidations
};

}  // namespace

Readiness readiness(const Measures& m, bool needs_price) {
    if (!m.warm) return Readiness::warming_up;
    return needs_price && !m.price_fresh ? Readiness::price_missing : Readiness::ready;
}

std::optional<Distance> distance(const Measures& m, Direction direction) {
    if (!m.price_fresh) return std::nullopt;
    const double excursion = m.of(direction).excursion;
    const double rest = std::max(m.cascade_move - excursion, 0.0);
    const double sigma = std::sqrt(m.near_variance) * std::sqrt(15.0);
    Distance out;
    out.complete = std::min(1.0, excursion / m.cascade_move);
    if (sigma > 0) {
        out.left = rest / sigma;
    } else {
        out.left = rest > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    }
    return out;
}

double logistic(double distance_left, double evidence) {
    return 100.0 / (1.0 + std::exp(distance_left - evidence - 1.0));
}

void assess_ignition(const Measures& m, const std::optional<Distance>& distance,
                     std::optional<double> self_excitation, const Weights& weights,
                     Direction direction, ComponentValues out) {
    const double complete = distance ? distance->complete : 1.0;
    const auto& sided = m.of(direction);
    set(out[0], 0, distance ? std::optional(0.0) : std::nullopt, sided.excursion);
    set_share(out[1], weights.open_interest * complete, deleveraging(m), m.oi_10);
    set_share(out[2], weights.liquidations * complete, sided.liquidations, sided.liquidation_usd);
    set_share(out[3], weights.self_excitation * complete, self_excitation, self_excitation);
}

double combine_ignition(const std::optional<Distance>& distance, std::span<const double> points) {
    if (!distance) return 0;
    double evidence = 0;
    for (const double p : points) evidence += p;
    return logistic(distance->left, evidence);
}

void assess_fragility(const Measures& m, Direction direction, ComponentValues out) {
    // c: the cascade move in expected sigmas of four hours
    const double sigmas = m.cascade_move / (std::sqrt(m.far_variance) * std::sqrt(240.0));
    const double volatility = std::clamp(std::log(3.0 / sigmas) / std::log(8.0), 0.0, 1.0);
    std::optional<double> pressure;
    if (m.pressure) pressure = std::clamp(sign(direction) * *m.pressure / 50.0, 0.0, 1.0);

    set_share(out[0], 80, volatility, sigmas);
    set_share(out[1], 8, crowded_open_interest(m), m.oi_24h);
    set_share(out[2], 5, crowded_funding(m, direction), m.funding);
    set_share(out[3], 3, one_sided(m.rank_ratio, direction), m.log_ratio);
    set_share(out[4], 2, one_sided(m.rank_basis, direction), m.basis);
    set_share(out[5], 2, pressure, m.pressure);
}

void assess_risk(const Measures& m, const std::optional<Distance>& distance, const Weights& weights,
                 Direction d, ComponentValues out) {
    const auto growth = crowded_open_interest(m);
    const auto& sided = m.of(d);
    set_share(out[funding], 30, crowded_funding(m, d), m.funding);
    set_share(out[open_interest], 30, forced_closing(m, d), m.oi_15);
    set_share(out[open_interest_growth], 15, growth, m.oi_24h);
    if (!out[open_interest].missing) {
        out[open_interest].points =
            std::max(out[open_interest].points, out[open_interest_growth].points);
    }
    set_share(out[long_short], 20, one_sided(m.rank_ratio, d), m.log_ratio);
    set_share(out[liquidations], 20, sided.liquidations, sided.liquidation_usd);

    const double complete = distance ? distance->complete : 0.0;
    set_share(out[ignition_open_interest], weights.open_interest * complete, deleveraging(m),
              m.oi_10);
    set_share(out[ignition_liquidations], weights.liquidations * complete, sided.liquidations,
              sided.liquidation_usd);
    std::optional<double> ignited;
    if (distance) {
        ignited = logistic(distance->left,
                           out[ignition_open_interest].points + out[ignition_liquidations].points);
    }
    set(out[ignition], 100, ignited, sided.excursion);
}

double combine_risk(const std::optional<Distance>& distance, std::span<const double> points) {
    const double crowding = points[funding] +
                            std::max(points[open_interest], points[open_interest_growth]) +
                            points[long_short] + points[liquidations];
    const double known = std::max(crowding, points[ignition]);
    if (!distance) return known;
    const double evidence = points[ignition_open_interest] + points[ignition_liquidations];
    return std::max(known, logistic(distance->left, evidence));
}

}  // namespace spillway::liquidation_risk::scaled
