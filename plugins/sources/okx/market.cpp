#include <cmath>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::okx {
namespace {

using venues::Found;
using venues::presence;
using venues::wrong_field;

constexpr Duration longest_funding_interval = 24 * hour;

/// Zero is how the venue writes a price that does not exist yet.
Found find_price(dom::object row, std::string_view key, double& price) {
    const Found found = venues::find_number(row, key, price);
    if (found != Found::present) return found;
    return price > 0 ? Found::present : price == 0 ? Found::absent : Found::wrong;
}

Found find_amount(dom::object row, std::string_view key, double& amount) {
    const Found found = venues::find_number(row, key, amount);
    return found == Found::present && amount < 0 ? Found::wrong : found;
}

}  // namespace

Status Okx::on_mark_price(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "mark-price";
    std::string_view id;
    double mark = 0;
    Time time = 0;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    const Known& known = ids_[id];
    if (!known.contract.decoded()) return {};
    if (find_price(row, "markPx", mark) != Found::present) {
        return wrong_field(name, "markPx", "a number above 0");
    }
    if (venues::find_millis(row, "ts", time) != Found::present) {
        return wrong_field(name, "ts", "milliseconds since 1970");
    }
    Event& event = begin_event(Kind::price, time, known, frame, out);
    event.price.mark = mark;
    event.set_present(field::price::mark);
    if (needs_ids()) venues::set_row_id(event, hash_text(name), known.hash, mark);
    return {};
}

Status Okx::on_ticker(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "tickers";
    std::string_view id;
    double last = 0, contracts = 0, coins = 0;
    Time time = 0;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    const Known& known = ids_[id];
    if (!known.contract.decoded()) return {};
    const Found traded = find_price(row, "last", last);
    if (traded == Found::wrong) return wrong_field(name, "last", "a number above 0");
    if (traded == Found::absent) return {};  // nothing was traded yet
    const Found has_coins = find_amount(row, "volCcy24h", coins);
    if (has_coins == Found::wrong) return wrong_field(name, "volCcy24h", "a number");
    const Found has_contracts = find_amount(row, "vol24h", contracts);
    if (has_contracts == Found::wrong) return wrong_field(name, "vol24h", "a number");
    if (venues::find_millis(row, "ts", time) != Found::present) {
        return wrong_field(name, "ts", "milliseconds since 1970");
    }
    Event& event = begin_event(Kind::price, time, known, frame, out);
    event.price.last = last;
    event.set_present(field::price::last);
    if (known.contract.settlement == Settlement::inverse && has_contracts == Found::present) {
        event.price.volume_usd = contracts * known.contract.size;
        event.set_present(field::price::volume_usd);
    } else if (has_coins == Found::present) {
        event.price.volume_usd = coins * last;
        event.set_present(field::price::volume_usd);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(name), known.hash, last, contracts, coins);
    }
    return {};
}

/// The index of a pair belongs to its perpetual.
Status Okx::on_index_ticker(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "index-tickers";
    std::string_view id;
    double index = 0;
    Time time = 0;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    Known& known = ids_[id];
    if (known.instrument == InstrumentId::none) {
        // A pair is no contract: kept under its own id, as the perpetual's instrument.
        const std::string instrument = index_instrument(id);
        if (instrument.empty()) return {};
        known.instrument = instrument_id(instrument);
    }
    if (find_price(row, "idxPx", index) != Found::present) {
        return wrong_field(name, "idxPx", "a number above 0");
    }
    if (venues::find_millis(row, "ts", time) != Found::present) {
        return wrong_field(name, "ts", "milliseconds since 1970");
    }
    Event& event = begin_event(Kind::price, time, known, frame, out);
    event.price.index = index;
    event.set_present(field::price::index);
    if (needs_ids()) venues::set_row_id(event, hash_text(name), known.hash, index);
    return {};
}

Status Okx::on_open_interest(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "open-interest";
    std::string_view id;
    double contracts = 0, coins = 0, dollars = 0;
    Time time = 0;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    const Known& known = ids_[id];
    if (!known.contract.decoded()) return {};
    if (find_amount(row, "oi", contracts) != Found::present) {
        return wrong_field(name, "oi", "a number");
    }
    const Found has_coins = find_amount(row, "oiCcy", coins);
    if (has_coins == Found::wrong) return wrong_field(name, "oiCcy", "a number");
    Found has_dollars = find_amount(row, "oiUsd", dollars);
    if (has_dollars == Found::wrong) return wrong_field(name, "oiUsd", "a number");
    if (venues::find_millis(row, "ts", time) != Found::present) {
        return wrong_field(name, "ts", "milliseconds since 1970");
    }
    if (has_dollars == Found::absent && known.contract.settlement == Settlement::inverse) {
        dollars = contracts * known.contract.size;
        has_dollars = Found::present;
    }
    using namespace field;
    Event& event = begin_event(Kind::open_interest, time, known, frame, out);
    event.open_interest.contracts = contracts;
    event.set_present(open_interest::contracts);
    if (has_coins == Found::present) {
        event.open_interest.base = coins;
        event.set_present(open_interest::base);
    }
    if (has_dollars == Found::present) {
        event.open_interest.notional = dollars;
        event.set_present(open_interest::notional);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(name), known.hash, contracts, coins);
    }
    return {};
}

Status Okx::on_funding_rate(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "funding-rate";
    using namespace field;
    std::string_view id;
    double rate = 0;
    Time due = 0, after = 0, time = 0;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    const Known& known = ids_[id];
    if (!known.contract.decoded() || !known.contract.perpetual) return {};
    const Found has_rate = venues::find_number(row, "fundingRate", rate);
    if (has_rate == Found::wrong || !(std::abs(rate) < 1)) {
        return wrong_field(name, "fundingRate", "a fraction");
    }
    if (has_rate == Found::absent) return {};  // not zero: none is known yet
    constexpr std::string_view millis = "milliseconds since 1970";
    const Found has_due = venues::find_millis(row, "fundingTime", due);
    if (has_due == Found::wrong) return wrong_field(name, "fundingTime", millis);
    const Found has_after = venues::find_millis(row, "nextFundingTime", after);
    if (has_after == Found::wrong) return wrong_field(name, "nextFundingTime", millis);
    const Found has_time = venues::find_millis(row, "ts", time);
    if (has_time == Found::wrong) return wrong_field(name, "ts", millis);
    // Before 2023 the venue sent no time: then it is when the message was seen first.
    const bool timed = has_time == Found::present;
    Event& event =
        begin_event(Kind::funding_rate, timed ? time : frame.receive_time, known, frame, out);
    event.funding_rate.rate = rate;
    event.kind_and_presence |= presence(funding_rate::rate, funding_rate::settled);
    if (has_due == Found::present) {
        event.funding_rate.next_funding_time = due;
        event.set_present(funding_rate::next_funding_time);
    }
    if (const Duration covers = after - due; has_due == Found::present &&
                                             has_after == Found::present && covers > 0 &&
                                             covers <= longest_funding_interval) {
        event.funding_rate.rate_interval_hours =
            static_cast<double>(covers) / static_cast<double>(hour);
        event.set_present(funding_rate::rate_interval_hours);
    }
    if (!needs_ids()) return {};
    const std::int64_t due_millis = due / millisecond;
    if (timed) {
        venues::set_row_id(event, hash_text(name), known.hash, rate,
                           static_cast<double>(due_millis));
    } else {
        venues::set_native_id(event, hash_text(name), known.hash,
                              fmt::format("{} {}", due_millis, rate));
    }
    return {};
}

Status Okx::on_trade(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "trades";
    std::string_view id, native, side;
    double price = 0, contracts = 0;
    Time time = 0;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    const Known& known = ids_[id];
    if (!known.contract.decoded()) return {};
    if (venues::find_text(row, "tradeId", native) != Found::present) {
        return wrong_field(name, "tradeId", "a text");
    }
    if (find_price(row, "px", price) != Found::present) {
        return wrong_field(name, "px", "a number above 0");
    }
    if (venues::find_number(row, "sz", contracts) != Found::present || !(contracts > 0)) {
        return wrong_field(name, "sz", "a number above 0");
    }
    if (venues::find_text(row, "side", side) != Found::present ||
        (side != "buy" && side != "sell")) {
        return wrong_field(name, "side", "buy or sell");
    }
    if (venues::find_millis(row, "ts", time) != Found::present) {
        return wrong_field(name, "ts", "milliseconds since 1970");
    }
    if (!known.contract.sized()) return size_not_known(name, id);
    const double sized = contracts * known.contract.size;
    const double quantity =
        known.contract.settlement == Settlement::inverse ? sized / price : sized;
    if (!std::isfinite(quantity)) return wrong_field(name, "sz", "a size that a price divides");
    Event& event = begin_event(Kind::trade, time, known, frame, out);
    event.trade.price = price;
    event.trade.quantity = quantity;
    event.trade.side = side == "buy" ? TakerSide::buy : TakerSide::sell;
    event.kind_and_presence |=
        presence(field::trade::price, field::trade::quantity, field::trade::side);
    if (needs_ids()) venues::set_native_id(event, hash_text(name), known.hash, native);
    return {};
}

}  // namespace spillway::okx
