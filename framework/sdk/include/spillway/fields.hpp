#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/event.hpp>

namespace spillway {

/// How a payload field is stored.
enum class FieldType : std::uint8_t {
    number,    ///< double
    count,     ///< uint64_t
    count32,   ///< uint32_t
    time,      ///< Time
    duration,  ///< Duration
    boolean,   ///< bool
    choice,    ///< 8-bit enumeration; texts in FieldInfo::choices
    name,      ///< NameId
    venue,     ///< VenueId
    text,      ///< BlobRange, relative to the blob
    id,        ///< Id
};

/// One payload field. The index in its kind's list is its presence bit.
struct FieldInfo {
    std::string_view name;
    FieldType type;
    std::uint16_t offset;  ///< from the start of the event
    std::string_view unit;
    std::span<const std::string_view> choices = {};
};

/// The fields of a kind, in presence-bit order. Filters, windows, the JSON form of events and the
/// stores' columns all come from this one table.
[[nodiscard]] std::span<const FieldInfo> fields_of(Kind kind) noexcept;

/// A field found by name; null if the kind has none of that name.
[[nodiscard]] const FieldInfo* find_field(Kind kind, std::string_view name) noexcept;

/// Presence-bit index of a field.
[[nodiscard]] inline unsigned index_of(Kind kind, const FieldInfo& field) noexcept {
    return static_cast<unsigned>(&field - fields_of(kind).data());
}

/// Presence bits by kind, the order of `fields_of`.
namespace field {
namespace price {
enum : unsigned { last, mark, index, oracle, volume_usd, interval };
}
namespace bar {
enum : unsigned { open, high, low, close, volume_usd, volume_base, interval };
}
namespace funding_rate {
enum : unsigned { rate, rate_interval_hours, mark, index, next_funding_time, settled, interval };
}
namespace open_interest {
enum : unsigned { contracts, base, notional, interval };
}
namespace long_short_ratio {
enum : unsigned { ratio, population, interval };
}
namespace liquidation {
enum : unsigned { price, quantity, notional, side, price_kind, completeness, raw };
}
namespace liquidation_sum {
enum : unsigned { long_notional, short_notional, long_count, short_count, interval };
}
namespace trade {
enum : unsigned { price, quantity, side };
}
namespace depth {
enum : unsigned { bid_10, bid_50, bid_100, ask_10, ask_50, ask_100 };
}
namespace stablecoin_flow {
enum : unsigned {
    amount,
    token,
    chain,
    flow,
    from_venue,
    to_venue,
    from,
    to,
    transaction,
    interval
};
}
namespace instrument {
enum : unsigned {
    contract_size,
    token_multiplier,
    quanto_multiplier,
    tick_size,
    funding_interval_hours,
    settle,
    contract,
    status
};
}
namespace source_status {
enum : unsigned { state, about, dropped, reason };
}
namespace score {
enum : unsigned {
    name,
    direction,
    headline,
    value,
    low,
    high,
    coverage,
    profile,
    model,
    warming_up,
    young_ranks,
    at_close
};
}
namespace cascade {
enum : unsigned {
    cascade,
    side,
    state,
    start,
    last,
    long_count,
    short_count,
    long_notional,
    short_notional
};
}
namespace alert {
enum : unsigned {
    episode,
    severity,
    state,
    direction,
    type,
    started,
    score,
    pressure,
    fragility,
    aligned,
    repeated,
    grouped
};
}
namespace extension {
enum : unsigned { name, bytes };
}
}  // namespace field

/// Numeric reading of a field (number, counts, boolean, times in nanoseconds). False if absent.
[[nodiscard]] bool read_number(const Event& event, const FieldInfo& field, unsigned index,
                               double& out) noexcept;

}  // namespace spillway
