#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "common/venues/iso_time.hpp"
#include "plugin.hpp"

namespace spillway::kraken_futures {
namespace {

using venues::Found;
using venues::presence;
using venues::wrong_field;

/// The names of what both tickers tell: that of the feed, and a row of the reply.
struct Names {
    std::string_view message, index, volume;
};
constexpr Names of_feed = {"ticker", "index", "volume"};
constexpr Names of_reply = {"tickers", "indexPrice", "vol24h"};

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

/// What was read of a ticker; 0: not there.
struct Ticker {
    double last = 0, mark = 0, index = 0;
    bool has_volume = false, has_interest = false;
    double volume_usd = 0;
    double interest = 0;  ///< contracts
};

/// Dollars traded within 24 h. Of linear contracts `volumeQuote`, which is newer than 2022; before
/// that coins are worth the last price, which is an estimate.
Status read_volume(const Names& names, dom::object row, const Contract& contract, Ticker& ticker) {
    double volume = 0, quote = 0;
    const Found has_volume = find_amount(row, names.volume, volume);
    if (has_volume == Found::wrong) return wrong_field(names.message, names.volume, "a number");
    const Found has_quote = find_amount(row, "volumeQuote", quote);
    if (has_quote == Found::wrong) return wrong_field(names.message, "volumeQuote", "a number");
    if (!contract.inverse && has_quote == Found::present) {
        ticker.volume_usd = quote;
        ticker.has_volume = true;
    } else if (has_volume == Found::present && (contract.inverse || ticker.last > 0)) {
        ticker.volume_usd = contract.dollars(volume, ticker.last);
        ticker.has_volume = true;
    }
    return {};
}

Status read_ticker(const Names& names, dom::object row, const Contract& contract, Ticker& ticker) {
    const auto price = [&](std::string_view key, double& number) -> Status {
        if (find_price(row, key, number) != Found::wrong) return {};
        return wrong_field(names.message, key, "a price");
    };
    if (Status status = price("last", ticker.last); !status.ok()) return status;
    if (Status status = price("markPrice", ticker.mark); !status.ok()) return status;
    if (Status status = price(names.index, ticker.index); !status.ok()) return status;
    const Found interest = find_amount(row, "openInterest", ticker.interest);
    if (interest == Found::wrong) return wrong_field(names.message, "openInterest", "a number");
    ticker.has_interest = interest == Found::present;
    return read_volume(names, row, contract, ticker);
}

void fill_price(const Ticker& ticker, Event& event) {
    using namespace field::price;
    const auto set = [&](double& place, double value, unsigned which) {
        place = value;
        event.set_present(which);
    };
    if (ticker.last > 0) set(event.price.last, ticker.last, last);
    if (ticker.mark > 0) set(event.price.mark, ticker.mark, mark);
    if (ticker.index > 0) set(event.price.index, ticker.index, index);
    if (ticker.has_volume) set(event.price.volume_usd, ticker.volume_usd, volume_usd);
}

/// Contracts; what they are worth by the mark price, where that is needed and known.
void fill_interest(const Ticker& ticker, const Contract& contract, Event& event) {
    using namespace field::open_interest;
    OpenInterestPayload& payload = event.open_interest;
    payload.contracts = ticker.interest;
    event.set_present(contracts);
    if (contract.inverse || ticker.mark > 0) {
        payload.notional = contract.dollars(ticker.interest, ticker.mark);
        event.set_present(notional);
    }
    if (!contract.inverse || ticker.mark > 0) {
        payload.base = contract.coins(ticker.interest, ticker.mark);
        event.set_present(base);
    }
}

}  // namespace

Status KrakenFutures::on_ticker(dom::object row, const Frame& frame, Emitter& out) {
    Known* known = nullptr;
    Ticker ticker;
    Time time = 0, due = 0;
    double rate = 0, due_millis = 0;
    if (Status status = find_product(of_feed.message, row, "product_id", known); !status.ok())
        return status;
    const Contract& contract = known->contract;
    if (!contract.decoded()) return {};
    if (Status status = read_ticker(of_feed, row, contract, ticker); !status.ok()) return status;
    if (venues::find_millis(row, "time", time) != Found::present) {
        return wrong_field(of_feed.message, "time", "milliseconds since 1970");
    }
    const Found has_rate = venues::find_number(row, "relative_funding_rate", rate);
    if (has_rate == Found::wrong || !(std::abs(rate) < 1)) {
        return wrong_field(of_feed.message, "relative_funding_rate", "a fraction");
    }
    // Zero: nothing is settled yet.
    const Found has_due = venues::find_number(row, "next_funding_rate_time", due_millis);
    if (has_due == Found::wrong ||
        (due_millis != 0 &&
         venues::find_millis(row, "next_funding_rate_time", due) != Found::present)) {
        return wrong_field(of_feed.message, "next_funding_rate_time", "milliseconds since 1970");
    }

    const std::uint64_t channel = hash_text(of_feed.message);
    if (ticker.last > 0 || ticker.mark > 0 || ticker.index > 0 || ticker.has_volume) {
        Event& event = begin_event(Kind::price, time, *known, frame, out);
        fill_price(ticker, event);
        if (needs_ids()) {
            venues::set_row_id(event, channel, known->hash, ticker.last, ticker.mark, ticker.index);
        }
    }
    if (contract.perpetual && has_rate == Found::present) {
        namespace funding = field::funding_rate;
        Event& event = begin_event(Kind::funding_rate, time, *known, frame, out);
        event.funding_rate.rate = rate;
        event.funding_rate.rate_interval_hours = 1;
        event.funding_rate.settled = false;
        event.kind_and_presence |=
            presence(funding::rate, funding::rate_interval_hours, funding::settled);
        if (due != 0) {
            event.funding_rate.next_funding_time = due;
            event.set_present(funding::next_funding_time);
        }
        if (needs_ids()) {
            venues::set_row_id(event, channel, known->hash, rate, static_cast<double>(due));
        }
    }
    if (ticker.has_interest) {
        Event& event = begin_event(Kind::open_interest, time, *known, frame, out);
        fill_interest(ticker, contract, event);
        if (needs_ids()) venues::set_row_id(event, channel, known->hash, ticker.interest);
    }
    return {};
}

/// It has no time, and of the prices only those of the book: the volume is all there is to say.
Status KrakenFutures::on_ticker_lite(dom::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "ticker_lite";
    Known* known = nullptr;
    Ticker ticker;
    double bid = 0, ask = 0;
    if (Status status = find_product(name, row, "product_id", known); !status.ok()) return status;
    if (!known->contract.decoded()) return {};
    const Status status = read_volume({name, "index", "volume"}, row, known->contract, ticker);
    if (!status.ok()) return status;
    if (find_amount(row, "bid", bid) == Found::wrong) return wrong_field(name, "bid", "a number");
    if (find_amount(row, "ask", ask) == Found::wrong) return wrong_field(name, "ask", "a number");
    if (!ticker.has_volume) return {};
    Event& event = begin_event(Kind::price, frame.receive_time, *known, frame, out);
    fill_price(ticker, event);
    if (needs_ids()) {
        // Without a time the book tells one message from the next.
        const struct {
            std::uint64_t venue, channel, symbol, volume, bid, ask;
        } key{hash_text(text_of(event.venue)),
              hash_text(name),
              known->hash,
              std::bit_cast<std::uint64_t>(ticker.volume_usd),
              std::bit_cast<std::uint64_t>(bid),
              std::bit_cast<std::uint64_t>(ask)};
        event.id = hash_id(key);
    }
    return {};
}

/// Their funding rate is in dollars or coins for each contract, and what it was reckoned by is not
/// said: the feed alone has it as a fraction.
Status KrakenFutures::on_tickers(dom::object reply, const Frame& frame, Emitter& out) {
    std::string_view text;
    dom::array rows;
    if (venues::find_text(reply, "serverTime", text) != Found::present) {
        return wrong_field(of_reply.message, "serverTime", "a time");
    }
    const std::optional<Time> time = venues::read_iso_time(text);
    if (!time) return wrong_field(of_reply.message, "serverTime", "a time in the form of ISO 8601");
    if (venues::find_array(reply, "tickers", rows) != Found::present) {
        return wrong_field(of_reply.message, "tickers", "an array");
    }
    const std::uint64_t channel = hash_text(of_reply.message);
    for (auto element : rows) {
        dom::object row;
        Known* known = nullptr;
        Ticker ticker;
        if (element.get_object().get(row)) return venues::no_object();
        Status status = find_product(of_reply.message, row, "symbol", known);
        if (status.ok() && !known->contract.decoded()) continue;
        if (status.ok()) status = read_ticker(of_reply, row, known->contract, ticker);
        if (!status.ok()) return status;
        if (ticker.last > 0 || ticker.mark > 0 || ticker.index > 0 || ticker.has_volume) {
            Event& event = begin_event(Kind::price, *time, *known, frame, out);
            fill_price(ticker, event);
            if (needs_ids()) {
                venues::set_row_id(event, channel, known->hash, ticker.last, ticker.mark,
                                   ticker.index);
            }
        }
        if (!ticker.has_interest) continue;
        Event& event = begin_event(Kind::open_interest, *time, *known, frame, out);
        fill_interest(ticker, known->contract, event);
        if (needs_ids()) venues::set_row_id(event, channel, known->hash, ticker.interest);
    }
    return {};
}

}  // namespace spillway::kraken_futures
