#include "plugin.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include <spillway/fields.hpp>

namespace spillway::my_plugin {
namespace {

/// A text that must be there.
Status read_text(dom::object object, std::string_view key, std::string_view& text) {
    if (object[key].get_string().get(text) || text.empty()) {
        return bad_record(fmt::format("{}: no text", key), key);
    }
    return {};
}

/// A number above 0, which this venue writes in quotes.
Status read_amount(dom::object object, std::string_view key, double& amount) {
    std::string_view text;
    if (object[key].get_string().get(text)) text = {};  // what is no text is no number
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, amount);
    if (error != std::errc() || stop != end || !(amount > 0) || !std::isfinite(amount)) {
        return bad_record(fmt::format("{}: no number above 0 in quotes", key), key);
    }
    return {};
}

/// When it happened, in milliseconds. Seconds or microseconds would be other years.
Status read_time(dom::object object, Time& time) {
    std::int64_t ms = 0;
    if (object["time"].get_int64().get(ms) || ms < earliest_event_time / millisecond ||
        ms >= latest_event_time / millisecond) {
        return bad_record("time: no milliseconds of the years 2009 to 2100", "time");
    }
    time = ms * millisecond;
    return {};
}

/// A new event with what all have. The symbol stays the venue's own: `normalise` knows what it
/// means.
Event& begin(Kind kind, Time time, std::string_view symbol, const Frame& frame, Emitter& out) {
    Event& event = out.emit(kind);
    event.event_time = time;
    event.venue = frame.venue;
    event.instrument = instrument_id(symbol);
    return event;
}

/// From what the venue says about the event, never from when or on which connection it came: after
/// a reconnect the same message must get the same id.
Id make_id(const Frame& frame, std::string_view channel, std::string_view symbol,
           std::string_view native, Time time) {
    const struct {
        std::uint64_t venue, channel, symbol, native;
        Time time;
    } key{hash_text(text_of(frame.venue)), hash_text(channel), hash_text(symbol), hash_text(native),
          time};
    return hash_id(key);
}

}  // namespace

Status MyPlugin::on(const Frame& frame, Emitter& out) {
    if (frame.type != FrameType::data) return {};
    // The 64 readable bytes behind every frame are what the parser asks for: nothing is copied.
    dom::element document;
    dom::object message;
    if (const auto code =
            parser_.parse(frame.bytes.data(), frame.bytes.size(), false).get(document)) {
        return bad_record(fmt::format("not JSON: {}", simdjson::error_message(code)));
    }
    if (document.get_object().get(message)) return bad_record("not a JSON object");
    std::string_view channel;
    if (message["channel"].get_string().get(channel)) {
        std::string_view event;  // the answer to a subscription
        if (!message["event"].get_string().get(event)) return {};
        return bad_record("neither 'channel' nor 'event'");
    }
    if (channel == "liquidations") {
        dom::array orders;
        if (message["data"].get_array().get(orders)) {
            return bad_record("data: no list", "data");
        }
        for (auto element : orders) {
            dom::object order;
            if (element.get_object().get(order)) return bad_record("data: no order", "data");
            if (Status status = on_liquidation(order, frame, out); !status.ok()) return status;
        }
        return {};
    }
    if (channel == "mark") {
        dom::object data;
        if (message["data"].get_object().get(data)) {
            return bad_record("data: no object", "data");
        }
        return on_mark(data, frame, out);
    }
    return bad_record(fmt::format("channel: '{}' is not decoded", channel), "channel");
}

Status MyPlugin::on_liquidation(dom::object order, const Frame& frame, Emitter& out) {
    std::string_view symbol, side, native;
    double price = 0, size = 0;
    Time time = 0;
    if (Status status = read_text(order, "symbol", symbol); !status.ok()) return status;
    if (Status status = read_text(order, "side", side); !status.ok()) return status;
    if (Status status = read_text(order, "id", native); !status.ok()) return status;
    if (Status status = read_amount(order, "price", price); !status.ok()) return status;
    if (Status status = read_amount(order, "size", size); !status.ok()) return status;
    if (Status status = read_time(order, time); !status.ok()) return status;
    if (side != "buy" && side != "sell") {
        return bad_record(fmt::format("side: '{}'; expected buy or sell", side), "side");
    }

    Event& event = begin(Kind::liquidation, time, symbol, frame, out);
    event.flags = flag_raw_in_block;
    LiquidationPayload& liquidation = event.liquidation;
    // The venue names the order's side, we that of the position: a sale closes a long.
    liquidation.side = side == "sell" ? Side::long_position : Side::short_position;
    liquidation.price = price;
    liquidation.quantity = size;
    liquidation.notional = price * size;  // coins times USD: true of linear contracts only
    liquidation.price_kind = PriceKind::fill;
    liquidation.completeness = Completeness::unknown;
    liquidation.raw = raw_range(out, frame.bytes);
    for (const unsigned present :
         {field::liquidation::side, field::liquidation::price, field::liquidation::quantity,
          field::liquidation::notional, field::liquidation::price_kind,
          field::liquidation::completeness, field::liquidation::raw}) {
        event.set_present(present);
    }
    if (setup().needs_ids) event.id = make_id(frame, "liquidations", symbol, native, time);
    return {};
}

Status MyPlugin::on_mark(dom::object data, const Frame& frame, Emitter& out) {
    std::string_view symbol;
    double mark = 0, index = 0;
    Time time = 0;
    if (Status status = read_text(data, "symbol", symbol); !status.ok()) return status;
    if (Status status = read_amount(data, "mark", mark); !status.ok()) return status;
    if (Status status = read_time(data, time); !status.ok()) return status;

    Event& event = begin(Kind::price, time, symbol, frame, out);
    event.price.mark = mark;
    event.set_present(field::price::mark);
    // Not sent for every contract: absent then, not zero.
    if (read_amount(data, "index", index).ok()) {
        event.price.index = index;
        event.set_present(field::price::index);
    }
    if (setup().needs_ids) event.id = make_id(frame, "mark", symbol, "", time);
    return {};
}

}  // namespace spillway::my_plugin

SPILLWAY_PLUGIN(spillway::my_plugin::MyPlugin)
