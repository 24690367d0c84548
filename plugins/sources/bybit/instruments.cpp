#include <bit>
#include <utility>

#include "common/venues/ids.hpp"
#include "common/venues/instrument_facts.hpp"
#include "listing.hpp"
#include "plugin.hpp"

namespace spillway::bybit {

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
    Event& event = begin(Kind::instrument, time, known, frame, out);
    venues::InstrumentFacts facts;
    facts.contract = known.contract.settlement == Settlement::inverse ? ContractType::inverse
                                                                      : ContractType::linear;
    facts.contract_size = 1;  // one coin; inverse: one dollar
    facts.tick_size = listing.tick;
    facts.funding_hours = listing.funding_hours;
    facts.status = listing.status;
    if (!listing.settle.empty()) facts.settle = name_id(listing.settle);
    venues::set_facts(event, facts);
    if (needs_ids()) {
        venues::set_row_id(event, hash_text("instruments-info"), known.hash,
                           std::bit_cast<double>(listing.hash));
    }
}

}  // namespace spillway::bybit
