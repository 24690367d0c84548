#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::bench {

/// What a message of the exchange is about; all are as Bybit v5 writes them.
enum class Topic : std::uint8_t { trade, ticker, liquidation };

/// A WebSocket frame that is written once, and then only its times, amounts and ids are changed.
class Message {
public:
    /// `symbol`: "TABCXPERP".
    Message(Topic topic, std::string_view symbol);

    /// Sets the time of sending, and makes the message one of its own by its id or price.
    /// `stamp`: nanoseconds, below 90 seconds, that end up in the amount of the order (of a ticker
    /// in the turnover) as microseconds.
    void set(std::int64_t milliseconds, std::int64_t stamp) noexcept;
    [[nodiscard]] std::string_view frame() const noexcept { return frame_; }

private:
    /// Digits to be overwritten.
    struct Place {
        std::size_t at = 0, size = 0;
    };
    [[nodiscard]] Place find(std::string_view digits, std::size_t from = 0) const;

    std::string frame_;
    Place time_, row_time_, stamp_, number_;
    std::uint64_t count_ = 0;
};

/// What stands before the microseconds: an amount of fixed width. A smaller amount is no stamp.
inline constexpr double stamp_offset_us = 10'000'000;

/// An unmasked text frame of RFC 6455.
[[nodiscard]] std::string text_frame(std::string_view payload);

/// The first message of a ticker: every field.
[[nodiscard]] std::string ticker_snapshot(std::string_view symbol, std::int64_t milliseconds);

/// "TABCXPERP" of base "TABCX".
[[nodiscard]] std::string symbol_of(std::string_view base);

}  // namespace spillway::bench
