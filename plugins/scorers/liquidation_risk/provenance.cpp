#include "provenance.hpp"

#include <algorithm>

namespace spillway::liquidation_risk {

namespace {

constexpr Duration unknown_age = -1;

void add_venue(std::string& venues, std::string_view venue) {
    if (!venues.empty()) venues += ',';
    venues += venue;
}

}  // namespace

void Provenance::explain(const Market& market, Time now, std::span<const ComponentSpec> specs,
                         std::span<ComponentValue> components) {
    std::array<Duration, 6> ages{};
    std::array<bool, 6> found{};
    for (std::size_t c = 0; c < components.size(); ++c) {
        const Input input = input_of(specs[c].name);
        if (!found[input]) {
            venues_[input].clear();
            ages[input] = find(market, now, input, venues_[input]);
            found[input] = true;
        }
        components[c].age = ages[input];
        components[c].venues = venues_[input];
    }
}

Provenance::Input Provenance::input_of(std::string_view component) {
    if (component == "funding") return funding;
    if (component == "long_short") return long_short;
    if (component == "pressure") return pressure;
    if (component.find("open_interest") != std::string_view::npos) return open_interest;
    if (component.find("liquidations") != std::string_view::npos ||
        component == "self_excitation") {
        return liquidations;
    }
    return price;  // the price itself, its volatility and basis, and ignition, which rests on it
}

Duration Provenance::find(const Market& market, Time now, Input input, std::string& venues) {
    const Inputs& seen = market.seen();
    const auto of_stream = [&](const Stream& stream) {
        venues = stream.key.venue;
        return now - stream.newest;
    };
    switch (input) {
        case price:
            if (const auto i = market.price_stream()) return of_stream(seen.prices()[*i].stream);
            return unknown_age;
        case open_interest:
            if (const auto i = seen.choose_open_interest(now)) {
                return of_stream(seen.open_interests()[*i].stream);
            }
            return unknown_age;
        case long_short:
            if (const auto i = seen.choose_long_short(now)) {
                return of_stream(seen.long_shorts()[*i].stream);
            }
            return unknown_age;
        case funding: {
            Time oldest = time_never;
            std::uint32_t last_venue = 0;
            for (const Inputs::Funding& f : seen.fundings()) {
                if (!Inputs::fresh(f, now)) continue;
                if (oldest == time_never || f.venue > last_venue) {
                    add_venue(venues, f.stream.key.venue);  // venues are numbered as they come
                    last_venue = f.venue;
                }
                oldest = std::min(oldest, f.stream.newest);
            }
            return oldest == time_never ? unknown_age : now - oldest;
        }
        case liquidations: {
            Time newest = time_before_all;
            for (const auto& [venue, time] : market.liquidations_seen().present_venues(now)) {
                add_venue(venues, venue);
                newest = std::max(newest, time);
            }
            return newest == time_before_all ? unknown_age : now - newest;
        }
        case pressure:
            return market.pressure_age().value_or(unknown_age);
    }
    return unknown_age;
}

}  // namespace spillway::liquidation_risk
