#pragma once

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <spillway/admission.hpp>
#include <spillway/testing/conformance/behaviour.hpp>

namespace spillway::testing {

namespace detail {
/// A script whose events lack fields, carry extreme numbers, no market, odd times, and random
/// bytes in their blobs. What the ingress promises still holds: receive times do not go back, and
/// nothing in `refusal_of` (admission.hpp) is against an event.
class Spoiler {
public:
    explicit Spoiler(std::uint64_t seed) : random_(seed) {}

    [[nodiscard]] Script spoil(const Script& good) {
        Script bad;
        std::size_t mark = 0;
        for (std::uint32_t i = 0; i < good.batch().size(); ++i) {
            const Event& event = good.batch()[i];
            bad.wait_until(event.receive_time);
            for (; mark < good.marks().size() && good.marks()[mark].position <= i; ++mark) {
                bad.watermark(good.marks()[mark].value);
            }
            Event& copy = bad.at(event.receive_time, event.kind());
            const Event stamped = copy;
            copy = event;
            copy.blob_length = 0;
            copy.sequence = stamped.sequence;
            copy.id = stamped.id;
            copy.flags &= static_cast<std::uint16_t>(~flag_raw_in_block);
            const std::span<const std::byte> blob = good.batch().blob(event);
            if (!blob.empty()) bad.put(blob.data(), blob.size());
            if (random_() % 3 != 0) spoil(bad, copy);
        }
        for (; mark < good.marks().size(); ++mark) bad.watermark(good.marks()[mark].value);
        return bad;
    }

private:
    void spoil(Script& script, Event& event) {
        switch (random_() % 7) {
            case 0:  // fields are missing
                event.kind_and_presence &= static_cast<std::uint32_t>(random_()) | 0xFFU;
                break;
            case 1:  // all fields are there and zero
                for (const FieldInfo& field : fields_of(event.kind())) {
                    event.set_present(index_of(event.kind(), field));
                }
                break;
            case 2:
                numbers(event);
                break;
            case 3:
                event.market = random_() % 2 == 0 ? MarketId::none : market_wide();
                break;
            case 4:
                event.instrument = InstrumentId::none;
                event.venue = VenueId::none;
                break;
            case 5: {
                const Time times[] = {earliest_event_time, event.receive_time - 400 * day,
                                      event.receive_time - day, event.receive_time + largest_lead};
                event.event_time = times[random_() % std::size(times)];
                break;
            }
            default:
                blob(script, event);
                break;
        }
    }

    void numbers(Event& event) {
        constexpr double infinite = std::numeric_limits<double>::infinity();
        const double reals[] = {0,      -0.0,     -1,        1e308,       -1e308,
                                5e-324, infinite, -infinite, std::nan("")};
        const std::int64_t wholes[] = {0, -1, 1, std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min()};
        for (const FieldInfo& field : fields_of(event.kind())) {
            if (random_() % 2 == 0) continue;
            std::byte* const at = reinterpret_cast<std::byte*>(&event) + field.offset;
            const auto put = [&](const auto& value) { std::memcpy(at, &value, sizeof value); };
            switch (field.type) {
                case FieldType::number:
                    put(reals[random_() % std::size(reals)]);
                    break;
                case FieldType::count:
                case FieldType::time:
                case FieldType::duration:
                    put(wholes[random_() % std::size(wholes)]);
                    break;
                case FieldType::count32:
                    put(static_cast<std::uint32_t>(random_()));
                    break;
                default:
                    break;
            }
        }
    }

    void blob(Script& script, Event& event) {
        event.blob_length = 0;
        std::vector<std::uint64_t> bytes(random_() % 40);
        for (std::uint64_t& word : bytes) word = random_() % 3 == 0 ? random_() : random_() % 64;
        if (event.kind() == Kind::score) repair_contributions(bytes, 0);
        if (event.kind() == Kind::alert) repair_contributions(bytes, sizeof(AlertDetail));
        if (!bytes.empty()) script.put(bytes.data(), bytes.size() * sizeof(bytes[0]));
        const BlobRange range{static_cast<std::uint32_t>(random_() % 400),
                              static_cast<std::uint32_t>(random_() % 4000)};
        const auto many = static_cast<std::uint32_t>(random_());
        if (event.kind() == Kind::liquidation) event.liquidation.raw = range;
        if (event.kind() == Kind::source_status) event.source_status.reason = range;
        if (event.kind() == Kind::stablecoin_flow) event.stablecoin_flow.from = range;
        if (event.kind() == Kind::score) event.score.contributions = many;
        if (event.kind() == Kind::extension) event.extension = {event.extension.name, many, range};
    }

    /// Nothing but true and false is ever in a bool, whoever laid out the blob.
    static void repair_contributions(std::vector<std::uint64_t>& words, std::size_t first) {
        const std::span<std::byte> bytes = std::as_writable_bytes(std::span(words));
        for (std::size_t at = first; at + sizeof(Contribution) <= bytes.size();
             at += sizeof(Contribution)) {
            for (const std::size_t flag :
                 {offsetof(Contribution, missing), offsetof(Contribution, has_raw)}) {
                bytes[at + flag] &= std::byte{1};
            }
        }
    }

    std::mt19937_64 random_;
};
}  // namespace detail

/// Records that nobody should have to handle: processed or refused one by one, never a crash, a
/// defect or a failed step; answers keep the rules of steps; the books count each record once;
/// results still do not depend on the cutting.
inline void check_bad_records(const Subject& subject, Findings& findings) {
    for (std::uint64_t i = 0; i < 4 && !findings.failed(); ++i) {
        const std::uint64_t seed = subject.seed + i;
        const Script bad = detail::Spoiler(seed).spoil(subject.script(seed));
        const std::string place = "bad records of seed " + std::to_string(seed);
        const auto run = [&](const Cutting& cutting, const std::string& how) {
            NodePlayer player = subject.player(place + how);
            StepRules rules(subject, player, findings);
            player.set_observer(&rules);
            if (!findings.require(player.start(), "configure and start")) return Answers{};
            findings.require(player.play(bad, cutting),
                             "a step with bad records (refuse them one by one)", place + how);
            const Books& b = player.books();
            if (b.dead_lettered != player.letters().size() ||
                b.filtered + b.duplicate + b.late + b.dropped + b.dead_lettered > b.in) {
                findings.fail("the books balance",
                              std::to_string(b.in) + " in, " + std::to_string(b.dead_lettered) +
                                  " dead-lettered, " + std::to_string(player.letters().size()) +
                                  " on `errors`",
                              place + how);
            }
            return Answers::of(player);
        };
        const Answers whole = run({}, " in one step");
        const std::string how = ", an instant a step";
        expect_equal(whole, run({.most = 1}, how), "as when all is one step", place + how,
                     findings);
    }
}

}  // namespace spillway::testing
