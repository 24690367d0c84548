#include "listing.hpp"

#include <fmt/format.h>

#include <spillway/id.hpp>

namespace spillway::okx {
namespace {

using venues::Found;
using venues::wrong_field;

constexpr std::string_view name = "instruments";

TradingStatus read_status(std::string_view text) {
    if (text == "live") return TradingStatus::trading;
    if (text == "expired" || text == "settled") return TradingStatus::settled;
    return TradingStatus::halted;  // preopen, suspend, test, rebase, ..
}

}  // namespace

/// Size of a contract: ctVal x ctMult, in coins, or in dollars where ctValCcy is USD.
Status read_listing(venues::dom::object row, Listing& listing) {
    std::string_view type, currency, state;
    double value = 0, multiplier = 1;
    if (venues::find_text(row, "instId", listing.id) != Found::present) {
        return wrong_field(name, "instId", "an instrument id");
    }
    listing.contract = read_contract(listing.id);
    if (!listing.contract.decoded()) return {};
    if (venues::find_text(row, "ctType", type) != Found::present ||
        (type != "linear" && type != "inverse")) {
        return wrong_field(name, "ctType", "linear or inverse");
    }
    if (venues::find_number(row, "ctVal", value) != Found::present || !(value > 0)) {
        return wrong_field(name, "ctVal", "a number above 0");
    }
    const Found multiplied = venues::find_number(row, "ctMult", multiplier);
    if (multiplied == Found::absent) multiplier = 1;
    if (multiplied == Found::wrong || !(multiplier > 0)) {
        return wrong_field(name, "ctMult", "a number above 0");
    }
    if (venues::find_text(row, "ctValCcy", currency) == Found::wrong) {
        return wrong_field(name, "ctValCcy", "a text");
    }
    const bool inverse = type == "inverse";
    if (inverse != (currency == "USD")) {
        return bad_record(fmt::format("{}: {}: a contract that is {} has its size in {}; expected "
                                      "coins of a linear one and USD of an inverse one",
                                      name, listing.id, type, currency),
                          "ctValCcy");
    }
    if (venues::find_text(row, "settleCcy", listing.settle) == Found::wrong) {
        return wrong_field(name, "settleCcy", "a text");
    }
    if (venues::find_text(row, "state", state) == Found::wrong) {
        return wrong_field(name, "state", "a text");
    }
    if (venues::find_number(row, "tickSz", listing.tick) == Found::wrong || listing.tick < 0) {
        return wrong_field(name, "tickSz", "a number");
    }
    listing.contract.settlement = inverse ? Settlement::inverse : Settlement::linear;
    listing.contract.size = value * multiplier;
    listing.status = read_status(state);
    listing.hash = hash_text(fmt::format("{} {} {} {} {}", type, listing.contract.size,
                                         listing.settle, state, listing.tick));
    return {};
}

}  // namespace spillway::okx
