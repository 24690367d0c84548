#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/fields.hpp>
#include <spillway/testing/script.hpp>

namespace spillway::testing {

/// What a made-up market is like. Equal plans make equal scripts.
struct MarketPlan {
    KindSet kinds = source_kinds;
    std::uint32_t count = 400;            ///< events
    Time start = 1'767'225'600 * second;  ///< 2026-01-01 00:00 UTC
    Duration span = 2 * hour;             ///< engine time from the first event to the last
    std::vector<std::string> markets = {"BTC", "ETH", "SOL"};
    std::vector<std::string> venues = {"binance", "bybit"};
    /// Instruments are canonical and markets known, as behind `normalise`; else an instrument is
    /// the venue's own symbol, as a decoder emits it.
    bool canonical = true;
    std::uint64_t seed = 1;
};

/// Writes events as markets make them: prices that wander, liquidations in bursts, several records
/// of one instant, event times that lag and go back a little, optional fields that are missing,
/// watermarks as the engine places them (5 s behind, on whole seconds).
class MarketMaker {
public:
    explicit MarketMaker(MarketPlan plan) : plan_(std::move(plan)), random_(plan_.seed) {
        for (std::size_t k = 0; k < kind_names.size(); ++k) {
            if (plan_.kinds.has(static_cast<Kind>(k))) kinds_.push_back(static_cast<Kind>(k));
        }
        for (std::size_t m = 0; m < plan_.markets.size(); ++m) {
            prices_.push_back(50'000 / std::pow(20, static_cast<double>(m)));
        }
    }

    [[nodiscard]] Script make() {
        Script script;
        if (kinds_.empty() || plan_.count == 0) return script;
        const double mean = static_cast<double>(plan_.span) / plan_.count;
        Time now = plan_.start;
        Time newest = time_before_all, watermark = time_before_all;
        for (std::uint32_t i = 0; i < plan_.count; ++i) {
            // One in four shares its instant with the one before; now and then a pause.
            if (!chance(0.25)) now += static_cast<Duration>(mean * 1.33 * between(0.01, 2)) + 1;
            const Duration lag =
                millisecond * static_cast<Duration>(pick(chance(0.05) ? 20'000 : 500));
            newest = std::max(newest, now - lag);
            const Time reached = floor_to(newest - 5 * second, second);
            script.wait_until(now);
            if (reached > watermark) script.watermark(watermark = reached);
            Event& event = script.at(now, kinds_[pick(kinds_.size())]);
            event.event_time = now - lag;
            fill(script, event);
        }
        script.wait_until(now);
        script.watermark(time_never);
        return script;
    }

private:
    [[nodiscard]] std::size_t pick(std::size_t count) { return random_() % count; }
    [[nodiscard]] double between(double least, double most) {
        return least + (most - least) * static_cast<double>(random_() >> 11U) * 0x1p-53;
    }
    [[nodiscard]] bool chance(double share) { return between(0, 1) < share; }

    void fill(Script& script, Event& event) {
        const std::size_t market = pick(plan_.markets.size());
        prices_[market] *= 1 + between(-0.004, 0.004);
        const std::string& base = plan_.markets[market];
        event.venue = venue_id(plan_.venues[pick(plan_.venues.size())]);
        event.instrument = instrument_id(plan_.canonical ? base + "/USDT:USDT" : base + "USDT");
        if (plan_.canonical) event.market = market_id(base);
        switch (event.kind()) {
            case Kind::stablecoin_flow:
                event.instrument = InstrumentId::none;
                if (plan_.canonical) event.market = market_wide();
                break;
            case Kind::source_status:
                event.instrument = InstrumentId::none;
                if (chance(0.5)) event.market = MarketId::none;
                break;
            default:
                break;
        }
        fill_payload(script, event, prices_[market]);
    }

    /// Fields get values of the right size by their names; some optional ones stay away.
    void fill_payload(Script& script, Event& event, double price);
    [[nodiscard]] double number_for(Kind kind, std::string_view field, double price);
    void fill_variable_part(Script& script, Event& event);

    MarketPlan plan_;
    std::mt19937_64 random_;
    std::vector<Kind> kinds_;
    std::vector<double> prices_;
};

[[nodiscard]] inline Script made_up_market(const MarketPlan& plan) {
    return MarketMaker(plan).make();
}

inline double MarketMaker::number_for(Kind kind, std::string_view field, double price) {
    if (kind == Kind::funding_rate && field == "rate") return between(-0.0005, 0.001);
    if (field == "rate_interval_hours" || field == "funding_interval_hours") return 8;
    if (kind == Kind::long_short_ratio) return std::exp(between(-0.7, 1.2));
    if (field.starts_with("volume")) return between(1e6, 1e9);
    if (field.starts_with("bid_") || field.starts_with("ask_")) return between(1e5, 1e7);
    if (field == "contracts" || field == "base") return between(1e3, 1e5);
    if (kind == Kind::open_interest) return price * between(9e3, 1.1e4);
    if (field == "quantity") return between(0.01, 10);
    if (field.ends_with("notional")) return std::exp(between(5, 14));
    if (kind == Kind::stablecoin_flow) return std::exp(between(11, 18));
    if (kind == Kind::instrument) return field == "tick_size" ? 0.1 : 1;
    if (kind == Kind::score) {
        if (field == "coverage") return between(0, 1);
        return between(0, 100);
    }
    if (field == "score" || field == "pressure" || field == "fragility") return between(0, 100);
    return price * between(0.998, 1.002);
}

inline void MarketMaker::fill_payload(Script& script, Event& event, double price) {
    constexpr std::string_view scores[] = {"risk", "pressure", "ignition"};
    for (const FieldInfo& field : fields_of(event.kind())) {
        if (field.type == FieldType::text || chance(0.04)) continue;
        std::byte* const at = reinterpret_cast<std::byte*>(&event) + field.offset;
        const auto put = [&](const auto& value) { std::memcpy(at, &value, sizeof value); };
        switch (field.type) {
            case FieldType::number:
                put(number_for(event.kind(), field.name, price));
                break;
            case FieldType::count:
                put(std::uint64_t{pick(50)});
                break;
            case FieldType::count32:
                put(static_cast<std::uint32_t>(pick(50)));
                break;
            case FieldType::time:
                put(Time{event.event_time + (field.name == "next_funding_time" ? hour : -minute)});
                break;
            case FieldType::duration:
                put(Duration{minute});
                break;
            case FieldType::boolean:
                put(chance(0.5));
                break;
            case FieldType::choice:
                put(static_cast<std::uint8_t>(pick(field.choices.size())));
                break;
            case FieldType::name:
                put(name_id(event.kind() == Kind::score && field.name == "name" ? scores[pick(3)]
                            : field.name == "token"                             ? "USDT"
                                                                                : field.name));
                break;
            case FieldType::venue:
                put(venue_id(plan_.venues[pick(plan_.venues.size())]));
                break;
            case FieldType::id:
                put(Id{7, pick(5)});
                break;
            case FieldType::text:
                break;
        }
        event.set_present(index_of(event.kind(), field));
    }
    if (event.kind() == Kind::liquidation) {
        event.liquidation.notional = event.liquidation.price * event.liquidation.quantity;
    }
    if (event.kind() == Kind::bar) {
        event.bar.high = std::max({event.bar.open, event.bar.close, event.bar.high});
        event.bar.low = std::min({event.bar.open, event.bar.close, event.bar.low});
    }
    if (event.kind() == Kind::score) {
        event.score.low = std::min(event.score.low, event.score.value);
        event.score.high = std::max(event.score.high, event.score.value);
    }
    fill_variable_part(script, event);
}

inline void MarketMaker::fill_variable_part(Script& script, Event& event) {
    if (event.kind() == Kind::extension) {
        event.extension = {name_id("made_up"), 2, {}};
        const ExtensionField fields[] = {{name_id("amount"), {}, between(1, 100)},
                                         {name_id("side"), name_id("long"), 0}};
        script.put(fields, sizeof fields);
    } else if (event.kind() == Kind::cascade) {
        CascadeDetail detail{between(0, 1), between(0, 1), between(0, 1), between(0, 100), 1, 1};
        const CascadeVenue venue{between(1e4, 1e6), 3, event.venue};
        const CascadeMember member{event.event_time, {3, random_()}, between(1e3, 1e5),
                                   event.instrument, event.venue,    Side::long_position};
        script.put(&detail, sizeof detail);
        script.put(&venue, sizeof venue);
        script.put(&member, sizeof member);
    } else if (event.kind() == Kind::alert) {
        constexpr std::string_view message = "risk is high";
        const AlertDetail detail{{sizeof(AlertDetail), message.size()}, {}, 0};
        script.put(&detail, sizeof detail);
        script.text(message);
    } else if (event.kind() == Kind::score) {
        event.score.contributions = 1;
        Contribution part{};
        part.points = event.score.low;
        part.cap = 100;
        part.age = second;
        part.component = name_id("made_up");
        script.put(&part, sizeof part);
    } else if (event.kind() == Kind::liquidation && chance(0.3)) {
        event.liquidation.raw = script.text(R"({"made":"up"})");
        event.set_present(field::liquidation::raw);
    }
}

}  // namespace spillway::testing
