#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "names.hpp"
#include "plugin.hpp"

namespace spillway::okx {

using venues::Found;
using venues::wrong_field;

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
    switch (frame.type) {
        case FrameType::data: {
            const std::uint32_t before = out.size();
            Status status = on_data(frame, out);
            if (status.ok() && out.size() > before) health_.on_data(frame, out);
            return status;
        }
        case FrameType::response:
            return on_response(frame, out);
        case FrameType::opened:
        case FrameType::subscribed:
        case FrameType::closed:
        case FrameType::gap:
            health_.on_change(frame, out);
            return {};
    }
    return {};
}

Status Okx::on_data(const Frame& frame, Emitter& out) {
    if (frame.bytes == "pong") return {};
    dom::object message, argument;
    if (Status status = venues::read_message(parser_, frame.bytes, message); !status.ok())
        return status;
    const Found argued = venues::find_object(message, "arg", argument);
    if (argued == Found::wrong) return wrong_field("message", "arg", "an object");
    if (argued == Found::absent) return on_control(message, frame, out);
    std::string_view channel, id;
    if (venues::find_text(argument, "channel", channel) != Found::present) {
        return wrong_field("message", "arg.channel", "a text");
    }
    if (venues::find_text(argument, "instId", id) == Found::wrong) {
        return wrong_field("message", "arg.instId", "a text");
    }
    dom::array rows;
    const Found carries = venues::find_array(message, "data", rows);
    if (carries == Found::wrong) return wrong_field("message", "data", "an array");
    if (carries == Found::absent) return on_control(message, frame, out);
    const Name* const name = find_stream(channel);
    if (name == nullptr) {
        return bad_record(
            fmt::format("channel '{}' is not decoded; subscribe to liquidation-orders, "
                        "funding-rate, open-interest, mark-price, tickers, trades or index-tickers",
                        channel.substr(0, 64)),
            "arg.channel");
    }
    return on_rows(name->rows, rows, id, frame, out);
}

Status Okx::on_rows(Rows what, dom::array rows, std::string_view id, const Frame& frame,
                    Emitter& out) {
    const std::uint32_t first = out.size();
    for (auto element : rows) {
        dom::object row;
        if (element.get_object().get(row)) return venues::no_object();
        Status status;
        switch (what) {
            case Rows::liquidation_orders:
                status = on_liquidation_orders(row, first, frame, out);
                break;
            case Rows::liquidations:
                status = on_liquidation(row, id, first, frame, out);
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
Status Okx::on_control(dom::object message, const Frame& frame, Emitter& out) {
    std::string_view event, code, text;
    if (venues::find_text(message, "event", event) != Found::present) {
        return bad_record("neither data (keys 'arg' and 'data') nor the answer to a request");
    }
    if (event == "error" || event == "channel-conn-count-error") {
        const Found coded = venues::find_text(message, "code", code);
        if (coded == Found::wrong) return wrong_field("answer", "code", "a text");
        if (coded == Found::absent) code = "none";
        if (venues::find_text(message, "msg", text) != Found::present) text = event;
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

Status read_id(std::string_view message, dom::object row, std::string_view& id) {
    if (venues::find_text(row, "instId", id) == Found::present) return {};
    return wrong_field(message, "instId", "an instrument id");
}

Status size_not_known(std::string_view message, std::string_view id) {
    return bad_record(fmt::format("{}: the contract size of '{}' is not known; poll "
                                  "instruments?instType=.. first, or set contract_sizes",
                                  message, id),
                      "instId");
}

}  // namespace spillway::okx
