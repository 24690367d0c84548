#pragma once

#include <array>
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
#include "names.hpp"
#include "options.hpp"
#include "protocol.hpp"

namespace spillway::okx {

namespace dom = venues::dom;
namespace ondemand = venues::ondemand;
using venues::JsonFields;

/// What the decoder knows of an instrument id.
struct Known {
    Contract contract;
    std::uint64_t hash = 0;     ///< of the id's text, for ids of events
    std::uint64_t listing = 0;  ///< hash of what the instrument list said; 0: not listed
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
        if constexpr (std::is_same_v<Archive, StateReader>) intern();
    }
};

/// Decoder of OKX v5, swaps and futures: the streams liquidation-orders, funding-rate,
/// open-interest, mark-price, tickers, trades and index-tickers, and the replies of the polls; and
/// of the tables of v3, as they were recorded until 2021.
class Okx : public Venue<Okx> {
public:
    static constexpr About about{
        .name = "okx",
        .version = "1.0.0",
        .summary = "OKX swaps and futures: liquidations, prices, funding, open interest, trades",
        .emits = {Kind::liquidation, Kind::price, Kind::funding_rate, Kind::open_interest,
                  Kind::trade, Kind::long_short_ratio, Kind::instrument, Kind::source_status}};
    static constexpr auto option_list = okx::option_list;
    Options options;

    [[nodiscard]] Status check() const { return options.check(); }
    [[nodiscard]] const spillway::Protocol* protocol() const noexcept override {
        return &protocol_;
    }
    Status begin(const NodeSetup&);
    Status on(const Frame& frame, Emitter& out);

    template <class Archive>
    void fields(Archive& io) {
        io(1, ids_);
        io(2, health_);
        if constexpr (std::is_same_v<Archive, StateReader>) take_sizes();
    }

private:
    /// A row `[time, number, ..]` of the statistics.
    struct Statistic {
        Time time = 0;
        std::array<double, 3> numbers{};
    };
    /// A row of the funding history.
    struct Settled {
        std::string_view id;
        Time time = 0;
        double rate = 0;
    };

    // What the rows of both formats say, without their names.
    struct Liquidated {
        double price = 0, contracts = 0;
        Side side = Side::long_position;
    };
    struct Traded {
        double last = 0;
        std::optional<double> contracts = {}, coins = {};  ///< of 24 h
    };
    struct OpenPositions {
        double contracts = 0;
        std::optional<double> coins = {}, dollars = {};
    };
    struct Funding {
        double rate = 0;
        std::optional<Time> due = {}, after = {}, time = {};
    };
    struct Trade {
        std::string_view native;
        double price = 0, contracts = 0;
        TakerSide side = TakerSide::buy;
    };

    /// The sizes of the options, where the instrument list has said nothing.
    void take_sizes();

    // stream.cpp
    Status on_data(const Frame& frame, Emitter& out);
    Status on_control(ondemand::object message, const Frame& frame, Emitter& out);
    Status on_rows(Rows what, ondemand::array rows, std::string_view id, const Frame& frame,
                   Emitter& out);
    /// Null for an empty id and for what is not decoded: rows of it are left out.
    [[nodiscard]] const Known* find_decoded(std::string_view id);
    // polls.cpp
    Status on_response(const Frame& frame, Emitter& out);
    Status on_stream_rows(Rows what, const Frame& frame, Emitter& out);
    Status on_funding_history(dom::array rows, const Frame& frame, Emitter& out);
    static Status read_statistic(Rows what, dom::element element, Statistic& row);
    Status on_statistics(Rows what, dom::array rows, const venues::Poll& poll, const Frame& frame,
                         Emitter& out);
    void emit_ratio(Rows what, const Statistic& row, Duration period, const Known& known,
                    const Frame& frame, Emitter& out);
    void emit_interest(Rows what, const Statistic& row, Duration period, const Known& known,
                       const Frame& frame, Emitter& out);
    // instruments.cpp
    Status on_instruments(dom::array rows, const Frame& frame, Emitter& out);
    void emit_instrument(const Listing& listing, const Known& known, const Frame& frame,
                         Emitter& out);
    // liquidations.cpp
    Status on_liquidation_orders(ondemand::object row, std::uint32_t first, const Frame& frame,
                                 Emitter& out);
    Status on_liquidation(ondemand::object order, std::string_view id, const Known& known,
                          std::uint32_t first, const Frame& frame, Emitter& out);
    Status emit_liquidation(const Liquidated& order, Time time, std::string_view id,
                            const Known& known, std::uint32_t first, const Frame& frame,
                            Emitter& out);
    // market.cpp
    Status on_funding_rate(ondemand::object row, const Frame& frame, Emitter& out);
    Status on_open_interest(ondemand::object row, const Frame& frame, Emitter& out);
    Status on_mark_price(ondemand::object row, const Frame& frame, Emitter& out);
    Status on_ticker(ondemand::object row, const Frame& frame, Emitter& out);
    Status on_trade(ondemand::object row, const Frame& frame, Emitter& out);
    Status on_index_ticker(ondemand::object row, const Frame& frame, Emitter& out);

    static TakerSide read_taker(JsonFields& fields);
    void emit_mark(double mark, Time time, const Known& known, const Frame& frame, Emitter& out);
    void emit_ticker(const Traded& traded, Time time, const Known& known, const Frame& frame,
                     Emitter& out);
    void emit_open_interest(const OpenPositions& open, Time time, const Known& known,
                            const Frame& frame, Emitter& out);
    void emit_funding(const Funding& funding, const Known& known, const Frame& frame, Emitter& out);
    Status emit_trade(const Trade& trade, Time time, std::string_view id, const Known& known,
                      const Frame& frame, Emitter& out);
    // tables.cpp
    Status on_table(std::string_view name, JsonFields& message, const Frame& frame, Emitter& out);
    Status on_table_liquidation(JsonFields& fields, std::string_view id, const Known& known,
                                std::uint32_t first, const Frame& frame, Emitter& out);
    Status on_table_row(Table table, ondemand::object row, std::uint32_t first, const Frame& frame,
                        Emitter& out);

    static Event& begin_event(Kind kind, Time time, const Known& known, const Frame& frame,
                              Emitter& out);
    [[nodiscard]] bool needs_ids() const noexcept { return setup().needs_ids; }

    Protocol protocol_{options};
    venues::StreamReader reader_;
    dom::parser parser_;  ///< of replies
    venues::SymbolTable<Known> ids_;
    venues::FeedHealth health_;
    std::vector<Settled> settled_;  ///< of the reply in hand
    std::vector<Statistic> statistics_;
};

/// An order of an instrument whose size is not known is refused.
[[nodiscard]] Status size_not_known(std::string_view message, std::string_view id);

}  // namespace spillway::okx
