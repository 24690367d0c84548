#include <string>

#include "common/venues/instrument_facts.hpp"
#include "messages.hpp"

namespace spillway::binance {
namespace {

TradingStatus read_status(std::string_view text) {
    if (text == "TRADING") return TradingStatus::trading;
    if (text == "DELIVERED" || text == "CLOSE") return TradingStatus::settled;
    return TradingStatus::halted;  // pending, settling, delivering
}

/// `tickSize` of the price filter.
std::optional<double> read_tick(JsonFields& fields) {
    auto found = fields.value("filters");
    ondemand::array filters;
    if (!found || found->get_array().get(filters)) return {};
    for (auto element : filters) {
        ondemand::object object;
        if (element.get_object().get(object)) {
            fields.refuse("filters", "not a list of objects");
            return {};
        }
        JsonFields filter("exchangeInfo", object);
        const bool wanted = filter.text_if_any("filterType") == "PRICE_FILTER";
        const auto tick = wanted ? filter.number("tickSize") : std::nullopt;
        if (!filter.ok()) {
            fields.refuse("filters", filter.problem().message());
            return {};
        }
        if (wanted) return tick && *tick > 0 ? tick : std::nullopt;
    }
    return {};
}

/// What is known of a contract, with the state it is in now.
venues::InstrumentFacts facts_of(const Contract& contract, TradingStatus status) {
    venues::InstrumentFacts facts;
    const bool inverse = contract.settlement == Settlement::inverse;
    facts.contract = inverse ? ContractType::inverse : ContractType::linear;
    facts.contract_size = contract.contract_size;
    facts.funding_hours = contract.funding_hours;
    facts.settle = contract.settle;
    facts.status = status;
    return facts;
}

Status decode_symbol(ondemand::object row, Time time, const Writer& writer) {
    JsonFields fields("exchangeInfo", row);
    const std::string_view symbol = fields.text("symbol");
    Listing listing;
    listing.base = fields.text("baseAsset");
    listing.quote = fields.text("quoteAsset");
    listing.settle = fields.text("marginAsset");
    listing.contract_size = fields.number("contractSize").value_or(0);
    auto status = fields.text_if_any("status");
    if (!status) status = fields.text_if_any("contractStatus");  // COIN-M
    if (!status) fields.refuse("status", "neither 'status' nor 'contractStatus'");
    const auto tick = read_tick(fields);
    if (listing.contract_size < 0) fields.refuse("contractSize", "expected a number above 0");
    if (!fields.ok()) return fields.problem();

    const double contract_size = listing.contract_size;
    writer.contracts().list(symbol, std::move(listing));
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement == Settlement::unknown) return {};
    const TradingStatus state = read_status(*status);
    Event& event = writer.emit(Kind::instrument, "exchangeInfo", contract, time, state,
                               contract_size, tick.value_or(0));
    venues::InstrumentFacts facts = facts_of(contract, state);
    facts.tick_size = tick.value_or(0);
    venues::set_facts(event, facts);
    return {};
}

}  // namespace

Status decode_exchange_info(ondemand::object answer, const Writer& writer) {
    JsonFields fields("exchangeInfo", answer);
    const Time time = fields.time("serverTime");
    auto found = fields.value("symbols");
    if (!fields.ok()) return fields.problem();
    ondemand::array symbols;
    if (!found || found->get_array().get(symbols)) {
        return bad_record("exchangeInfo: symbols: no list", "symbols");
    }
    for (auto element : symbols) {
        ondemand::object row;
        if (const auto code = element.get_object().get(row)) return json_problem(code);
        if (Status status = decode_symbol(row, time, writer); !status.ok()) return status;
    }
    return {};
}

Status decode_contract_info(ondemand::object message, const Writer& writer) {
    JsonFields fields("contractInfo", message);
    const Time time = fields.time("E");
    const std::string_view symbol = fields.text("s");
    const std::string_view status = fields.text("cs");
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement == Settlement::unknown) return {};
    const TradingStatus state = read_status(status);
    Event& event = writer.emit(Kind::instrument, "contractInfo", contract, time, state);
    venues::set_facts(event, facts_of(contract, state));
    return {};
}

}  // namespace spillway::binance
