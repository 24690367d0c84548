#pragma once

#include <cstdint>

#include <spillway/event.hpp>

namespace spillway::normalise {

/// A contract on 1000 tokens is quoted per 1000 tokens and counted in units of 1000: prices are
/// divided and quantities multiplied, so that both speak of one token. USD values stay.
void scale_to_single_tokens(Event& event, std::uint32_t multiplier) noexcept;

}  // namespace spillway::normalise
