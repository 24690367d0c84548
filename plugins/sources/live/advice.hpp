#pragma once

#include <string>
#include <string_view>

#include "cause.hpp"

namespace spillway::live {

/// What to do about it; empty if nothing but to wait.
[[nodiscard]] std::string_view advice_for(const Over& over) noexcept;

/// "HTTP 451 from stream.bybit.com:443: <why>; <what to do>", for the frames of an outage.
[[nodiscard]] std::string with_advice(const Over& over, std::string_view url);

}  // namespace spillway::live
