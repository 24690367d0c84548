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

std::string_view text_of_rows(Rows rows) {
    switch (rows) {
        case Rows::account_ratio_top:
            return "long-short-account-ratio-contract-top-trader";
        case Rows::position_ratio_top:
            return "long-short-position-ratio-contract-top-trader";
        case Rows::open_interest_history:
            return "open-interest-history";
        case Rows::open_interest_volume:
            return "open-interest-volume";
        case Rows::account_ratio:
            return "long-short-account-ratio";
        default:
            return "long-short-account-ratio-contract";
    }
}

}  // namespace

/// The body says by itself whether the poll worked: errors often come with HTTP 200.
Status Okx::on_response(const Frame& frame, Emitter& out) {
    const venues::Poll poll(text_of(frame.channel));
    const Name* const name = find_poll(poll.name());
    if (name == nullptr) {
        return bad_record(
            fmt::format("poll '{}' is not decoded; the plugin's README lists those "
                        "that are",
                        poll.name().substr(0, 96)));
    }
    if (health_.on_bad_status(frame, name->kind, name->text, out)) return {};
    dom::object reply;
    if (Status status = venues::read_message(parser_, frame.bytes, reply); !status.ok())
        return status;
    std::string_view code;
    if (venues::find_text(reply, "code", code) != Found::present) {
        return wrong_field(name->text, "code", "a text");
    }
    if (code != "0") {
        std::string_view text;
        if (venues::find_text(reply, "msg", text) != Found::present) text = "no msg";
        health_.on_failed_poll(frame, name->kind,
                               fmt::format("{}: code {}: {}", name->text, code, text), out);
        return {};
    }
    dom::array rows;
    if (venues::find_array(reply, "data", rows) != Found::present) {
        return wrong_field(name->text, "data", "an array");
    }
    Status status;
    if (name->stream) {
        status = on_stream_rows(name->rows, frame, out);
    } else if (name->rows == Rows::instruments) {
        status = on_instruments(rows, frame, out);
    } else if (name->rows == Rows::funding_history) {
        status = on_funding_history(rows, frame, out);
    } else {
        status = on_statistics(name->rows, rows, poll, frame, out);
    }
    if (status.ok()) health_.on_poll(frame, out);
    return status;
}

/// Rows that a stream sends as well are read like it.
Status Okx::on_stream_rows(Rows what, const Frame& frame, Emitter& out) {
    ondemand::object message;
    if (Status status = reader_.read(frame.bytes, message); !status.ok()) return status;
    JsonFields reply("answer", message);
    const auto rows = reply.array("data");
    return rows ? on_rows(what, *rows, {}, frame, out) : reply.problem();
}

Status Okx::on_funding_history(dom::array rows, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "funding-rate-history";
    settled_.clear();
    for (auto element : rows) {
        dom::object row;
        Settled settled;
        if (element.get_object().get(row)) return venues::no_object();
        if (venues::find_text(row, "instId", settled.id) != Found::present) {
            return wrong_field(name, "instId", "an instrument id");
        }
        // What was paid; `fundingRate` is what was expected.
        Found found = venues::find_number(row, "realizedRate", settled.rate);
        if (found == Found::absent) found = venues::find_number(row, "fundingRate", settled.rate);
        if (found != Found::present || !(std::abs(settled.rate) < 1)) {
            return wrong_field(name, "realizedRate", "a fraction");
        }
        if (venues::find_millis(row, "fundingTime", settled.time) != Found::present) {
            return wrong_field(name, "fundingTime", "milliseconds since 1970");
        }
        settled_.push_back(settled);
    }
    venues::oldest_first(settled_);
    for (const Settled& row : settled_) {
        using namespace field::funding_rate;
        const Known& known = ids_[row.id];
        if (!known.contract.decoded()) continue;
        Event& event = begin_event(Kind::funding_rate, row.time, known, frame, out);
        event.funding_rate.rate = row.rate;
        event.funding_rate.settled = true;
        event.kind_and_presence |= presence(rate, settled);
        if (needs_ids()) venues::set_row_id(event, hash_text(name), known.hash, row.rate);
    }
    return {};
}

Status Okx::read_statistic(Rows what, dom::element element, Statistic& row) {
    const std::string_view name = text_of_rows(what);
    const std::size_t numbers = what == Rows::open_interest_history ? 3 : 1;
    dom::array values;
    if (element.get_array().get(values)) {
        return bad_record(fmt::format("{}: a row that is no JSON array", name));
    }
    const auto read = [&](std::size_t place, dom::element value) {
        if (place == 0) return venues::read_millis(value, row.time) == Found::present;
        if (place > numbers) return true;
        double& number = row.numbers[place - 1];
        return venues::read_number(value, number) == Found::present && !(number < 0);
    };
    std::size_t count = 0;
    for (const dom::element value : values) {
        if (!read(count, value)) {
            return bad_record(
                fmt::format("{}: expected rows of a time in milliseconds and {} numbers, got {}",
                            name, numbers, venues::shown(value)));
        }
        ++count;
    }
    if (count <= numbers) {
        return bad_record(
            fmt::format("{}: a row of {} values; expected {}", name, count, numbers + 1));
    }
    return {};
}

/// Rows `[time, number, ..]` of one contract (`instId`), or of all contracts of a coin (`ccy`).
Status Okx::on_statistics(Rows what, dom::array rows, const venues::Poll& poll, const Frame& frame,
                          Emitter& out) {
    const std::string_view name = text_of_rows(what);
    const bool of_coin = what == Rows::account_ratio || what == Rows::open_interest_volume;
    Known coin;
    if (of_coin) {
        const std::string_view ccy = poll["ccy"];
        if (ccy.empty()) return wrong_field(name, "ccy", "a coin among the poll's parameters");
        coin.hash = hash_text(ccy);
        coin.instrument = instrument_id(ccy);
    } else if (!read_contract(poll["instId"]).decoded()) {
        return wrong_field(name, "instId", "a swap or future among the poll's parameters");
    }
    statistics_.clear();
    for (auto element : rows) {
        Statistic& row = statistics_.emplace_back();
        if (Status status = read_statistic(what, element, row); !status.ok()) return status;
    }
    venues::oldest_first(statistics_);
    const Known& known = of_coin ? coin : ids_[poll["instId"]];
    const Duration interval = read_period(poll["period"]);
    for (const Statistic& row : statistics_) {
        if (what == Rows::open_interest_history || what == Rows::open_interest_volume) {
            emit_interest(what, row, interval, known, frame, out);
        } else {
            emit_ratio(what, row, interval, known, frame, out);
        }
    }
    return {};
}

void Okx::emit_ratio(Rows what, const Statistic& row, Duration period, const Known& known,
                     const Frame& frame, Emitter& out) {
    using namespace field::long_short_ratio;
    Event& event = begin_event(Kind::long_short_ratio, row.time, known, frame, out);
    LongShortRatioPayload& ratios = event.long_short_ratio;
    ratios.ratio = row.numbers[0];
    ratios.population = what == Rows::account_ratio_top    ? Population::top_accounts
                        : what == Rows::position_ratio_top ? Population::top_positions
                                                           : Population::global_accounts;
    event.kind_and_presence |= presence(ratio, population);
    if (period > 0) {
        ratios.interval = period;
        event.set_present(interval);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(text_of_rows(what)), known.hash, ratios.ratio,
                           static_cast<double>(period));
    }
}

void Okx::emit_interest(Rows what, const Statistic& row, Duration period, const Known& known,
                        const Frame& frame, Emitter& out) {
    using namespace field::open_interest;
    Event& event = begin_event(Kind::open_interest, row.time, known, frame, out);
    OpenInterestPayload& interest = event.open_interest;
    if (what == Rows::open_interest_history) {
        interest.contracts = row.numbers[0];
        interest.base = row.numbers[1];
        interest.notional = row.numbers[2];
        event.kind_and_presence |= presence(contracts, base, notional);
    } else {
        interest.notional = row.numbers[0];
        event.set_present(notional);
    }
    if (period > 0) {
        interest.interval = period;
        event.set_present(interval);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(text_of_rows(what)), known.hash, row.numbers[0],
                           static_cast<double>(period));
    }
}

}  // namespace spillway::okx
