#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include <spillway/scorer.hpp>

#include "market.hpp"

namespace spillway::liquidation_risk {

/// Says of the components of a score how old their input is and which venues it comes from. Done
/// for scores that are emitted, not for those that are only looked at. Texts live until the next
/// call.
class Provenance {
public:
    void explain(const Market& market, Time now, std::span<const ComponentSpec> specs,
                 std::span<ComponentValue> components);

private:
    enum Input : std::size_t { price, funding, open_interest, long_short, liquidations, pressure };

    static Input input_of(std::string_view component);

    /// Age of an input's oldest part that is used; -1 if it has none.
    static Duration find(const Market& market, Time now, Input input, std::string& venues);

    std::array<std::string, 6> venues_;
};

}  // namespace spillway::liquidation_risk
