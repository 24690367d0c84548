#include <vector>

#include <fmt/format.h>

#include "common/venues/ids.hpp"
#include "common/venues/instrument_facts.hpp"
#include "plugin.hpp"

namespace spillway::kraken_futures {

using venues::Found;

/// All rows are read before any is believed: a list with a row that makes no sense changes nothing.
Status KrakenFutures::on_instruments(dom::object reply, const Frame& frame, Emitter& out) {
    dom::array rows;
    if (venues::find_array(reply, "instruments", rows) != Found::present) {
        return venues::wrong_field("instruments", "instruments", "an array");
    }
    std::vector<Listing> listings;
    for (auto element : rows) {
        dom::object row;
        if (element.get_object().get(row)) return venues::no_object();
        Listing listing;
        if (Status status = read_listing(row, listing); !status.ok()) return status;
        if (listing.contract.decoded()) listings.push_back(std::move(listing));
    }
    for (const Listing& listing : listings) {
        Known& known = products_[listing.id];
        const std::uint64_t said = hash_text(listing.said);
        if (known.listing == said) continue;
        known.listing = said;
        known.contract.size = listing.contract.size;
        emit_instrument(listing, known, frame, out);
    }
    return {};
}

void KrakenFutures::emit_instrument(const Listing& listing, const Known& known, const Frame& frame,
                                    Emitter& out) {
    Event& event = begin_event(Kind::instrument, frame.receive_time, known, frame, out);
    venues::InstrumentFacts facts;
    facts.contract = known.contract.inverse ? ContractType::inverse : ContractType::linear;
    facts.contract_size = known.contract.size;
    facts.tick_size = listing.tick;
    facts.status = listing.status;
    facts.settle = name_id(known.contract.inverse ? std::string_view(known.contract.base) : "USD");
    venues::set_facts(event, facts);
    if (needs_ids()) {
        venues::set_native_id(event, hash_text("instruments"), known.hash, listing.said);
    }
}

}  // namespace spillway::kraken_futures
