#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "names.hpp"
#include "plugin.hpp"

namespace spillway::okx {

Status Okx::begin(const NodeSetup&) {
    take_sizes();
    return {};
}

void Okx::take_sizes() {
    for (const auto& [id, size] : options.contract_sizes) {
        Known& known = ids_[id];
        if (known.listing != 0) continue;
        known.contract.settlement = settlement_of(id);
        known.contract.size = size;
    }
}

Status Okx::on(const Frame& frame, Emitter& out) {
    return health_.route(
        frame, out, [&] { return on_data(frame, out); }, [&] { return on_response(frame, out); });
}

Status Okx::on_data(const Frame& frame, Emitter& out) {
    if (frame.bytes == "pong") return {};
    ondemand::object message;
    if (Status status = reader_.read(frame.bytes, message); !status.ok()) return status;
    JsonFields fields("message", message);
    const auto argument = fields.object("arg");
    if (!fields.ok()) return fields.problem();
    if (!argument) {
        const auto table = fields.text_if_any("table");
        if (!fields.ok()) return fields.problem();
        return table ? on_table(*table, fields, frame, out) : on_control(message, frame, out);
    }
    JsonFields names("arg", *argument);
    const std::string_view channel = names.text("channel");
    const Name* const name = find_stream(channel);
    // Rows of the others name their instrument themselves.
    const bool of_argument = name != nullptr && name->rows == Rows::liquidations;
    const std::string_view id = of_argument ? names.text_or_none("instId") : std::string_view();
    if (!names.ok()) return names.problem();
    const auto rows = fields.array("data");
    if (!fields.ok()) return fields.problem();
    if (!rows) return on_control(message, frame, out);
    if (name == nullptr) {
        return bad_record(
            fmt::format("channel '{}' is not decoded; subscribe to liquidation-orders, "
                        "funding-rate, open-interest, mark-price, tickers, trades or index-tickers",
                        channel.substr(0, 64)),
            "arg.channel");
    }
    return on_rows(name->rows, *rows, id, frame, out);
}

Status Okx::on_rows(Rows what, ondemand::array rows, std::string_view id, const Frame& frame,
                    Emitter& out) {
    const std::uint32_t first = out.size();
    const Known* const named = what == Rows::liquidations ? find_decoded(id) : nullptr;
    if (what == Rows::liquidations && named == nullptr) return {};
    for (auto element : rows) {
        ondemand::object row;
        if (element.get_object().get(row)) return venues::no_object();
        Status status;
        switch (what) {
            case Rows::liquidation_orders:
                status = on_liquidation_orders(row, first, frame, out);
                break;
            case Rows::liquidations:
                status = on_liquidation(row, id, *named, first, frame, out);
                break;
            case Rows::funding_rate:
                status = on_funding_rate(row, frame, out);
                break;
            case Rows::open_interest:
                status = on_open_interest(row, frame, out);
                break;
            case Rows::mark_price:
                status = on_mark_price(row, frame, out);
                break;
            case Rows::tickers:
                status = on_ticker(row, frame, out);
                break;
            case Rows::trades:
                status = on_trade(row, frame, out);
                break;
            case Rows::index_tickers:
                status = on_index_ticker(row, frame, out);
                break;
            default:
                return bad_record("these rows come as the answer to a poll only");
        }
        if (!status.ok()) return status;
    }
    return {};
}

/// Answers to requests and notices. A refused subscription is told to whoever relies on the feed.
Status Okx::on_control(ondemand::object message, const Frame& frame, Emitter& out) {
    JsonFields fields("answer", message);
    const std::string_view event = fields.text_if_any("event").value_or("");
    if (!fields.ok()) return fields.problem();
    if (event.empty()) {
        return bad_record("neither data (keys 'arg' and 'data') nor the answer to a request");
    }
    if (event == "error" || event == "channel-conn-count-error") {
        const std::string_view text = fields.text_if_any("msg").value_or(event);
        const std::string_view code = fields.text_if_any("code").value_or("none");
        if (!fields.ok()) return fields.problem();
        health_.on_refused(frame, kind_in(text),
                           fmt::format("request refused, code {}: {}", code, text), out);
        return {};
    }
    // `notice`: the venue will close the connection; the frame that says so comes with it.
    if (event == "subscribe" || event == "unsubscribe" || event == "notice" ||
        event == "channel-conn-count") {
        return {};
    }
    return bad_record(fmt::format("event '{}' is not known", event.substr(0, 64)), "event");
}

Event& Okx::begin_event(Kind kind, Time time, const Known& known, const Frame& frame,
                        Emitter& out) {
    Event& event = out.emit(kind);
    event.event_time = time;
    event.venue = frame.venue;
    event.instrument = known.instrument;
    return event;
}

const Known* Okx::find_decoded(std::string_view id) {
    if (id.empty()) return nullptr;
    const Known& known = ids_[id];
    return known.contract.decoded() ? &known : nullptr;
}

Status size_not_known(std::string_view message, std::string_view id) {
    return bad_record(fmt::format("{}: the contract size of '{}' is not known; poll "
                                  "instruments?instType=.. first, or set contract_sizes",
                                  message, id),
                      "instId");
}

}  // namespace spillway::okx
