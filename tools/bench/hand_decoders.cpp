#include "hand_decoders.hpp"

namespace spillway::bench {
namespace {

namespace ondemand = simdjson::ondemand;
using Kind = HandRow::Kind;

bool text(ondemand::object& from, std::string_view name, std::string_view& to) {
    return from.find_field(name).get_string().get(to) == simdjson::SUCCESS;
}
bool quoted(ondemand::object& from, std::string_view name, double& to) {
    return from.find_field(name).get_double_in_string().get(to) == simdjson::SUCCESS;
}
bool integer(ondemand::object& from, std::string_view name, std::int64_t& to) {
    return from.find_field(name).get_int64().get(to) == simdjson::SUCCESS;
}
bool quoted_integer(ondemand::object& from, std::string_view name, std::int64_t& to) {
    return from.find_field(name).get_int64_in_string().get(to) == simdjson::SUCCESS;
}

}  // namespace

bool HandBinance::decode(std::string_view message, std::vector<HandRow>& rows) {
    ondemand::document document;
    ondemand::object frame, data;
    if (!parse(message, document) || document.get_object().get(frame)) return false;
    for (auto field : frame) {
        std::string_view key;
        if (field.unescaped_key().get(key)) return false;
        if (key == "data") {
            return !field.value().get_object().get(data) && decode_data(data, rows);
        }
        if (key == "e") {
            document.rewind();
            return !document.get_object().get(frame) && decode_data(frame, rows);
        }
    }
    return false;
}

bool HandBinance::decode_data(ondemand::object& data, std::vector<HandRow>& rows) {
    std::string_view event, symbol, side;
    if (!text(data, "e", event)) return false;
    HandRow row;
    if (event == "aggTrade") {
        row.kind = Kind::trade;
        if (!integer(data, "a", row.number) || !text(data, "s", symbol) ||
            !quoted(data, "p", row.price) || !quoted(data, "q", row.quantity) ||
            !integer(data, "T", row.time_ms) || data.find_field("m").get_bool().get(row.sell)) {
            return false;
        }
    } else if (event == "forceOrder") {
        ondemand::object order;
        row.kind = Kind::liquidation;
        if (data.find_field("o").get_object().get(order) || !text(order, "s", symbol)) return false;
        row.symbol = symbols[symbol];
        if (!text(order, "S", side) || !quoted(order, "ap", row.price) ||
            !quoted(order, "z", row.quantity) || !integer(order, "T", row.time_ms)) {
            return false;
        }
        static_cast<void>(integer(order, "st", row.number));  // came in later years
        row.sell = side == "SELL";
        rows.push_back(row);
        return true;
    } else if (event == "markPriceUpdate") {
        row.kind = Kind::price;
        if (!integer(data, "E", row.time_ms) || !text(data, "s", symbol) ||
            !quoted(data, "p", row.mark) || !quoted(data, "i", row.index) ||
            !quoted(data, "r", row.rate) || !integer(data, "T", row.next_funding_ms)) {
            return false;
        }
    } else {
        return false;
    }
    row.symbol = symbols[symbol];
    rows.push_back(row);
    return true;
}

bool HandBybit::decode(std::string_view message, std::vector<HandRow>& rows) {
    ondemand::document document;
    ondemand::object frame, data;
    ondemand::array list;
    std::string_view topic, symbol, side;
    if (!parse(message, document) || document.get_object().get(frame)) return false;
    if (!text(frame, "topic", topic)) return false;
    HandRow row;
    if (topic.starts_with("tickers")) {
        row.kind = Kind::price;
        if (!text(frame, "type", row.native_id) ||
            frame.find_field("data").get_object().get(data) || !decode_ticker(data, row) ||
            !integer(frame, "ts", row.time_ms)) {
            return false;
        }
        rows.push_back(row);
        return true;
    }
    row.kind = topic.starts_with("publicTrade") ? Kind::trade : Kind::liquidation;
    if (frame.find_field("data").get_array().get(list)) return false;
    for (auto element : list) {
        if (element.get_object().get(data) || !integer(data, "T", row.time_ms) ||
            !text(data, "s", symbol)) {
            return false;
        }
        row.symbol = symbols[symbol];
        if (!text(data, "S", side) || !quoted(data, "v", row.quantity) ||
            !quoted(data, "p", row.price) ||
            (row.kind == Kind::trade && !text(data, "i", row.native_id))) {
            return false;
        }
        row.sell = side == "Sell";
        rows.push_back(row);
    }
    return true;
}

/// Deltas have any of the fields; some are empty texts.
bool HandBybit::decode_ticker(ondemand::object& data, HandRow& row) {
    for (auto field : data) {
        std::string_view key, symbol;
        if (field.unescaped_key().get(key)) return false;
        double* to = nullptr;
        if (key == "symbol") {
            if (field.value().get_string().get(symbol)) return false;
            row.symbol = symbols[symbol];
        } else if (key == "lastPrice") {
            to = &row.last;
        } else if (key == "markPrice") {
            to = &row.mark;
        } else if (key == "indexPrice") {
            to = &row.index;
        } else if (key == "turnover24h") {
            to = &row.turnover;
        } else if (key == "volume24h") {
            to = &row.volume;
        } else if (key == "openInterest") {
            to = &row.interest;
        } else if (key == "openInterestValue") {
            to = &row.interest_value;
        } else if (key == "singleOpenInterest") {
            to = &row.one_sided_interest;
        } else if (key == "singleOpenInterestValue") {
            to = &row.one_sided_interest_value;
        } else if (key == "fundingRate") {
            to = &row.rate;
        } else if (key == "fundingIntervalHour") {
            to = &row.funding_hours;
        } else if (key == "nextFundingTime") {
            if (field.value().get_int64_in_string().get(row.next_funding_ms)) continue;
        }
        if (to != nullptr && field.value().get_double_in_string().get(*to)) continue;
    }
    return true;
}

bool HandOkx::decode(std::string_view message, std::vector<HandRow>& rows) {
    ondemand::document document;
    ondemand::object frame, argument, data;
    ondemand::array list;
    std::string_view channel;
    if (!parse(message, document) || document.get_object().get(frame) ||
        frame.find_field("arg").get_object().get(argument) || !text(argument, "channel", channel) ||
        frame.find_field("data").get_array().get(list)) {
        return false;
    }
    for (auto element : list) {
        if (element.get_object().get(data)) return false;
        if (channel == "liquidation-orders") {
            if (!decode_liquidation(data, rows)) return false;
            continue;
        }
        HandRow row;
        if (channel == "funding-rate" || channel == "open-interest") {
            row.kind = channel == "funding-rate" ? Kind::funding : Kind::interest;
            if (!decode_position(data, row)) return false;
        } else if (!decode_price(data, channel, row)) {
            return false;
        }
        rows.push_back(row);
    }
    return true;
}

bool HandOkx::decode_price(ondemand::object& data, std::string_view channel, HandRow& row) {
    std::string_view symbol, side;
    if (!text(data, "instId", symbol)) return false;
    row.symbol = symbols[symbol];
    if (channel == "trades") {
        row.kind = Kind::trade;
        if (!text(data, "tradeId", row.native_id) || !quoted(data, "px", row.price) ||
            !quoted(data, "sz", row.quantity) || !text(data, "side", side)) {
            return false;
        }
        row.sell = side == "sell";
    } else if (channel == "mark-price") {
        row.kind = Kind::price;
        if (!quoted(data, "markPx", row.mark)) return false;
    }
    return quoted_integer(data, "ts", row.time_ms);
}

/// Funding and open interest: some fields came in later years, or are missing in some.
bool HandOkx::decode_position(ondemand::object& data, HandRow& row) {
    for (auto field : data) {
        std::string_view key, symbol;
        if (field.unescaped_key().get(key)) return false;
        double* number = nullptr;
        std::int64_t* time = nullptr;
        if (key == "instId") {
            if (field.value().get_string().get(symbol)) return false;
            row.symbol = symbols[symbol];
        } else if (key == "ts") {
            time = &row.time_ms;
        } else if (key == "fundingTime") {
            time = &row.next_funding_ms;
        } else if (key == "nextFundingTime") {
            time = &row.funding_after_ms;
        } else if (key == "fundingRate") {
            number = &row.rate;
        } else if (key == "oi") {
            number = &row.interest;
        } else if (key == "oiCcy") {
            number = &row.interest_value;
        } else if (key == "oiUsd") {
            number = &row.interest_usd;
        }
        if (number != nullptr && field.value().get_double_in_string().get(*number)) return false;
        if (time != nullptr && field.value().get_int64_in_string().get(*time)) *time = 0;
    }
    return true;
}

/// The orders stand before the instrument.
bool HandOkx::decode_liquidation(ondemand::object& data, std::vector<HandRow>& rows) {
    const std::size_t first = rows.size();
    ondemand::array details;
    ondemand::object order;
    std::string_view symbol, side, position;
    if (data.find_field("details").get_array().get(details)) return false;
    for (auto element : details) {
        HandRow row;
        row.kind = Kind::liquidation;
        if (element.get_object().get(order) || !quoted(order, "bkPx", row.price) ||
            !text(order, "posSide", position) || !text(order, "side", side) ||
            !quoted(order, "sz", row.quantity) || !quoted_integer(order, "ts", row.time_ms)) {
            return false;
        }
        row.sell = side == "sell";
        row.of_long = position == "long";
        rows.push_back(row);
    }
    if (!text(data, "instId", symbol)) return false;
    for (std::size_t i = first; i < rows.size(); ++i) rows[i].symbol = symbols[symbol];
    return true;
}

}  // namespace spillway::bench
