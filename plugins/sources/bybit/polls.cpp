#include <cmath>
#include <string>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::bybit {
namespace {

using venues::Found;
using venues::JsonFields;
using venues::presence;
using venues::wrong_field;

/// What a poll is about; nothing if it is not decoded.
std::optional<Kind> kind_of_poll(std::string_view name) {
    if (name == "tickers") return Kind::price;
    if (name == "open-interest") return Kind::open_interest;
    if (name == "account-ratio") return Kind::long_short_ratio;
    if (name == "funding/history") return Kind::funding_rate;
    if (name == "instruments-info") return Kind::instrument;
    return std::nullopt;
}

/// "5min", "1h", "1d"; 0 if there is none.
Duration read_period(std::string_view text) {
    std::string usual(text);
    if (usual.ends_with("min")) usual.resize(usual.size() - 2);
    Duration period = 0;
    return parse_duration(usual, period) && period > 0 ? period : 0;
}

}  // namespace

/// The body says by itself whether the poll worked: errors come with HTTP 200 as well.
Status Bybit::on_response(const Frame& frame, Emitter& out) {
    const venues::Poll poll(text_of(frame.channel));
    const std::string_view name = poll.name_after("/v5/market/");
    const std::optional<Kind> concerns = kind_of_poll(name);
    if (!concerns) {
        return bad_record(
            fmt::format("poll '{}' is not decoded; expected tickers, open-interest, "
                        "account-ratio, funding/history or instruments-info",
                        poll.name().substr(0, 64)));
    }
    if (health_.on_bad_status(frame, *concerns, name, out)) return {};
    dom::object reply, result;
    if (Status status = venues::read_message(parser_, frame.bytes, reply); !status.ok())
        return status;
    std::int64_t code = 0;
    dom::element value;
    if (venues::find_value(reply, "retCode", value) != Found::present ||
        venues::read_integer(value, code) != Found::present) {
        return wrong_field(name, "retCode", "a number");
    }
    if (code != 0) {
        std::string_view text;
        if (venues::find_text(reply, "retMsg", text) != Found::present) text = "no retMsg";
        health_.on_failed_poll(frame, *concerns,
                               fmt::format("{}: retCode {}: {}", name, code, text), out);
        return {};
    }
    Time time = 0;
    if (venues::find_millis(reply, "time", time) != Found::present)
        return wrong_field(name, "time", "milliseconds since 1970");
    if (venues::find_object(reply, "result", result) != Found::present) {
        return wrong_field(name, "result", "an object");
    }
    std::string_view market = poll["category"], symbol = poll["symbol"];
    if (venues::find_text(result, "category", market) == Found::wrong) {
        return wrong_field(name, "result.category", "a text");
    }
    if (!market.empty() && market != "linear" && market != "inverse") {
        return bad_record(
            fmt::format("{}: category '{}' is not decoded; expected linear or inverse", name,
                        market),
            "category");
    }
    if (venues::find_text(result, "symbol", symbol) == Found::wrong) {
        return wrong_field(name, "result.symbol", "a text");
    }
    dom::array rows;
    if (venues::find_array(result, "list", rows) != Found::present) {
        return wrong_field(name, "result.list", "an array");
    }
    Status status;
    switch (*concerns) {
        case Kind::price:
            status = on_tickers(time, frame, out);
            break;
        case Kind::open_interest:
            status = on_open_interest(rows, symbol, poll, frame, out);
            break;
        case Kind::long_short_ratio:
            status = on_account_ratio(rows, poll, frame, out);
            break;
        case Kind::funding_rate:
            status = on_funding_history(rows, frame, out);
            break;
        default:
            status = on_instruments(rows, time, frame, out);
            break;
    }
    if (status.ok()) health_.on_poll(frame, out);
    return status;
}

/// All symbols of a category; those that are not quoted in dollars are left out. The rows are those
/// of the stream and are read like them.
Status Bybit::on_tickers(Time time, const Frame& frame, Emitter& out) {
    ondemand::object message;
    if (Status status = reader_.read(frame.bytes, message); !status.ok()) return status;
    JsonFields reply("tickers", message);
    const auto body = reply.object("result");
    if (!body) return reply.problem();
    JsonFields result("tickers", *body);
    auto rows = result.array("list");
    if (!rows) return result.problem();
    for (auto element : *rows) {
        ondemand::object row;
        if (element.get_object().get(row)) return venues::no_object();
        std::string_view symbol;
        TickerValues values;
        if (Status status = read_ticker(row, values, symbol); !status.ok()) return status;
        Known& known = symbols_[symbol];
        if (known.contract.settlement == Settlement::unknown) continue;
        TickerState ticker;
        ticker.apply(values);
        if (values.has(TickerField::funding_interval_hour)) {
            known.funding_hours = values[TickerField::funding_interval_hour];
        }
        learn_sides(values, known);
        using enum TickerField;
        if (ticker.has(last_price) || ticker.has(mark_price)) {
            emit_price(ticker, time, known, frame, out);
        }
        emit_interest(ticker, time, known, frame, out);
        emit_funding(ticker, time, known, frame, out);
    }
    return {};
}

Status Bybit::on_open_interest(dom::array rows, std::string_view symbol, const venues::Poll& poll,
                               const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "open-interest";
    if (symbol.empty()) return wrong_field(name, "symbol", "a symbol in the reply or its channel");
    Known& known = symbols_[symbol];
    if (known.contract.settlement == Settlement::unknown) {
        return wrong_field(name, "symbol", "a linear or inverse contract");
    }
    rows_.clear();
    for (auto element : rows) {
        dom::object row;
        PolledRow polled;
        double both = 0, single = 0;
        if (element.get_object().get(row)) return venues::no_object();
        if (venues::find_number(row, "openInterest", both) != Found::present || both < 0) {
            return wrong_field(name, "openInterest", "a number");
        }
        if (venues::find_millis(row, "timestamp", polled.time) != Found::present) {
            return wrong_field(name, "timestamp", "milliseconds since 1970");
        }
        const Found found = venues::find_number(row, "singleOpenInterest", single);
        if (found == Found::wrong || single < 0) {
            return wrong_field(name, "singleOpenInterest", "a number");
        }
        polled.value = found == Found::present ? single : both / known.interest_sides;
        rows_.push_back(polled);
    }
    const Duration interval = read_period(poll["intervalTime"]);
    venues::oldest_first(rows_);
    for (const PolledRow& row : rows_) {
        emit_interest(row.value, std::nullopt, interval, row.time, known, frame, out);
    }
    return {};
}

Status Bybit::on_account_ratio(dom::array rows, const venues::Poll& poll, const Frame& frame,
                               Emitter& out) {
    constexpr std::string_view name = "account-ratio";
    rows_.clear();
    for (auto element : rows) {
        dom::object row;
        PolledRow polled;
        double longs = 0, shorts = 0;
        if (element.get_object().get(row)) return venues::no_object();
        if (venues::find_text(row, "symbol", polled.symbol) != Found::present)
            return wrong_field(name, "symbol", "a symbol");
        if (venues::find_number(row, "buyRatio", longs) != Found::present || longs < 0) {
            return wrong_field(name, "buyRatio", "a share of accounts");
        }
        if (venues::find_number(row, "sellRatio", shorts) != Found::present || !(shorts > 0)) {
            return wrong_field(name, "sellRatio", "a share of accounts above 0");
        }
        if (venues::find_millis(row, "timestamp", polled.time) != Found::present) {
            return wrong_field(name, "timestamp", "milliseconds since 1970");
        }
        polled.value = longs / shorts;
        if (!std::isfinite(polled.value)) return wrong_field(name, "sellRatio", "a larger share");
        rows_.push_back(polled);
    }
    const Duration interval = read_period(poll["period"]);
    venues::oldest_first(rows_);
    for (const PolledRow& row : rows_) {
        using namespace field::long_short_ratio;
        const Known& known = symbols_[row.symbol];
        if (known.contract.settlement == Settlement::unknown) continue;
        Event& event = begin(Kind::long_short_ratio, row.time, known, frame, out);
        event.long_short_ratio.ratio = row.value;
        event.long_short_ratio.population = Population::global_accounts;
        event.kind_and_presence |= presence(ratio, population);
        if (interval > 0) {
            event.long_short_ratio.interval = interval;
            event.set_present(field::long_short_ratio::interval);
        }
        // Rows of one time over different periods are different values.
        if (needs_ids()) {
            venues::set_row_id(event, hash_text(name), known.hash, row.value,
                               static_cast<double>(interval));
        }
    }
    return {};
}

Status Bybit::on_funding_history(dom::array rows, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "funding/history";
    rows_.clear();
    for (auto element : rows) {
        dom::object row;
        PolledRow polled;
        if (element.get_object().get(row)) return venues::no_object();
        if (venues::find_text(row, "symbol", polled.symbol) != Found::present)
            return wrong_field(name, "symbol", "a symbol");
        if (venues::find_number(row, "fundingRate", polled.value) != Found::present ||
            !(std::abs(polled.value) < 1)) {
            return wrong_field(name, "fundingRate", "a fraction");
        }
        if (venues::find_millis(row, "fundingRateTimestamp", polled.time) != Found::present) {
            return wrong_field(name, "fundingRateTimestamp", "milliseconds since 1970");
        }
        rows_.push_back(polled);
    }
    venues::oldest_first(rows_);
    for (const PolledRow& row : rows_) {
        using namespace field::funding_rate;
        const Known& known = symbols_[row.symbol];
        if (known.contract.settlement == Settlement::unknown) continue;
        Event& event = begin(Kind::funding_rate, row.time, known, frame, out);
        event.funding_rate.rate = row.value;
        event.funding_rate.settled = true;
        event.kind_and_presence |= presence(rate, settled);
        if (known.funding_hours > 0) {
            event.funding_rate.rate_interval_hours = known.funding_hours;
            event.set_present(rate_interval_hours);
        }
        if (needs_ids()) {
            venues::set_row_id(event, hash_text(name), known.hash, row.value);
        }
    }
    return {};
}

}  // namespace spillway::bybit
