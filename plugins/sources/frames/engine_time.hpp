#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <spillway/time.hpp>

namespace spillway::frames {

enum class TimeUnit : std::uint8_t { seconds, milliseconds, microseconds, nanoseconds };
inline constexpr std::array<std::string_view, 4> time_unit_names = {"s", "ms", "us", "ns"};

/// Finds the time in the raw bytes of a JSON message, before anything decodes it: the integer
/// after the first `"key":`, wherever it stands, blanks and a quote allowed before the digits.
/// The bytes have eight readable ones after them.
class EngineTimeScanner {
public:
    EngineTimeScanner() = default;
    EngineTimeScanner(std::string_view key, TimeUnit unit);

    /// False with a reason if the key is not there or its value is no integer time of 2009..2100.
    [[nodiscard]] bool scan(std::string_view bytes, Time& time) const noexcept;
    /// Why `scan` said false.
    [[nodiscard]] std::string reason(std::string_view bytes) const;

private:
    [[nodiscard]] const char* find(std::string_view bytes) const noexcept;

    std::string pattern_;     ///< `"key":`
    std::uint64_t head_ = 0;  ///< its first eight bytes, and which of them count
    std::uint64_t mask_ = 0;
    Duration unit_ = millisecond;
    std::uint64_t earliest_ = 0, latest_ = 0;  ///< in units; `latest_` is out of range
};

}  // namespace spillway::frames
