#pragma once

#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include "../component.hpp"

/// What the engine makes of an assessment: value = low with missing components at zero, high with
/// them at what they could be now.
namespace spillway::liquidation_risk::testing {

struct Score {
    std::optional<double> value;
    double low = 0;
    double high = 100;
    double coverage = 0;
    std::span<const ComponentSpec> specs;
    std::array<ComponentValue, max_components> components{};

    const ComponentValue& of(std::string_view name) const {
        for (std::size_t i = 0; i < specs.size(); ++i) {
            if (specs[i].name == name) return components[i];
        }
        throw std::invalid_argument("no component of this name");
    }
    double points(std::string_view name) const { return of(name).points; }
};

/// `assess(ComponentValues)` fills the components, `combine(points)` is the score of points.
template <class Assess, class Combine>
Score make_score(std::span<const ComponentSpec> specs, const Assess& assess,
                 const Combine& combine) {
    Score out;
    out.specs = specs;
    assess(ComponentValues(out.components.data(), specs.size()));
    std::array<double, max_components> low{}, high{};
    for (std::size_t i = 0; i < specs.size(); ++i) {
        const ComponentValue& c = out.components[i];
        low[i] = c.missing ? 0 : c.points;
        high[i] = c.missing ? c.cap : c.points;
        out.coverage += c.missing ? 0 : specs[i].weight;
    }
    out.low = combine(std::span<const double>(low.data(), specs.size()));
    out.high = combine(std::span<const double>(high.data(), specs.size()));
    out.value = out.low;
    return out;
}

}  // namespace spillway::liquidation_risk::testing
