#pragma once

#include <cstdint>
#include <string_view>

namespace spillway {

/// Handles of interned names. They are valid in this process only: never stored, serialised,
/// hashed for sharding or used for ordering. Zero is "none" and its text is empty. The tables are
/// append-only and bounded; when one is full, interning answers zero. Thread-safe; reading a name
/// takes no lock. Addresses and transaction hashes are never interned.
enum class VenueId : std::uint16_t { none = 0 };
enum class InstrumentId : std::uint32_t { none = 0 };
enum class MarketId : std::uint32_t { none = 0 };
/// Score, component, profile, token, chain, extension and field names.
enum class NameId : std::uint32_t { none = 0 };

[[nodiscard]] VenueId venue_id(std::string_view name) noexcept;
/// Before `normalise` the text is the venue's own symbol, after it the canonical `BTC/USDT:USDT`.
[[nodiscard]] InstrumentId instrument_id(std::string_view text) noexcept;
[[nodiscard]] MarketId market_id(std::string_view name) noexcept;
[[nodiscard]] NameId name_id(std::string_view name) noexcept;

[[nodiscard]] std::string_view text_of(VenueId id) noexcept;
[[nodiscard]] std::string_view text_of(InstrumentId id) noexcept;
[[nodiscard]] std::string_view text_of(MarketId id) noexcept;
[[nodiscard]] std::string_view text_of(NameId id) noexcept;

/// The market of events that concern all markets (stablecoin flows): its text is `*`.
[[nodiscard]] MarketId market_wide() noexcept;

}  // namespace spillway
