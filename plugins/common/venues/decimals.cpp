#include "common/venues/decimals.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace spillway::venues::detail {

bool read_any_decimal(const char* text, double& number) noexcept {
    const char* const end = std::strchr(text, '"');
    const auto [stop, error] = std::from_chars(text, end, number);
    return error == std::errc() && stop == end && std::isfinite(number);
}

}  // namespace spillway::venues::detail
