#include "episode.hpp"

#include <algorithm>
#include <string>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

namespace spillway::cascades {

namespace {

// ce679620-efd9-5b2f-9278-094912957e87
constexpr boost::uuids::uuid cascade_namespace = {{0xce, 0x67, 0x96, 0x20, 0xef, 0xd9, 0x5b, 0x2f,
                                                   0x92, 0x78, 0x09, 0x49, 0x12, 0x95, 0x7e, 0x87}};

void append_hex(std::string& text, std::uint64_t value) {
    for (int shift = 60; shift >= 0; shift -= 4) {
        text += "0123456789abcdef"[value >> static_cast<unsigned>(shift) & 0xFU];
    }
}

std::uint64_t big_endian(const std::uint8_t* bytes) noexcept {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | bytes[i];
    return value;
}

}  // namespace

void Episode::add(const Liquidation& member) {
    if (members() == 0) {
        start = last = member.time;
    } else {
        start = std::min(start, member.time);
        last = std::max(last, member.time);
    }
    ++counts[index_of(member.side)];
    if (venues.size() <= member.venue) venues.resize(member.venue + 1U);
    VenueShare& share = venues[member.venue];
    ++share.count;
    if (member.has_notional) {
        notional[index_of(member.side)] += member.notional;
        share.notional += member.notional;
    } else {
        ++unknown_notional;
    }
    new_members.push_back(member);
}

void Episode::sample_risk(double value, bool grew) noexcept {
    risk = value;
    risk_peak = std::max(risk_peak, value);
    if (!grew) return;
    risk_sum += value;
    ++risk_samples;
}

std::uint32_t Episode::venue_count() const noexcept {
    return static_cast<std::uint32_t>(std::count_if(
        venues.begin(), venues.end(), [](const VenueShare& share) { return share.count != 0; }));
}

Id episode_id(std::string_view market, std::optional<Side> side, const Id& first) {
    std::string name(market);
    name += '|';
    name += side ? name_in(side_names, *side) : "all";
    name += '|';
    append_hex(name, first.high);
    append_hex(name, first.low);
    const boost::uuids::uuid uuid = boost::uuids::name_generator_sha1(cascade_namespace)(name);
    return {big_endian(uuid.data), big_endian(uuid.data + 8)};
}

}  // namespace spillway::cascades
