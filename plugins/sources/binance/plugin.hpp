#pragma once

#include <string_view>

#include <spillway/venue.hpp>

#include "common/venues/feed_health.hpp"
#include "contracts.hpp"
#include "force_order.hpp"
#include "messages.hpp"
#include "options.hpp"
#include "protocol.hpp"

namespace spillway::binance {

/// Decoder of Binance futures, USD-M and COIN-M: the market-data streams, bare or in the combined
/// form, one message or an array of them, and the answers of the public REST polls.
class Binance : public Venue<Binance> {
public:
    static constexpr About about{
        .name = "binance",
        .version = "1.1.0",
        .summary =
            "Binance futures (USD-M, COIN-M): liquidations, prices, funding, open interest, "
            "long/short ratios, trades, depth",
        .emits = {Kind::liquidation, Kind::price, Kind::bar, Kind::funding_rate,
                  Kind::open_interest, Kind::long_short_ratio, Kind::trade, Kind::depth,
                  Kind::instrument, Kind::source_status}};
    static constexpr auto option_list = binance::option_list;
    Options options;

    [[nodiscard]] Status check() const { return options.check(); }
    [[nodiscard]] const spillway::Protocol* protocol() const noexcept override {
        return &protocol_;
    }

    Status on(const Frame& frame, Emitter& out) {
        if (frame.type == FrameType::data && orders_follow_) [[likely]] {
            ForceOrder order;
            if (read_frame_as_written(reader_, frame.bytes, order) &&
                emit_order(order, contracts_.find_readable(order.symbol), frame, out)) [[likely]] {
                return {};
            }
        }
        return on_any(frame, out);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, contracts_);
        io(3, health_);
    }

private:
    /// Everything that is not one forced order in the usual spelling.
    [[gnu::noinline]] Status on_any(const Frame& frame, Emitter& out);
    Status on_response(const Channel& channel, const Writer& writer);
    Status on_message(const Channel& channel, const Writer& writer);
    Status on_json(ondemand::document& document, const Channel& channel, const Writer& writer);
    Status on_list(ondemand::array list, const Channel& channel, const Writer& writer);
    /// A message of a stream, or one row of a poll's answer.
    Status on_object(ondemand::object object, const Channel& channel, const Writer& writer);
    /// A row of an answer, which the poll names.
    Status on_row(std::string_view name, ondemand::object row, const Channel& channel,
                  const Writer& writer);
    Status on_answer(ondemand::object answer, const Writer& writer);
    Status on_force_order(ondemand::object message, const Writer& writer);
    Status on_snapshot(ondemand::object row, const Channel& channel, const Writer& writer);
    Status on_snapshot_line(const Channel& channel, const Writer& writer);
    Status emit_or_refuse(const ForceOrder& order, std::string_view message, const Writer& writer);

    /// False if the order cannot be valued or its time is out of range; nothing is emitted then.
    bool emit_order(const ForceOrder& order, const Contract& contract, const Frame& frame,
                    Emitter& out);

    Protocol protocol_{options};
    venues::StreamReader reader_;
    Contracts contracts_;
    venues::FeedHealth health_;
    /// What came last was a forced order: the next frame is tried as one first. Only a matter of
    /// speed, and therefore no state.
    bool orders_follow_ = true;
    Time previous_funding_ = 0;  ///< of the row before, within one answer
};

}  // namespace spillway::binance
