#include "messages.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace spillway::bench {
namespace {

// Placeholders: digits that stand nowhere else in a message.
constexpr std::string_view time_digits = "1111111111111";
constexpr std::string_view row_time_digits = "2222222222222";
constexpr std::string_view stamp_digits = "33333333.333";
constexpr std::string_view id_digits = "444444444444";
constexpr std::string_view price_digits = "555";

std::string payload_of(Topic topic, std::string_view symbol) {
    switch (topic) {
        case Topic::trade:
            return fmt::format(
                R"({{"topic":"publicTrade.{0}","type":"snapshot","ts":{1},"data":[{{"T":{2},)"
                R"("s":"{0}","S":"Sell","v":"{3}","p":"0.002150","L":"PlusTick",)"
                R"("i":"0cbf2330-952d-5d03-a462-{4}","BT":false}}]}})",
                symbol, time_digits, row_time_digits, stamp_digits, id_digits);
        case Topic::ticker:
            return fmt::format(
                R"({{"topic":"tickers.{0}","type":"delta","data":{{"symbol":"{0}",)"
                R"("tickDirection":"PlusTick","price24hPcnt":"0.023362","lastPrice":"0.002{4}",)"
                R"("turnover24h":"{3}","volume24h":"66154399.1","bid1Price":"0.002149",)"
                R"("bid1Size":"34.549","ask1Price":"0.002151","ask1Size":"70.817"}},)"
                R"("cs":20856433603,"ts":{1}}})",
                symbol, time_digits, "", stamp_digits, price_digits);
        case Topic::liquidation:
            return fmt::format(
                R"({{"topic":"allLiquidation.{0}","type":"snapshot","ts":{1},"data":[{{"T":{2},)"
                R"("s":"{0}","S":"Buy","v":"{3}","p":"0.002150"}}]}})",
                symbol, time_digits, row_time_digits, stamp_digits);
    }
    throw std::logic_error("no such topic");
}

void write_digits(char* last, std::uint64_t value, std::size_t count) noexcept {
    for (; count > 0; --count, value /= 10) *last-- = static_cast<char>('0' + value % 10);
}

}  // namespace

Message::Message(Topic topic, std::string_view symbol)
    : frame_(text_frame(payload_of(topic, symbol))),
      time_(find(time_digits)),
      row_time_(find(row_time_digits)),
      stamp_(find(stamp_digits)),
      number_(find(topic == Topic::ticker ? price_digits : id_digits)) {}

Message::Place Message::find(std::string_view digits, std::size_t from) const {
    const std::size_t at = frame_.find(digits, from);
    return at == std::string::npos ? Place{} : Place{at, digits.size()};
}

void Message::set(std::int64_t milliseconds, std::int64_t stamp) noexcept {
    const auto write = [this](const Place& place, std::uint64_t value) {
        if (place.size > 0) {
            write_digits(frame_.data() + place.at + place.size - 1, value, place.size);
        }
    };
    write(time_, static_cast<std::uint64_t>(milliseconds));
    write(row_time_, static_cast<std::uint64_t>(milliseconds));
    write(number_, ++count_);
    const auto amount =
        static_cast<std::uint64_t>(stamp) + 1000 * static_cast<std::uint64_t>(stamp_offset_us);
    char* const point = frame_.data() + stamp_.at + 8;
    write_digits(point - 1, amount / 1000, 8);
    write_digits(point + 3, amount % 1000, 3);
}

std::string text_frame(std::string_view payload) {
    std::string frame = "\x81";
    if (payload.size() < 126) {
        frame += static_cast<char>(payload.size());
    } else if (payload.size() < 65'536) {
        frame += static_cast<char>(126);
        frame += static_cast<char>(payload.size() >> 8U);
        frame += static_cast<char>(payload.size() & 0xFFU);
    } else {
        throw std::length_error("a frame of the benchmark has less than 64 KiB");
    }
    return frame.append(payload);
}

std::string ticker_snapshot(std::string_view symbol, std::int64_t milliseconds) {
    return fmt::format(
        R"({{"topic":"tickers.{0}","type":"snapshot","data":{{"symbol":"{0}",)"
        R"("tickDirection":"PlusTick","price24hPcnt":"0.023362","lastPrice":"0.002999",)"
        R"("prevPrice24h":"0.002100","highPrice24h":"0.002300","lowPrice24h":"0.002000",)"
        R"("prevPrice1h":"0.002140","markPrice":"0.002150","indexPrice":"0.002151",)"
        R"("openInterest":"449736676.1","openInterestValue":"966933.85","turnover24h":"1422.3",)"
        R"("volume24h":"661543.1","nextFundingTime":"4102444800000","fundingRate":"0.0001",)"
        R"("bid1Price":"0.002149","bid1Size":"34.549","ask1Price":"0.002151",)"
        R"("ask1Size":"70.817"}},"cs":20856433577,"ts":{1}}})",
        symbol, milliseconds);
}

std::string symbol_of(std::string_view base) { return std::string(base) + "PERP"; }

}  // namespace spillway::bench
