#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <spillway/venue.hpp>

#include "common/venues/feed_health.hpp"
#include "common/venues/json_fields.hpp"
#include "common/venues/poll.hpp"
#include "common/venues/symbol_table.hpp"
#include "contracts.hpp"
#include "listing.hpp"
#include "options.hpp"
#include "protocol.hpp"
#include "rows.hpp"
#include "ticker.hpp"

namespace spillway::bybit {

namespace dom = venues::dom;

/// What the decoder knows of a symbol.
struct Known {
    Contract contract;
    TickerState ticker;
    double funding_hours = 0;   ///< from the instrument list or a ticker; 0: not known
    double interest_sides = 1;  ///< what to divide openInterest by; learnt from singleOpenInterest
    std::uint64_t hash = 0;     ///< of the symbol's text, for ids
    std::uint64_t listing = 0;  ///< hash of what the instrument list said; 0: not listed
    InstrumentId instrument = InstrumentId::none;  ///< of this process

    void added(std::string_view symbol) {
        contract = read_contract(symbol);
        hash = hash_text(symbol);
        instrument = instrument_id(contract.instrument);
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, contract);
        io(2, ticker);
        io(3, funding_hours);
        io(4, interest_sides);
        io(5, hash);
        io(6, listing);
        if constexpr (std::is_same_v<Archive, StateReader>) {
            instrument = instrument_id(contract.instrument);
        }
    }
};

/// Where a message brings openInterest and singleOpenInterest, it shows whether the former counts
/// both sides.
void learn_sides(const TickerValues& values, Known& known) noexcept;

/// Decoder of Bybit v5, linear and inverse contracts: the streams allLiquidation, liquidation
/// (until 2025), tickers and publicTrade, and the replies of the market polls. Of the v2 API
/// (until 2022) the streams trade and instrument_info.
class Bybit : public Venue<Bybit> {
public:
    static constexpr About about{
        .name = "bybit",
        .version = "1.0.0",
        .summary = "Bybit linear and inverse contracts: liquidations, tickers, trades, statistics",
        .emits = {Kind::liquidation, Kind::price, Kind::funding_rate, Kind::open_interest,
                  Kind::trade, Kind::long_short_ratio, Kind::instrument, Kind::source_status}};
    static constexpr auto option_list = bybit::option_list;
    Options options;

    [[nodiscard]] Status check() const { return options.check(); }
    [[nodiscard]] const spillway::Protocol* protocol() const noexcept override {
        return &protocol_;
    }

    Status on(const Frame& frame, Emitter& out);

    template <class Archive>
    void fields(Archive& io) {
        io(1, symbols_);
        io(2, health_);
    }

private:
    /// A row of a REST reply with one value: newest first they arrive, oldest first they leave.
    struct PolledRow {
        std::string_view symbol;
        Time time = 0;
        double value = 0;
    };

    // Streams: stream.cpp
    Status on_data(const Frame& frame, Emitter& out);
    Status on_control(ondemand::object message, const Frame& frame, Emitter& out);
    Status on_liquidations(ondemand::object message, bool complete, const Frame& frame,
                           Emitter& out);
    Status on_liquidation(ondemand::object fields, bool complete, std::uint32_t first,
                          const Frame& frame, Emitter& out);
    Status on_trades(ondemand::object message, const Frame& frame, Emitter& out);
    Status emit_trade(const TradeRow& row, const Frame& frame, Emitter& out);
    Status on_ticker(ondemand::object message, const Frame& frame, Emitter& out);
    /// What a message says of a symbol; what has changed, or is due again, becomes events.
    Status take_ticker(std::string_view symbol, const TickerValues& values, bool snapshot,
                       Time time, const Frame& frame, Emitter& out);

    // Streams of the v2 API: v2.cpp
    Status on_old_trades(ondemand::object message, const Frame& frame, Emitter& out);
    Status on_instrument_info(ondemand::object message, const Frame& frame, Emitter& out);

    // Replies: polls.cpp
    Status on_response(const Frame& frame, Emitter& out);
    Status on_tickers(Time time, const Frame& frame, Emitter& out);
    Status on_open_interest(dom::array rows, std::string_view symbol, const venues::Poll& poll,
                            const Frame& frame, Emitter& out);
    Status on_account_ratio(dom::array rows, const venues::Poll& poll, const Frame& frame,
                            Emitter& out);
    Status on_funding_history(dom::array rows, const Frame& frame, Emitter& out);

    // The instrument list: instruments.cpp
    Status on_instruments(dom::array rows, Time time, const Frame& frame, Emitter& out);
    void emit_instrument(const Listing& listing, Time time, const Known& known, const Frame& frame,
                         Emitter& out);

    // Events: events.cpp
    static Event& begin(Kind kind, Time time, const Known& known, const Frame& frame, Emitter& out);
    void emit_price(const TickerState& ticker, Time time, const Known& known, const Frame& frame,
                    Emitter& out);
    void emit_interest(const TickerState& ticker, Time time, const Known& known, const Frame& frame,
                       Emitter& out);
    void emit_interest(double size, std::optional<double> value, Duration interval, Time time,
                       const Known& known, const Frame& frame, Emitter& out);
    void emit_funding(const TickerState& ticker, Time time, const Known& known, const Frame& frame,
                      Emitter& out);
    [[nodiscard]] bool needs_ids() const noexcept { return setup().needs_ids; }

    Protocol protocol_{options};
    venues::StreamReader reader_;
    dom::parser parser_;  ///< of replies
    venues::SymbolTable<Known> symbols_;
    venues::FeedHealth health_;
    std::vector<PolledRow> rows_;  ///< of the reply in hand
};

}  // namespace spillway::bybit
