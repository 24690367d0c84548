#include "memory.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include <spillway/fields.hpp>

namespace spillway::dedupe {
namespace {

/// One value of one stream at one time. Bars of different lengths, settled and running funding
/// rates and ratios of different populations are streams of their own.
struct StreamKey {
    Time time;
    Duration interval;
    std::uint64_t market, instrument, venue;  // hashes of texts: handles differ between runs
    std::uint64_t kind_and_variant;
};

Entry stream_entry(const Event& event, Duration interval, std::uint8_t variant, double magnitude) {
    const StreamKey key{event.event_time,
                        interval,
                        hash_text(text_of(event.market)),
                        hash_text(text_of(event.instrument)),
                        hash_text(text_of(event.venue)),
                        static_cast<std::uint64_t>(event.kind()) << 8U | variant};
    return {hash_id(key), std::abs(magnitude)};
}

std::string part_name(std::uint64_t generation, std::size_t part) {
    return std::to_string(generation) + '/' + std::to_string(part);
}

}  // namespace

Entry entry_of(const Event& event) noexcept {
    switch (event.kind()) {
        case Kind::bar:
            return stream_entry(event, event.bar.interval, 0, event.bar.close);
        case Kind::funding_rate:
            return stream_entry(event, event.funding_rate.interval,
                                event.funding_rate.settled ? 1 : 0, event.funding_rate.rate);
        case Kind::open_interest: {
            const OpenInterestPayload& oi = event.open_interest;
            const double size = event.has(field::open_interest::base)       ? oi.base
                                : event.has(field::open_interest::notional) ? oi.notional
                                                                            : oi.contracts;
            return stream_entry(event, oi.interval, 0, size);
        }
        case Kind::long_short_ratio:
            return stream_entry(event, event.long_short_ratio.interval,
                                static_cast<std::uint8_t>(event.long_short_ratio.population),
                                event.long_short_ratio.ratio);
        case Kind::liquidation_sum:
            return stream_entry(
                event, event.liquidation_sum.interval, 0,
                event.liquidation_sum.long_notional + event.liquidation_sum.short_notional);
        default:
            return {event.id, std::numeric_limits<double>::infinity()};
    }
}

void Memory::rotate(Time event_time) {
    const std::uint64_t number = young().number() + 1;
    young_ = 1 - young_;
    for (std::size_t part = 0; part < young().parts(); ++part) {
        stale_parts_.push_back(part_name(young().number(), part));
    }
    young().begin(number, event_time);
}

void Memory::snapshot(StateSink& sink, std::uint32_t version, bool all) {
    for (const std::string& part : stale_parts_) sink.row({}, part, version, {});
    stale_parts_.clear();
    StateWriter writer;
    for (Generation& generation : generations_) {
        for (std::size_t part = 0; part < generation.parts(); ++part) {
            if (!generation.take_changed(part) && !all) continue;
            writer.clear();
            generation.write(part, writer);
            sink.row({}, part_name(generation.number(), part), version, writer.bytes());
        }
    }
}

/// Rows come in any order; those of the two newest generations count.
bool Memory::restore(std::string_view part, StateReader& in) {
    std::uint64_t number = 0;
    std::size_t index = 0;
    const auto [slash, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || slash == part.data() + part.size()) return false;
    if (std::from_chars(slash + 1, part.data() + part.size(), index).ec != std::errc() ||
        index > 1'000'000) {
        return false;
    }
    Generation& generation = generations_[number % 2];
    if (number < generation.number()) return true;
    const bool ok = generation.read(index, number, in);
    young_ = generations_[1].number() > generations_[0].number() ? 1 : 0;
    return ok;
}

}  // namespace spillway::dedupe
