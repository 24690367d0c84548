#include "listing.hpp"

#include <fmt/format.h>

#include <spillway/id.hpp>
#include <spillway/time.hpp>

namespace spillway::bybit {
namespace {

using venues::Found;
using venues::wrong_field;

constexpr std::string_view name = "instruments-info";

TradingStatus read_status(std::string_view text) {
    if (text == "Trading") return TradingStatus::trading;
    if (text == "Closed" || text == "Settled") return TradingStatus::settled;
    return TradingStatus::halted;  // PreLaunch, Delivering
}

}  // namespace

Status read_listing(venues::dom::object row, Listing& listing) {
    Listed listed;
    if (venues::find_text(row, "symbol", listing.symbol) != Found::present) {
        return wrong_field(name, "symbol", "a symbol");
    }
    if (venues::find_text(row, "contractType", listed.contract_type) != Found::present ||
        venues::find_text(row, "baseCoin", listed.base) != Found::present ||
        venues::find_text(row, "quoteCoin", listed.quote) != Found::present) {
        return wrong_field(name, "contractType", "contractType, baseCoin and quoteCoin");
    }
    std::string_view status;
    if (venues::find_text(row, "settleCoin", listed.settle) == Found::wrong) {
        return wrong_field(name, "settleCoin", "a text");
    }
    if (venues::find_text(row, "status", status) == Found::wrong) {
        return wrong_field(name, "status", "a text");
    }
    std::int64_t delivery = 0;  // 0 of perpetuals
    venues::dom::element value;
    const Found ends = venues::find_value(row, "deliveryTime", value);
    if (ends == Found::wrong ||
        (ends == Found::present && venues::read_integer(value, delivery) == Found::wrong)) {
        return wrong_field(name, "deliveryTime", "milliseconds since 1970");
    }
    if (delivery > 0 && delivery < latest_event_time / millisecond) {
        listed.delivery_day = delivery * millisecond / day;
    }
    listing.contract = read_contract(listed);
    if (listing.contract.settlement == Settlement::unknown) return {};
    if (!listing.contract.perpetual && listed.delivery_day == 0) {
        return wrong_field(name, "deliveryTime", "a time, as the contract ends");
    }
    double interval = 0;
    if (venues::find_number(row, "fundingInterval", interval) == Found::wrong || interval < 0) {
        return wrong_field(name, "fundingInterval", "minutes");
    }
    // Minutes; no contract is funded more than once an hour, so that less must be hours.
    listing.funding_hours = interval >= 60 ? interval / 60 : interval;
    venues::dom::object filter;
    const Found filtered = venues::find_object(row, "priceFilter", filter);
    if (filtered == Found::wrong ||
        (filtered == Found::present &&
         venues::find_number(filter, "tickSize", listing.tick) == Found::wrong) ||
        listing.tick < 0) {
        return wrong_field(name, "priceFilter.tickSize", "a number");
    }
    listing.status = read_status(status);
    listing.base = listed.base;
    listing.quote = listed.quote;
    listing.settle = listed.settle;
    listing.hash = hash_text(fmt::format("{} {} {} {} {}", listing.contract.instrument,
                                         static_cast<int>(listing.contract.settlement), status,
                                         listing.funding_hours, listing.tick));
    return {};
}

}  // namespace spillway::bybit
