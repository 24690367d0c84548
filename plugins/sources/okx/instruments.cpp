#include <utility>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::okx {
namespace {

using venues::Found;
using venues::presence;
using venues::wrong_field;

constexpr std::string_view name = "instruments";

TradingStatus read_status(std::string_view text) {
    if (text == "live") return TradingStatus::trading;
    if (text == "expired" || text == "settled") return TradingStatus::settled;
    return TradingStatus::halted;  // preopen, suspend, test, rebase, ..
}

}  // namespace

/// Size of a contract: ctVal x ctMult, in coins, or in dollars where ctValCcy is USD.
Status Okx::read_listing(dom::object row, Listing& listing) {
    std::string_view type, currency, settle, state;
    double value = 0, multiplier = 1;
    if (Status status = read_id(name, row, listing.id); !status.ok()) return status;
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
    if (venues::find_text(row, "settleCcy", settle) == Found::wrong) {
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
    listing.settle = name_id(settle);
    listing.status = read_status(state);
    listing.hash = hash_text(
        fmt::format("{} {} {} {} {}", type, listing.contract.size, settle, state, listing.tick));
    return {};
}

/// The list is polled again and again: an instrument is said when it is new or has changed. The
/// reply has no time: event time is that of the first sight.
Status Okx::on_instruments(dom::array rows, const Frame& frame, Emitter& out) {
    std::vector<Listing> listings;
    for (auto element : rows) {
        dom::object row;
        if (element.get_object().get(row)) return venues::no_object();
        Listing listing;
        if (Status status = read_listing(row, listing); !status.ok()) return status;
        if (listing.contract.decoded()) listings.push_back(std::move(listing));
    }
    for (Listing& listing : listings) {
        Known& known = ids_[listing.id];
        if (known.listing == listing.hash) continue;
        known.listing = listing.hash;
        known.contract = std::move(listing.contract);
        known.intern();
        emit_instrument(listing, known, frame, out);
    }
    return {};
}

void Okx::emit_instrument(const Listing& listing, const Known& known, const Frame& frame,
                          Emitter& out) {
    using namespace field::instrument;
    Event& event = begin_event(Kind::instrument, frame.receive_time, known, frame, out);
    InstrumentPayload& info = event.instrument_info;
    info.contract_size = known.contract.size;
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
    if (needs_ids()) {
        const fmt::format_int said(listing.hash);
        venues::set_native_id(event, hash_text(name), known.hash, {said.data(), said.size()});
    }
}

}  // namespace spillway::okx
