#include "listing.hpp"

#include <fmt/format.h>

namespace spillway::kraken_futures {
namespace {

using venues::Found;
using venues::wrong_field;

constexpr std::string_view name = "instruments";

}  // namespace

Status read_listing(venues::dom::object row, Listing& listing) {
    std::string_view type;
    venues::dom::element value;
    bool tradeable = true;
    if (venues::find_text(row, "symbol", listing.id) != Found::present) {
        return wrong_field(name, "symbol", "a product id");
    }
    listing.contract = read_contract(listing.id);
    Contract& contract = listing.contract;
    if (!contract.decoded()) return {};
    const std::string_view expected = contract.inverse ? "futures_inverse" : "flexible_futures";
    if (venues::find_text(row, "type", type) != Found::present || type != expected) {
        return bad_record(fmt::format("{}: {}: type '{}'; its id means {}, which decides what its "
                                      "quantities count",
                                      name, listing.id, type.substr(0, 64), expected),
                          "type");
    }
    if (venues::find_number(row, "contractSize", contract.size) == Found::wrong ||
        !(contract.size > 0)) {
        return wrong_field(name, "contractSize", "a number above 0");
    }
    if (venues::find_number(row, "tickSize", listing.tick) == Found::wrong || listing.tick < 0) {
        return wrong_field(name, "tickSize", "a number");
    }
    if (venues::find_value(row, "tradeable", value) == Found::present &&
        value.get_bool().get(tradeable)) {
        return wrong_field(name, "tradeable", "true or false");
    }
    listing.status = tradeable ? TradingStatus::trading : TradingStatus::halted;
    listing.said = fmt::format("{} {} {} {}", type, contract.size, listing.tick, tradeable);
    return {};
}

}  // namespace spillway::kraken_futures
