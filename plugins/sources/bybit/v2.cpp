#include <array>
#include <cmath>

#include <fmt/format.h>

#include "common/venues/iso_time.hpp"
#include "plugin.hpp"

// The streams of the v2 API, of which recordings exist from 2019 to 2022: `trade` and
// `instrument_info`. Names are in snake case, of BTCPERP in camel case; numbers are integers of the
// unit at the end of their name, e4 for 1/10,000, and in later years decimals beside them.

namespace spillway::bybit {
namespace {

using venues::Found;
using venues::JsonFields;
using venues::wrong_field;

struct OldName {
    std::string_view name;
    TickerField field;
    double unit;
};
constexpr std::array old_names = {
    OldName{"last_price_e4", TickerField::last_price, 1e4},
    OldName{"lastPriceE4", TickerField::last_price, 1e4},
    OldName{"last_price", TickerField::last_price, 1},
    OldName{"lastPrice", TickerField::last_price, 1},
    OldName{"mark_price_e4", TickerField::mark_price, 1e4},
    OldName{"markPriceE4", TickerField::mark_price, 1e4},
    OldName{"mark_price", TickerField::mark_price, 1},
    OldName{"markPrice", TickerField::mark_price, 1},
    OldName{"index_price_e4", TickerField::index_price, 1e4},
    OldName{"indexPriceE4", TickerField::index_price, 1e4},
    OldName{"index_price", TickerField::index_price, 1},
    OldName{"indexPrice", TickerField::index_price, 1},
    OldName{"turnover_24h_e8", TickerField::turnover_24h, 1e8},
    OldName{"turnover24hE8", TickerField::turnover_24h, 1e8},
    OldName{"volume_24h", TickerField::volume_24h, 1},
    OldName{"volume_24h_e8", TickerField::volume_24h, 1e8},
    OldName{"volume24hE8", TickerField::volume_24h, 1e8},
    OldName{"open_interest", TickerField::open_interest, 1},
    OldName{"open_interest_e8", TickerField::open_interest, 1e8},
    OldName{"openInterestE8", TickerField::open_interest, 1e8},
    OldName{"open_value_e8", TickerField::open_interest_value, 1e8},
    OldName{"funding_rate_e6", TickerField::funding_rate, 1e6},
    OldName{"fundingRateE6", TickerField::funding_rate, 1e6},
    OldName{"funding_rate_interval", TickerField::funding_interval_hour, 1},
    OldName{"fundingRateInterval", TickerField::funding_interval_hour, 1},
};

constexpr std::string_view ticker_message = "instrument_info";

struct OldTicker {
    TickerValues values;
    std::uint32_t decimals = 0;  ///< fields that were read from a decimal
    std::string_view symbol;

    /// A decimal is taken rather than an integer, in whichever order they come.
    [[nodiscard]] Status set(const OldName& name, double number) {
        const bool decimal = name.unit == 1;
        if (!decimal && (decimals & bit(name.field)) != 0) return {};
        if (decimal) decimals |= bit(name.field);
        return set_field(name.field, number / name.unit, values);
    }
    /// XLMUSDT, of five digits, was sent with five as well: e4 28765 for 0.28765. So the e4 of a
    /// linear contract says nothing alone where the price could be that of a cheap coin.
    void drop_doubtful_prices() {
        for (const auto field :
             {TickerField::last_price, TickerField::mark_price, TickerField::index_price}) {
            if ((decimals & bit(field)) == 0 && values[field] < 10) values.present &= ~bit(field);
        }
    }
};

Status read_next_funding(ondemand::value value, TickerValues& ticker) {
    std::string_view text;
    if (venues::read_text(value, text) == Found::present) {
        if (text.starts_with("1970-")) return {};  // there is none
        if (const auto time = venues::read_iso_time(text)) {
            const std::int64_t millis = *time / millisecond;
            return set_field(TickerField::next_funding_time, static_cast<double>(millis), ticker);
        }
    }
    return wrong_field(ticker_message, "next_funding_time", "a time like 2019-11-06T16:00:00Z");
}

Status read_field(std::string_view key, ondemand::value value, OldTicker& ticker) {
    if (key == "symbol") {
        std::string_view other;
        if (venues::read_text(value, other) != Found::present ||
            (!ticker.symbol.empty() && other != ticker.symbol)) {
            return wrong_field(ticker_message, "symbol", "one symbol in a message");
        }
        ticker.symbol = other;
        return {};
    }
    if (key == "next_funding_time" || key == "nextFundingTime") {
        return read_next_funding(value, ticker.values);
    }
    for (const OldName& old : old_names) {
        if (key != old.name) continue;
        double number = 0;
        const Found found = venues::read_number(value, number);
        if (found == Found::wrong) return wrong_field(ticker_message, old.name, "a number");
        const bool none = number == 0 && old.field == TickerField::open_interest_value;
        if (found == Found::absent || none) return {};
        return ticker.set(old, number);
    }
    return {};
}

/// The data of a snapshot, or a row of a delta.
Status read_row(ondemand::object row, OldTicker& ticker) {
    return venues::for_each_field(row, [&](std::string_view key, ondemand::value value) {
        return read_field(key, value, ticker);
    });
}

/// The data of a delta: lists of rows that were changed, are new, or have gone.
Status read_changes(ondemand::object data, OldTicker& ticker) {
    return venues::for_each_field(data, [&](std::string_view key, ondemand::value value) -> Status {
        if (key != "update" && key != "insert") return {};
        ondemand::array rows;
        if (value.get_array().get(rows)) return wrong_field(ticker_message, "data", "rows");
        for (auto element : rows) {
            ondemand::object row;
            if (element.get_object().get(row)) return venues::no_object();
            if (Status status = read_row(row, ticker); !status.ok()) return status;
        }
        return {};
    });
}

/// Until 2020 in seconds only.
Status read_old_trade(ondemand::object fields, TradeRow& row) {
    JsonFields trade("trade", fields);
    auto time = trade.optional_time("trade_time_ms");
    if (!time) time = trade.optional_time("tradeTimeMs");
    row.symbol = trade.text("symbol");
    row.side = trade.text("side");
    row.size = trade.positive("size");
    row.price = trade.positive("price");
    const auto id = trade.text_if_any("trade_id");
    row.native_id = id ? *id : trade.text("tradeId");
    row.time = time.value_or(0);
    if (!time) {
        row.time = venues::read_iso_time(trade.text("timestamp")).value_or(0);
        if (row.time == 0) trade.refuse("timestamp", "expected a time like 2019-11-06T12:50:52Z");
    }
    if (row.side != "Buy" && row.side != "Sell") trade.refuse("side", "expected Buy or Sell");
    return trade.problem();
}

}  // namespace

Status Bybit::on_old_trades(ondemand::object message, const Frame& frame, Emitter& out) {
    JsonFields fields("trade", message);
    auto rows = fields.array("data");
    if (!rows) fields.refuse("data", "expected an array of trades");
    if (!fields.ok()) return fields.problem();
    for (auto element : *rows) {
        ondemand::object object;
        if (element.get_object().get(object)) return venues::no_object();
        TradeRow row;
        if (Status status = read_old_trade(object, row); !status.ok()) return status;
        if (Status status = emit_trade(row, frame, out); !status.ok()) return status;
    }
    return {};
}

Status Bybit::on_instrument_info(ondemand::object message, const Frame& frame, Emitter& out) {
    JsonFields envelope(ticker_message, message);
    const std::string_view type = envelope.text("type");
    if (type != "snapshot" && type != "delta") {
        envelope.refuse("type", "expected snapshot or delta");
    }
    const auto data = envelope.object("data");
    if (!data) envelope.refuse("data", "expected an object");
    if (!envelope.ok()) return envelope.problem();
    const bool snapshot = type == "snapshot";
    OldTicker ticker;
    if (Status status = snapshot ? read_row(*data, ticker) : read_changes(*data, ticker);
        !status.ok()) {
        return status;
    }
    auto micros = envelope.integer("timestamp_e6");
    if (!micros) micros = envelope.integer("timestampE6");
    if (!micros || !venues::is_event_time(*micros / 1000)) {
        envelope.refuse("timestamp_e6", "expected microseconds since 1970");
    }
    if (!envelope.ok()) return envelope.problem();
    if (ticker.symbol.empty()) return bad_record("instrument_info: no symbol", "symbol");
    if (symbols_[ticker.symbol].contract.settlement == Settlement::linear) {
        ticker.drop_doubtful_prices();
    }
    return take_ticker(ticker.symbol, ticker.values, snapshot, *micros * microsecond, frame, out);
}

}  // namespace spillway::bybit
