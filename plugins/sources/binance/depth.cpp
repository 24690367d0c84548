#include <array>
#include <cmath>

#include "messages.hpp"

namespace spillway::binance {
namespace {

constexpr std::array<double, 3> bands = {0.0010, 0.0050, 0.0100};

struct Level {
    double price = 0;
    double quantity = 0;
};

/// Dollars within the bands around mid on one side of a book, for as many bands (the narrow ones
/// first) as the listed levels reach across: beyond the last level nothing is known.
struct SideDepth {
    std::array<double, bands.size()> notional{};
    std::size_t covered = 0;
};

/// A level is [price, quantity], both in quotes; levels lie outwards from mid.
bool read_level(simdjson::simdjson_result<ondemand::value> element, Level& level) {
    ondemand::array pair;
    if (element.get_array().get(pair)) return false;
    double* const places[] = {&level.price, &level.quantity};
    std::size_t count = 0;
    for (auto number : pair) {
        if (count == 2) break;
        if (number.get_double_in_string().get(*places[count++])) return false;
    }
    return count == 2 && level.price > 0 && level.quantity >= 0 && is_plausible(level.price) &&
           is_plausible(level.quantity);
}

double best_price(JsonFields& fields, std::string_view key) {
    auto side = fields.value(key);
    ondemand::array levels;
    Level best;
    if (!side || side->get_array().get(levels)) {
        fields.refuse(key, "no levels");
        return 0;
    }
    for (auto element : levels) {
        if (!read_level(element, best)) fields.refuse(key, "a level that is not [price, quantity]");
        return best.price;
    }
    fields.refuse(key, "no levels");
    return 0;
}

SideDepth add_levels(JsonFields& fields, std::string_view key, double mid,
                     const Contract& contract) {
    SideDepth depth;
    auto side = fields.value(key);
    ondemand::array levels;
    if (!side || side->get_array().get(levels)) return depth;
    for (auto element : levels) {
        Level level;
        if (!read_level(element, level)) {
            fields.refuse(key, "a level that is not [price, quantity]");
            return depth;
        }
        const double distance = std::abs(level.price / mid - 1);
        const double notional = contract.settlement == Settlement::inverse
                                    ? level.quantity * contract.contract_size
                                    : level.quantity * level.price;
        for (std::size_t band = 0; band < bands.size(); ++band) {
            if (distance <= bands[band]) {
                depth.notional[band] += notional;
            } else if (depth.covered == band) {
                depth.covered = band + 1;
            }
        }
    }
    return depth;
}

void put(Event& event, unsigned first_field, double* first_place, const SideDepth& depth) {
    for (std::size_t band = 0; band < depth.covered; ++band) {
        first_place[band] = depth.notional[band];
        event.set_present(first_field + static_cast<unsigned>(band));
    }
}

}  // namespace

Status decode_depth(ondemand::object book, const Channel& channel, const Writer& writer) {
    JsonFields fields("depth", book);
    const bool of_stream = fields.value("b").has_value();
    const std::string_view bids = of_stream ? "b" : "bids";
    const std::string_view asks = of_stream ? "a" : "asks";
    const auto moved = fields.time_if_any("T");
    const Time time = moved ? *moved : fields.time("E");
    const auto update = fields.integer(of_stream ? "u" : "lastUpdateId");
    if (!update) fields.refuse(of_stream ? "u" : "lastUpdateId", "no number of the book");
    const auto named = fields.text_if_any(of_stream ? "s" : "symbol");
    const std::string_view symbol = named ? *named : channel.parameter("symbol");
    if (symbol.empty()) fields.refuse("symbol", "named neither in the answer nor in the channel");
    const double best_ask = best_price(fields, asks);
    const double best_bid = best_price(fields, bids);
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement == Settlement::unknown) return {};

    const double mid = (best_bid + best_ask) / 2;
    const SideDepth bid = add_levels(fields, bids, mid, contract);
    const SideDepth ask = add_levels(fields, asks, mid, contract);
    if (!fields.ok()) return fields.problem();
    if (bid.covered == 0 && ask.covered == 0) return {};  // ends before the narrowest band
    Event& event = writer.emit(Kind::depth, "depth", contract, time, *update);
    put(event, field::depth::bid_10, &event.depth.bid_10, bid);
    put(event, field::depth::ask_10, &event.depth.ask_10, ask);
    return {};
}

}  // namespace spillway::binance
