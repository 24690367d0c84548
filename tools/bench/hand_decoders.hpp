#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <simdjson.h>

namespace spillway::bench {

/// What a message says, in one struct for all kinds: what somebody would write who needs no more.
struct HandRow {
    enum class Kind : std::uint8_t { trade, liquidation, price, funding, interest };
    std::string_view native_id;  ///< in the message; of a ticker, its type
    std::int64_t number = 0;     ///< the venue's, of a trade; of a forced order, its line
    std::int64_t time_ms = 0, next_funding_ms = 0, funding_after_ms = 0;
    double price = 0, quantity = 0;  ///< of orders
    double last = 0, mark = 0, index = 0, volume = 0, turnover = 0;
    double rate = 0, funding_hours = 0;
    double interest = 0, interest_value = 0, interest_usd = 0;
    double one_sided_interest = 0, one_sided_interest_value = 0;
    std::uint32_t symbol = 0;
    bool sell = false, of_long = false;
    Kind kind = Kind::trade;
};

/// Numbers of texts.
class HandSymbols {
public:
    std::uint32_t operator[](std::string_view text) {
        const auto found = numbers_.find(text);
        if (found != numbers_.end()) return found->second;
        return numbers_.emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
    }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

/// The yardstick of a venue's decoder: takes the same fields out of the same messages with
/// simdjson's On-Demand parser. No events, ids, state, reasons or checks of what is out of range.
class HandDecoder {
public:
    virtual ~HandDecoder() = default;
    /// Appends to `rows`; false: cannot be read. Bytes have simdjson's padding behind them.
    virtual bool decode(std::string_view message, std::vector<HandRow>& rows) = 0;

protected:
    bool parse(std::string_view message, simdjson::ondemand::document& document) {
        return parser_.iterate(message.data(), message.size(), message.size() + padding)
                   .get(document) == simdjson::SUCCESS;
    }
    HandSymbols symbols;

private:
    static constexpr std::size_t padding = simdjson::SIMDJSON_PADDING;
    simdjson::ondemand::parser parser_;
};

class HandBinance final : public HandDecoder {
public:
    bool decode(std::string_view message, std::vector<HandRow>& rows) override;

private:
    bool decode_data(simdjson::ondemand::object& data, std::vector<HandRow>& rows);
};

class HandBybit final : public HandDecoder {
public:
    bool decode(std::string_view message, std::vector<HandRow>& rows) override;

private:
    bool decode_ticker(simdjson::ondemand::object& data, HandRow& row);
};

class HandOkx final : public HandDecoder {
public:
    bool decode(std::string_view message, std::vector<HandRow>& rows) override;

private:
    bool decode_position(simdjson::ondemand::object& data, HandRow& row);
    bool decode_price(simdjson::ondemand::object& data, std::string_view channel, HandRow& row);
    bool decode_liquidation(simdjson::ondemand::object& data, std::vector<HandRow>& rows);
};

}  // namespace spillway::bench
