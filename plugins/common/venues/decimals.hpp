#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spillway::venues {

namespace detail {

/// Powers of ten, as far as the fast path needs them: a double holds them exactly up to 1e22.
inline constexpr std::array<double, 20> exact_powers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                                        1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
                                                        1e14, 1e15, 1e16, 1e17, 1e18, 1e19};

/// Any decimal up to the closing quote, with std::from_chars.
[[nodiscard]] bool read_any_decimal(const char* text, double& number) noexcept;

}  // namespace detail

/// Reads the decimal that stands before the next quote, which must be there: what venues write as
/// `"82396.90"`. The number is the one of std::from_chars to the last bit, never NaN or infinite;
/// false if the text is not wholly a number.
[[nodiscard]] inline bool read_quoted_decimal(const char* text, double& number) noexcept {
    constexpr std::uint64_t exact_integers = std::uint64_t{1} << 53;
    constexpr std::ptrdiff_t most_digits = detail::exact_powers.size() - 1;  // fit into 64 bits
    const char* at = text;
    const bool negative = *at == '-';
    if (negative) ++at;
    std::uint64_t digits = 0;
    const auto take_digits = [&] {
        const char* const first = at;
        for (unsigned digit = 0; (digit = static_cast<unsigned char>(*at) - '0') < 10U; ++at) {
            digits = 10 * digits + digit;
        }
        return at - first;
    };
    const std::ptrdiff_t whole = take_digits();
    std::ptrdiff_t places = 0;
    if (*at == '.') {
        ++at;
        places = take_digits();
    }
    const std::ptrdiff_t count = whole + places;
    if (*at != '"' || count == 0 || count > most_digits || digits > exact_integers) [[unlikely]]
        return detail::read_any_decimal(text, number);
    // Both are exact, so that the quotient is rounded once: it is the nearest double.
    const double size =
        static_cast<double>(digits) / detail::exact_powers[static_cast<std::size_t>(places)];
    number = negative ? -size : size;
    return true;
}

}  // namespace spillway::venues
