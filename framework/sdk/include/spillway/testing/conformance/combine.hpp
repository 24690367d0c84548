#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <span>
#include <string>

#include <spillway/scorer.hpp>
#include <spillway/testing/conformance/findings.hpp>

namespace spillway::testing {

/// `combine` of a scorer never decreases when a component grows, and stays in the range of the
/// score. Components of a score that may be negative take as much away as they add. For tests that
/// know the scorer's class: a plugin file shows of it only what it emits.
///
///     Findings findings;
///     check_combine(scorer, Context{}, 0, findings);
template <class ScorerClass>
void check_combine(const ScorerClass& scorer, const typename ScorerClass::Context& context,
                   std::size_t output, Findings& findings, std::uint64_t seed = 1) {
    const OutputSpec& spec = ScorerClass::outputs[output];
    const std::size_t count = spec.components.size();
    std::mt19937_64 random(seed);
    const auto share = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
    for (int i = 0; i < 2'000 && !findings.full(); ++i) {
        std::array<double, max_components> points{};
        for (std::size_t c = 0; c < count; ++c) {
            const double cap = spec.components[c].cap;
            const double floor = spec.least < 0 ? -cap : 0;
            points[c] = floor + (cap - floor) * share();
        }
        const std::size_t grown = random() % count;
        const double before = scorer.combine(context, std::span(points.data(), count), output);
        const double was = points[grown];
        points[grown] += (spec.components[grown].cap - was) * share();
        const double after = scorer.combine(context, std::span(points.data(), count), output);
        const std::string place = "output " + std::string(spec.name) + ", attempt " +
                                  std::to_string(i) + " of seed " + std::to_string(seed);
        if (!(after >= before - 1e-9)) {
            findings.fail("`combine` never decreases when a component grows",
                          std::string(spec.components[grown].name) + " grew from " +
                              std::to_string(was) + " to " + std::to_string(points[grown]) +
                              ", the score went from " + std::to_string(before) + " to " +
                              std::to_string(after),
                          place);
        }
        if (!(after >= spec.least - 1e-9 && after <= spec.most + 1e-9)) {
            findings.fail("the score stays in its range", std::to_string(after), place);
        }
    }
}

}  // namespace spillway::testing
