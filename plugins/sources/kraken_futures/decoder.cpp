#include <optional>

#include <fmt/format.h>

#include "common/venues/poll.hpp"
#include "plugin.hpp"

namespace spillway::kraken_futures {

using venues::Found;
using venues::wrong_field;

Status KrakenFutures::on(const Frame& frame, Emitter& out) {
    return health_.route(
        frame, out, [&] { return on_data(frame, out); }, [&] { return on_response(frame, out); });
}

Status KrakenFutures::on_data(const Frame& frame, Emitter& out) {
    dom::object message;
    if (Status status = venues::read_message(parser_, frame.bytes, message); !status.ok())
        return status;
    std::string_view feed, event;
    // Answers to requests name both.
    if (venues::find_text(message, "event", event) == Found::present) {
        return on_control(message, event, frame, out);
    }
    if (venues::find_text(message, "feed", feed) != Found::present) {
        return bad_record("neither data (key 'feed') nor the answer to a request (key 'event')");
    }
    if (feed == "trade") return on_trade(message, frame, out);
    if (feed == "trade_snapshot") return on_trades(message, frame, out);
    if (feed == "ticker") return on_ticker(message, frame, out);
    if (feed == "ticker_lite") return on_ticker_lite(message, frame, out);
    if (feed == "heartbeat") return {};
    return bad_record(fmt::format("feed '{}' is not decoded; subscribe to trade, ticker, "
                                  "ticker_lite or heartbeat",
                                  feed.substr(0, 64)),
                      "feed");
}

/// Answers to requests, and notes. A refused subscription is told to whoever relies on the feed.
Status KrakenFutures::on_control(dom::object message, std::string_view event, const Frame& frame,
                                 Emitter& out) {
    if (event == "error" || event == "subscribed_failed") {
        std::string_view feed, text;
        std::optional<Kind> missing;
        if (venues::find_text(message, "feed", feed) == Found::present) {
            if (feed == "trade") missing = Kind::liquidation;
            if (feed == "ticker") missing = Kind::price;
        }
        if (venues::find_text(message, "message", text) != Found::present) text = event;
        health_.on_refused(frame, missing, fmt::format("request refused: {}", text), out);
        return {};
    }
    if (event == "info" || event == "subscribed" || event == "unsubscribed" || event == "alert" ||
        event == "unsubscribed_failed" || event == "pong") {
        return {};
    }
    return bad_record(fmt::format("event '{}' is not known", event.substr(0, 64)), "event");
}

/// The body says by itself whether the poll worked.
Status KrakenFutures::on_response(const Frame& frame, Emitter& out) {
    std::string_view name = venues::Poll(text_of(frame.channel)).name();
    name = name.substr(name.rfind('/') + 1);
    const bool list = name == "instruments";
    if (!list && name != "tickers") {
        return bad_record(
            fmt::format("poll '{}' is not decoded; those that are: instruments, "
                        "tickers",
                        name.substr(0, 96)));
    }
    const Kind kind = list ? Kind::instrument : Kind::price;
    if (health_.on_bad_status(frame, kind, name, out)) return {};
    dom::object reply;
    if (Status status = venues::read_message(parser_, frame.bytes, reply); !status.ok())
        return status;
    std::string_view result, error;
    if (venues::find_text(reply, "result", result) != Found::present) {
        return wrong_field(name, "result", "a text");
    }
    if (result != "success") {
        if (venues::find_text(reply, "error", error) != Found::present) error = result;
        health_.on_failed_poll(frame, kind, fmt::format("{}: {}", name, error), out);
        return {};
    }
    Status status = list ? on_instruments(reply, frame, out) : on_tickers(reply, frame, out);
    if (status.ok()) health_.on_poll(frame, out);
    return status;
}

Status KrakenFutures::find_product(std::string_view message, dom::object row, std::string_view key,
                                   Known*& known) {
    std::string_view id;
    if (venues::find_text(row, key, id) != Found::present) {
        return wrong_field(message, key, "a product id");
    }
    known = &products_[id];
    return {};
}

Event& KrakenFutures::begin_event(Kind kind, Time time, const Known& known, const Frame& frame,
                                  Emitter& out) {
    Event& event = out.emit(kind);
    event.event_time = time;
    event.venue = frame.venue;
    event.instrument = known.instrument;
    return event;
}

}  // namespace spillway::kraken_futures
