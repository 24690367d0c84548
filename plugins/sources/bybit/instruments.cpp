#include <bit>
#include <utility>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::bybit {
namespace {

using venues::Found;
using venues::presence;
using venues::wrong_field;

constexpr std::string_view name = "instruments-info";

TradingStatus read_status(std::string_view text) {
    if (text == "Trading") return TradingStatus::trading;
    if (text == "Closed" || text == "Settled") return TradingStatus::settled;
    return TradingStatus::halted;  // PreLaunch, Delivering
}

}  // namespace

Status Bybit::read_listing(dom::object row, Listing& listing) const {
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
    dom::element value;
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
    dom::object filter;
    const Found filtered = venues::find_object(row, "priceFilter", filter);
    if (filtered == Found::wrong ||
        (filtered == Found::present &&
         venues::find_number(filter, "tickSize", listing.tick) == Found::wrong) ||
        listing.tick < 0) {
        return wrong_field(name, "priceFilter.tickSize", "a number");
    }
    listing.status = read_status(status);
    listing.settle = name_id(listed.settle);
    listing.hash = hash_text(fmt::format("{} {} {} {} {}", listing.contract.instrument,
                                         static_cast<int>(listing.contract.settlement), status,
                                         listing.funding_hours, listing.tick));
    return {};
}

/// The list is polled again and again: an instrument is said when it is new or has changed.
Status Bybit::on_instruments(dom::array rows, Time time, const Frame& frame, Emitter& out) {
    std::vector<Listing> listings;
    for (auto element : rows) {
        dom::object row;
        if (element.get_object().get(row)) return venues::no_object();
        Listing listing;
        if (Status status = read_listing(row, listing); !status.ok()) return status;
        if (listing.contract.settlement == Settlement::unknown) continue;
        listings.push_back(std::move(listing));
    }
    for (Listing& listing : listings) {
        Known& known = symbols_[listing.symbol];
        if (listing.hash == known.listing) continue;
        known.listing = listing.hash;
        known.contract = std::move(listing.contract);
        known.instrument = instrument_id(known.contract.instrument);
        if (listing.funding_hours > 0) known.funding_hours = listing.funding_hours;
        emit_instrument(listing, time, known, frame, out);
    }
    return {};
}

void Bybit::emit_instrument(const Listing& listing, Time time, const Known& known,
                            const Frame& frame, Emitter& out) {
    using namespace field::instrument;
    Event& event = begin(Kind::instrument, time, known, frame, out);
    InstrumentPayload& info = event.instrument_info;
    info.contract_size = 1;  // one coin; inverse: one dollar
    info.contract = known.contract.settlement == Settlement::inverse ? ContractType::inverse
                                                                     : ContractType::linear;
    info.status = listing.status;
    event.kind_and_presence |= presence(contract_size, contract, status);
    if (listing.settle != NameId::none) {
        info.settle = listing.settle;
        event.set_present(settle);
    }
    if (listing.tick > 0) {
        info.tick_size = listing.tick;
        event.set_present(tick_size);
    }
    if (listing.funding_hours > 0) {
        info.funding_interval_hours = listing.funding_hours;
        event.set_present(funding_interval_hours);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(name), known.hash, std::bit_cast<double>(listing.hash));
    }
}

}  // namespace spillway::bybit
