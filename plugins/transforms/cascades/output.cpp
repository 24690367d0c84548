// What `cascades` writes: cascade events with their venues and new members, and velocities.

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <spillway/fields.hpp>

#include "plugin.hpp"

namespace spillway::cascades {

namespace {

/// Positions of the venues that `wanted` accepts, by name: first sight may depend on the order in
/// which simultaneous orders are listed.
template <class Wanted>
std::vector<std::size_t> venues_by_name(const NameTable& names, std::size_t count, Wanted wanted) {
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < count; ++i) {
        if (wanted(i)) positions.push_back(i);
    }
    std::sort(positions.begin(), positions.end(),
              [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
    return positions;
}

/// An emission is known by its cascade, time and state: once each.
Id emission_id(const Emission& emission) noexcept {
    const struct {
        Id cascade;
        Time at = 0;
        std::uint64_t state = 0;
    } identity{emission.episode.id, emission.at,
               static_cast<std::uint64_t>(emission.episode.state)};
    return hash_id(identity);
}

void fill(CascadePayload& payload, const Episode& episode) noexcept {
    payload.cascade = episode.id;
    payload.start = episode.start;
    payload.last = episode.last;
    payload.long_notional = to_usd(episode.notional[index_of(Side::long_position)]);
    payload.short_notional = to_usd(episode.notional[index_of(Side::short_position)]);
    payload.long_count = episode.counts[index_of(Side::long_position)];
    payload.short_count = episode.counts[index_of(Side::short_position)];
    payload.side = episode.side.value_or(Side::long_position);
    payload.state = episode.state;
}

constexpr std::array<std::string_view, velocity_windows.size()> window_names = {
    "100ms", "500ms", "2s", "10s", "60s", "300s"};

/// A field of a velocity row. Interning is a look-up; rows come once a second at most.
ExtensionField number(const std::string& name, double value) {
    return {name_id(name), NameId::none, value};
}

}  // namespace

void Cascades::write(const Market& market, const Emission& emission, Context& context) const {
    const Episode& episode = emission.episode;
    const MarketRule& rule = market.rule;
    Event& event = context.out().emit(Kind::cascade);
    event.id = emission_id(emission);
    event.market = market_id(rule.market());
    fill(event.cascade, episode);
    for (unsigned f = 0; f < fields_of(Kind::cascade).size(); ++f) event.set_present(f);
    if (!episode.side) event.set_absent(field::cascade::side);

    const std::vector<std::size_t> venues =
        venues_by_name(rule.venues, episode.venues.size(),
                       [&](std::size_t i) { return episode.venues[i].count != 0; });
    const CascadeDetail detail{episode.risk,
                               episode.risk_peak,
                               episode.risk_mean(),
                               risk_percent(episode.risk, options.venues),
                               static_cast<std::uint32_t>(venues.size()),
                               static_cast<std::uint32_t>(episode.new_members.size())};
    std::byte* at = context.out().batch().extend_blob(
        event, sizeof(detail) + venues.size() * sizeof(CascadeVenue) +
                   episode.new_members.size() * sizeof(CascadeMember));
    const auto put = [&at](const auto& part) {
        std::memcpy(at, &part, sizeof(part));
        at += sizeof(part);
    };
    put(detail);
    for (const std::size_t i : venues) {
        const VenueShare& share = episode.venues[i];
        put(CascadeVenue{to_usd(share.notional), share.count, venue_id(rule.venues[i])});
    }
    for (const Liquidation& member : episode.new_members) {
        put(CascadeMember{member.time, member.id, to_usd(member.notional),
                          instrument_id(rule.instruments[member.instrument]),
                          venue_id(rule.venues[member.venue]), member.side});
    }
}

void Cascades::write_velocity(const Market& market, Context& context) {
    static constexpr std::array<Side, 2> sides = {Side::long_position, Side::short_position};
    const NameTable& names = market.rule.venues;
    const auto leading = market.velocity.leading(names);
    const auto all = [](std::size_t) { return true; };
    for (const std::size_t venue : venues_by_name(names, market.velocity.venues(), all)) {
        for (const Side side : sides) {
            const Rates rates = market.velocity.rates(venue, side);
            if (rates.back().events <= 0 && rates.back().events_change == 0) continue;
            std::vector<ExtensionField> fields;
            fields.push_back({name_id("side"), name_id(name_in(side_names, side)), 0});
            fields.push_back(number("leading", leading == venue ? 1 : 0));
            for (std::size_t w = 0; w < rates.size(); ++w) {
                const std::string window(window_names[w]);
                fields.push_back(number("events_" + window, rates[w].events));
                fields.push_back(number("usd_" + window, rates[w].usd));
                fields.push_back(number("events_change_" + window, rates[w].events_change));
                fields.push_back(number("usd_change_" + window, rates[w].usd_change));
            }
            Emitter& out = context.out(1);
            Event& event = out.emit(Kind::extension);
            event.market = market_id(market.rule.market());
            event.venue = venue_id(names[venue]);
            event.extension.name = name_id("velocity");
            event.extension.fields = static_cast<std::uint32_t>(fields.size());
            event.set_present(field::extension::name);
            const std::size_t size = fields.size() * sizeof(ExtensionField);
            std::memcpy(out.batch().extend_blob(event, size), fields.data(), size);
        }
    }
}

}  // namespace spillway::cascades
