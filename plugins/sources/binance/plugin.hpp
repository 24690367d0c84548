#pragma once

#include <spillway/venue.hpp>

#include "contracts.hpp"
#include "force_order.hpp"

namespace spillway::binance {

/// Decoder of Binance futures, USD-M and COIN-M: forced orders and mark prices, bare or in the
/// combined form, one message or an array of them.
class Binance : public Venue<Binance> {
public:
    static constexpr About about{
        .name = "binance",
        .version = "1.0.0",
        .summary = "Binance futures (USD-M, COIN-M): liquidations, mark prices, funding rates",
        .emits = {Kind::liquidation, Kind::price, Kind::funding_rate}};
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(const Frame& frame, Emitter& out) {
        if (frame.type != FrameType::data) return {};
        ForceOrder order;
        if (read_frame_as_written(parser_, frame.bytes, order)) [[likely]] {
            if (emit_order(order, frame, out)) [[likely]]
                return {};
        }
        return on_any(frame, out);
    }

private:
    /// Everything that is not one forced order in the usual spelling. Out of line: rare.
    [[gnu::noinline, gnu::cold]] Status on_any(const Frame& frame, Emitter& out);
    Status on_message(ondemand::object message, const Frame& frame, Emitter& out);
    Status on_force_order(ondemand::object message, const Frame& frame, Emitter& out);
    Status on_mark_price(ondemand::object message, const Frame& frame, Emitter& out);

    /// False if the order cannot be valued or its time is out of range; nothing is emitted then.
    bool emit_order(const ForceOrder& order, const Frame& frame, Emitter& out);
    void set_id(Event& event, std::uint64_t channel, std::uint64_t symbol, std::int64_t time_ms,
                double a, double b, std::uint64_t c);

    ondemand::parser parser_;
    ContractCache contracts_;
};

}  // namespace spillway::binance
