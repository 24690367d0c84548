#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include <spillway/venue.hpp>

#include "common/venues/feed_health.hpp"
#include "common/venues/json.hpp"
#include "common/venues/symbol_table.hpp"
#include "contract.hpp"
#include "listing.hpp"
#include "options.hpp"
#include "protocol.hpp"

namespace spillway::kraken_futures {

namespace dom = venues::dom;

struct Trade;

/// What the decoder knows of a product id.
struct Known {
    Contract contract;
    std::uint64_t hash = 0;     ///< of the id's text, for ids of events
    std::uint64_t listing = 0;  ///< hash of what the instrument list said; 0: not listed
    Time newest = 0;            ///< of the trades that were seen; 0: none was
    InstrumentId instrument = InstrumentId::none;  ///< of this process

    void added(std::string_view id) {
        contract = read_contract(id);
        hash = hash_text(id);
        intern();
    }
    void intern() {
        instrument = contract.decoded() ? instrument_id(contract.instrument) : InstrumentId::none;
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, contract);
        io(2, hash);
        io(3, listing);
        io(4, newest);
        if constexpr (std::is_same_v<Archive, StateReader>) intern();
    }
};

/// Decoder of Kraken Futures: the feeds trade, ticker, ticker_lite and heartbeat, and the replies
/// of `tickers` and `instruments`.
class KrakenFutures : public Venue<KrakenFutures> {
public:
    static constexpr About about{
        .name = "kraken_futures",
        .version = "1.0.0",
        .summary = "Kraken Futures: every liquidation, prices, funding, open interest, trades",
        .emits = {Kind::liquidation, Kind::trade, Kind::price, Kind::funding_rate,
                  Kind::open_interest, Kind::instrument, Kind::source_status}};
    static constexpr auto option_list = kraken_futures::option_list;
    Options options;

    [[nodiscard]] Status check() const { return options.check(); }
    [[nodiscard]] const spillway::Protocol* protocol() const noexcept override {
        return &protocol_;
    }
    Status on(const Frame& frame, Emitter& out);

    template <class Archive>
    void fields(Archive& io) {
        io(1, products_);
        io(2, health_);
    }

private:
    // decoder.cpp
    Status on_data(const Frame& frame, Emitter& out);
    Status on_control(dom::object message, std::string_view event, const Frame& frame,
                      Emitter& out);
    Status on_response(const Frame& frame, Emitter& out);
    /// The product of a row, under `product_id` or `symbol`.
    Status find_product(std::string_view message, dom::object row, std::string_view key,
                        Known*& known);
    static Event& begin_event(Kind kind, Time time, const Known& known, const Frame& frame,
                              Emitter& out);
    // trades.cpp
    Status on_trades(dom::object message, const Frame& frame, Emitter& out);
    Status on_trade(dom::object row, const Frame& frame, Emitter& out);
    void emit_trade(const Trade& trade, const Known& known, const Frame& frame, Emitter& out);
    // tickers.cpp
    Status on_ticker(dom::object row, const Frame& frame, Emitter& out);
    Status on_ticker_lite(dom::object row, const Frame& frame, Emitter& out);
    Status on_tickers(dom::object reply, const Frame& frame, Emitter& out);
    // instruments.cpp
    Status on_instruments(dom::object reply, const Frame& frame, Emitter& out);
    void emit_instrument(const Listing& listing, const Known& known, const Frame& frame,
                         Emitter& out);

    [[nodiscard]] bool needs_ids() const noexcept { return setup().needs_ids; }

    Protocol protocol_{options};
    dom::parser parser_;
    venues::SymbolTable<Known> products_;
    venues::FeedHealth health_;
};

}  // namespace spillway::kraken_futures
