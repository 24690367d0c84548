#pragma once

#include <spillway/event.hpp>
#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"

namespace spillway::venues {

/// What an instrument list says of a contract, in the contract's own units.
struct InstrumentFacts {
    ContractType contract = ContractType::linear;
    double contract_size = 0;  ///< coins, of inverse contracts dollars; 0: not said, as the rest
    double tick_size = 0;
    double funding_hours = 0;
    NameId settle = NameId::none;
    TradingStatus status = TradingStatus::trading;
};

/// Fills an event of kind `instrument`; what is not said stays absent.
inline void set_facts(Event& event, const InstrumentFacts& facts) noexcept {
    using namespace field::instrument;
    InstrumentPayload& info = event.instrument_info;
    info.contract = facts.contract;
    info.status = facts.status;
    event.kind_and_presence |= presence(contract, status);
    const auto set = [&](auto& place, auto value, auto nothing, unsigned which) {
        if (value == nothing) return;
        place = value;
        event.set_present(which);
    };
    set(info.contract_size, facts.contract_size, 0., contract_size);
    set(info.tick_size, facts.tick_size, 0., tick_size);
    set(info.funding_interval_hours, facts.funding_hours, 0., funding_interval_hours);
    set(info.settle, facts.settle, NameId::none, settle);
}

}  // namespace spillway::venues
