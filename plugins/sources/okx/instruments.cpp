#include <utility>

#include <fmt/format.h>

#include "common/venues/ids.hpp"
#include "common/venues/instrument_facts.hpp"
#include "listing.hpp"
#include "plugin.hpp"

namespace spillway::okx {

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
    Event& event = begin_event(Kind::instrument, frame.receive_time, known, frame, out);
    venues::InstrumentFacts facts;
    facts.contract = known.contract.settlement == Settlement::inverse ? ContractType::inverse
                                                                      : ContractType::linear;
    facts.contract_size = known.contract.size;
    facts.tick_size = listing.tick;
    facts.status = listing.status;
    if (!listing.settle.empty()) facts.settle = name_id(listing.settle);
    venues::set_facts(event, facts);
    if (needs_ids()) {
        const fmt::format_int said(listing.hash);
        venues::set_native_id(event, hash_text("instruments"), known.hash,
                              {said.data(), said.size()});
    }
}

}  // namespace spillway::okx
