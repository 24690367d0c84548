#include "messages.hpp"

namespace spillway::binance {
namespace {

/// `v` counts coins on USD-M and contracts on COIN-M; `q` is the quote there and the coin here.
struct Volume {
    double v = 0;
    double q = 0;

    [[nodiscard]] double usd(const Contract& contract) const {
        return contract.settlement == Settlement::inverse ? v * contract.contract_size : q;
    }
    [[nodiscard]] double coins(const Contract& contract) const {
        return contract.settlement == Settlement::inverse ? q : v;
    }
};

}  // namespace

/// 24hrTicker and 24hrMiniTicker.
Status decode_ticker(ondemand::object message, const Writer& writer) {
    JsonFields fields("24hrTicker", message);
    const Time time = fields.time("E");
    const std::string_view symbol = fields.text("s");
    const double last = fields.positive("c");
    Volume volume;
    volume.v = fields.not_negative("v");
    volume.q = fields.not_negative("q");
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement == Settlement::unknown) return {};
    Event& event = writer.emit(Kind::price, "ticker", contract, time, last, volume.v);
    event.price.last = last;
    event.price.volume_usd = volume.usd(contract);
    event.kind_and_presence |= presence(field::price::last, field::price::volume_usd);
    return {};
}

/// Only complete bars: the venue sends a running one several times a second.
Status decode_kline(ondemand::object message, const Writer& writer) {
    const auto inner = JsonFields("kline", message).value("k");
    ondemand::object bar;
    if (!inner || ondemand::value(*inner).get_object().get(bar) != simdjson::SUCCESS) {
        return bad_record("kline: k: no bar", "k");
    }
    JsonFields fields("kline", bar);
    const Time start = fields.time("t");
    const Time last_moment = fields.time("T");
    const std::string_view symbol = fields.text("s");
    const double open = fields.positive("o");
    const double close = fields.positive("c");
    const double high = fields.positive("h");
    const double low = fields.positive("l");
    const bool complete = fields.flag("x").value_or(false);
    Volume volume;
    volume.v = fields.not_negative("v");
    volume.q = fields.not_negative("q");
    if (!fields.ok()) return fields.problem();
    const Time end = last_moment + millisecond;
    if (end <= start) return bad_record("kline: T: the bar ends before it starts", "T");
    const Contract& contract = writer.contracts().find(symbol);
    if (!complete || contract.settlement == Settlement::unknown) return {};
    Event& event = writer.emit(Kind::bar, "kline", contract, end, end - start);
    BarPayload& payload = event.bar;
    payload.open = open;
    payload.high = high;
    payload.low = low;
    payload.close = close;
    payload.volume_usd = volume.usd(contract);
    payload.volume_base = volume.coins(contract);
    payload.interval = end - start;
    event.kind_and_presence |=
        presence(field::bar::open, field::bar::high, field::bar::low, field::bar::close,
                 field::bar::volume_usd, field::bar::volume_base, field::bar::interval);
    return {};
}

}  // namespace spillway::binance
