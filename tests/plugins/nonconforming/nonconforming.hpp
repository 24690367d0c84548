#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/keyed_transform.hpp>
#include <spillway/scorer.hpp>
#include <spillway/transform.hpp>

// Plugins that load and then break one rule each, for the tests of the conformance kit. What they
// have in common is right; each file says what is wrong.
namespace spillway::nonconforming {

/// What a filter of prices says about itself.
[[nodiscard]] constexpr About about_filter(std::string_view name) {
    return {.name = name,
            .version = "1.0.0",
            .summary = "Breaks a rule.",
            .consumes = {Kind::price},
            .emits = {Kind::price},
            .traits = Trait::in_place};
}

/// What a transform says that counts prices per market.
[[nodiscard]] constexpr About about_counter(std::string_view name) {
    return {.name = name,
            .version = "1.0.0",
            .summary = "Breaks a rule.",
            .consumes = {Kind::price},
            .emits = {Kind::extension},
            .traits = Trait::keyed};
}

struct Count {
    std::uint64_t seen = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, seen);
    }
};

inline void emit_number(Emitter& out, double value) {
    Event& event = out.emit(Kind::extension);
    event.extension = {name_id("count"), 1, {}};
    event.set_present(field::extension::name);
    const ExtensionField field{name_id("value"), {}, value};
    std::memcpy(out.batch().extend_blob(event, sizeof field), &field, sizeof field);
}

/// State of a scorer of prices and open interest.
struct Inputs {
    double price = 0, open_interest = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, price);
        io(2, open_interest);
    }
};

/// A scorer of two components that does nothing wrong; others override a part of it.
template <class Self>
class TwoComponents : public Scorer<Self, Inputs> {
public:
    static constexpr auto option_list = no_options();
    static constexpr std::array<ComponentSpec, 2> components = {
        {{"price", 50, 0.5}, {"open_interest", 50, 0.5}}};
    static constexpr std::array<OutputSpec, 1> outputs = {{{"level", false, true, components}}};
    struct Context {};
    NoOptions options;

    [[nodiscard]] static constexpr About about_scorer(std::string_view name) {
        return {.name = name,
                .version = "1.0.0",
                .summary = "Breaks a rule.",
                .consumes = {Kind::price, Kind::open_interest},
                .emits = {Kind::score},
                .traits = Trait::keyed};
    }

    void advance(Inputs&, Time) {}
    void observe(Inputs& state, const Event& event, const Batch&) {
        if (event.kind() == Kind::price && event.has(field::price::last)) {
            state.price = event.price.last;
        }
        if (event.kind() == Kind::open_interest && event.has(field::open_interest::notional)) {
            state.open_interest = event.open_interest.notional;
        }
    }
    Time next_due(const Inputs&) const { return time_never; }
    Assessment<Context> assess(const Inputs& state, Time, std::size_t, Direction) const {
        Assessment<Context> found;
        found.ready = state.price != 0 || state.open_interest != 0;
        found.at_close = true;
        found.components[0] = part(state.price / 2'000);
        found.components[1] = part(state.open_interest / 10'000'000);
        return found;
    }
    double combine(const Context&, std::span<const double> points, std::size_t) const {
        return std::min(points[0] + points[1], 100.0);
    }

protected:
    [[nodiscard]] static ComponentValue part(double points) {
        ComponentValue value;
        value.cap = 50;
        value.missing = points == 0;
        value.points = std::clamp(points, 0.0, 50.0);
        return value;
    }
};

}  // namespace spillway::nonconforming
