#include "engine_time.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace spillway::frames {
namespace {

/// Of TimeUnit.
constexpr std::array<Duration, 4> units = {second, millisecond, microsecond, nanosecond};

static_assert(std::endian::native == std::endian::little, "digits are read as one word");

/// Reads eight digits at once, first digit in the lowest byte: pairs, then fours, then all. False
/// if one of the bytes is no digit.
bool eight_digits(const char* at, std::uint64_t& value) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= 0x3030303030303030;
    if (((word | (word + 0x7676767676767676)) & 0x8080808080808080) != 0) return false;
    word = word * 10 + (word >> 8);
    constexpr std::uint64_t mask = 0x000000FF000000FF;
    value = ((word & mask) * 0x000F424000000064 + (word >> 16 & mask) * 0x0000271000000001) >> 32;
    return true;
}

}  // namespace

EngineTimeScanner::EngineTimeScanner(std::string_view key, TimeUnit unit)
    : pattern_(fmt::format("\"{}\":", key)),
      unit_(units[static_cast<std::size_t>(unit)]),
      earliest_(static_cast<std::uint64_t>(earliest_event_time / unit_)),
      latest_(static_cast<std::uint64_t>(latest_event_time / unit_)) {
    const std::size_t size = std::min(pattern_.size(), sizeof head_);
    std::memcpy(&head_, pattern_.data(), size);
    std::memset(&mask_, 0xFF, size);
}

/// The byte after the first occurrence of the pattern; null if there is none. Looks for the key's
/// first letter: quotes are everywhere.
const char* EngineTimeScanner::find(std::string_view bytes) const noexcept {
    const std::size_t size = pattern_.size();
    if (bytes.size() <= size) return nullptr;
    const char* at = bytes.data() + 1;
    const char* const last = bytes.data() + bytes.size() - size + 1;
    while (at < last) {
        at = static_cast<const char*>(
            std::memchr(at, pattern_[1], static_cast<std::size_t>(last - at)));
        if (at == nullptr) return nullptr;
        std::uint64_t word = 0;
        std::memcpy(&word, at - 1, sizeof word);
        if ((word & mask_) == head_ &&
            (size <= sizeof word || std::memcmp(at - 1, pattern_.data(), size) == 0)) {
            return at - 1 + size;
        }
        ++at;
    }
    return nullptr;
}

bool EngineTimeScanner::scan(std::string_view bytes, Time& time) const noexcept {
    const char* at = find(bytes);
    if (at == nullptr) return false;
    const char* const end = bytes.data() + bytes.size();
    while (at < end && *at == ' ') ++at;
    if (at < end && *at == '"') ++at;
    const char* const first = at;
    std::uint64_t value = 0;
    if (end - at >= 8 && eight_digits(at, value)) at += 8;
    for (; at < end && *at >= '0' && *at <= '9'; ++at) {
        value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    if (at == first || at - first > 19 || (at < end && (*at == '.' || *at == 'e'))) return false;
    if (value < earliest_ || value >= latest_) return false;
    time = static_cast<Time>(value) * unit_;
    return true;
}

std::string EngineTimeScanner::reason(std::string_view bytes) const {
    const char* at = find(bytes);
    if (at == nullptr) return fmt::format("no {} in the line: no receive time", pattern_);
    const std::string_view rest(at, static_cast<std::size_t>(bytes.data() + bytes.size() - at));
    return fmt::format(
        "{}{} is not an integer time of the years 2009 to 2100; check the option "
        "time_unit",
        pattern_, rest.substr(0, 24));
}

}  // namespace spillway::frames
