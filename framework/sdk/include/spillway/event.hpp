#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <spillway/id.hpp>
#include <spillway/kind.hpp>
#include <spillway/names.hpp>
#include <spillway/time.hpp>

namespace spillway {

/// A text or byte range inside the event's blob (see Batch::blob), relative to the blob's start:
/// a blob can be copied to another batch as plain bytes.
struct BlobRange {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
};

// ---- payloads: one struct per kind, at most 64 bytes, prices in quote currency per coin ----

/// Prices of one instrument; each field has a presence bit.
struct PricePayload {
    double last, mark, index, oracle;
    double volume_usd;  ///< of the last 24 h
    Duration interval;  ///< expected time to the next value; 0 = not declared
};
/// One bar. The event time is when it was complete: open time + interval.
struct BarPayload {
    double open, high, low, close;
    double volume_usd, volume_base;
    Duration interval;
};
struct FundingRatePayload {
    double rate;                 ///< fraction per rate interval
    double rate_interval_hours;  ///< hours that `rate` covers
    double mark, index;
    Time next_funding_time;
    Duration interval;
    bool settled;  ///< settled, or the running estimate
};
struct OpenInterestPayload {
    double contracts, base, notional;  ///< contracts, coins, USD
    Duration interval;
};
struct LongShortRatioPayload {
    double ratio;  ///< longs / shorts
    Duration interval;
    Population population;
};
struct LiquidationPayload {
    double price, quantity, notional;  ///< quote per coin, coins, USD
    BlobRange raw;                     ///< the venue's bytes; in the input block, see Batch::raw
    Side side;                         ///< of the liquidated position
    PriceKind price_kind;
    Completeness completeness;
};
/// What aggregators publish: sums over an interval, never counted as single orders.
struct LiquidationSumPayload {
    double long_notional, short_notional;
    std::uint64_t long_count, short_count;
    Duration interval;
};
struct TradePayload {
    double price, quantity;
    TakerSide side;
};
/// Cumulative notional (USD) within 10, 50 and 100 basis points of mid.
struct DepthPayload {
    double bid_10, bid_50, bid_100, ask_10, ask_50, ask_100;
};
struct StablecoinFlowPayload {
    double amount;      ///< USD
    Duration interval;  ///< of a sum; 0 for a single transfer
    NameId token, chain;
    BlobRange from, to, transaction;  ///< addresses and hash as text
    VenueId from_venue, to_venue;
    FlowType flow;
};
struct InstrumentPayload {
    double contract_size, token_multiplier, quanto_multiplier, tick_size, funding_interval_hours;
    NameId settle;
    ContractType contract;
    TradingStatus status;
};
struct SourceStatusPayload {
    std::uint64_t dropped;
    BlobRange reason;
    Kind about;  ///< the kind of data that the state concerns; absent = all
    FeedState state;
};
/// `value` may be absent (warming up, required input missing): low 0, high 100, coverage 0.
struct ScorePayload {
    double value, low, high, coverage;
    NameId name, profile, model;
    std::uint32_t contributions;  ///< the blob starts with this many `Contribution`s
    Direction direction;
    bool headline;  ///< the larger direction of an output marked headline
    bool warming_up;
    bool young_ranks;  ///< history shorter than seven days
    bool at_close;     ///< computed at a grid close (not a trial close)
};
/// The blob starts with a `CascadeDetail`.
struct CascadePayload {
    Id cascade;  ///< UUID of the episode, the same from first event to close
    Time start, last;
    double long_notional, short_notional;
    std::uint32_t long_count, short_count;
    Side side;  ///< absent when sides are pooled
    CascadeState state;
};
/// The blob holds the message, then contributions; see AlertDetail.
struct AlertPayload {
    Id episode;
    Time started;
    double score, pressure, fragility;
    Severity severity;
    AlertState state;
    Direction direction;
    AlertType type;
    bool aligned;  ///< the predecessor's pressure condition holds as well
    bool repeated;
    bool grouped;  ///< market-wide alert that others joined
};
/// Foreign data: `fields` named numbers and texts at the start of the blob, then bytes.
struct ExtensionPayload {
    NameId name;
    std::uint32_t fields;
    BlobRange bytes;
};

// ---- variable parts, laid out in the blob ----

struct Contribution {
    double points = 0;  ///< what the component adds now
    double cap = 0;     ///< the most it could add now
    double raw = 0;     ///< raw input; see `has_raw`
    Duration age = 0;   ///< of the input, -1 if unknown
    NameId component = {};
    NameId reason = {};  ///< why it is missing or, if it is not, partial; none: it is whole
    BlobRange venues;
    bool missing = false, has_raw = false;

    /// Some of its sources are silent: points are the least that it adds.
    [[nodiscard]] bool partial() const noexcept { return !missing && reason != NameId{}; }
};
struct CascadeVenue {
    double notional;
    std::uint32_t count;
    VenueId venue;
};
/// A member added since the cascade's last emission: sinks label rows from it.
struct CascadeMember {
    Time time = 0;
    Id id;
    double notional = 0;
    InstrumentId instrument = {};
    VenueId venue = {};
    Side side = {};
};
struct CascadeDetail {
    double risk, risk_peak, risk_mean;
    double risk_percent;    ///< 100 * risk / (.95 + .05 * (configured venues - 1))
    std::uint32_t venues;   ///< `CascadeVenue`s that follow
    std::uint32_t members;  ///< `CascadeMember`s that follow those
};
struct alignas(8) AlertDetail {
    BlobRange message;                ///< one sentence
    BlobRange markets;                ///< comma list, for grouped alerts
    std::uint32_t contributions = 0;  ///< `Contribution`s that follow this struct
};
/// A number, or a text if `text` is set (the side of a window, the symbol of a rollup row).
struct ExtensionField {
    NameId name;
    NameId text;
    double value;
};

// ---- the event ----

/// Bits of `Event::flags`.
enum EventFlags : std::uint16_t {
    flag_simulated = 1U << 0U,
    flag_trial = 1U << 1U,
    flag_estimate = 1U << 2U,
    flag_raw_in_block = 1U << 3U,  ///< LiquidationPayload::raw points into the input block
    flag_broadcast = 1U << 4U,     ///< came over a `broadcast` input: concerns every key
};

/// 128 bytes, trivially copyable: a 64-byte header and a 64-byte payload chosen by `kind`.
/// Absence is a missing presence bit, never zero, NaN or a sentinel; bit n belongs to the n-th
/// field of the kind's entry in fields.hpp.
/// Clearing one costs as much as filling it: whoever makes one fills it, or writes `Event{}`.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
struct Event {
    Time event_time;         ///< the venue's; derived events: engine time of emission, window end
    Time receive_time;       ///< engine time: when the record entered, or the emission's
    std::uint64_t sequence;  ///< with receive_time the total order; see order.hpp
    Id id;
    std::uint32_t blob_offset, blob_length;  ///< variable part in the batch's arena
    InstrumentId instrument;
    MarketId market;
    VenueId venue;
    std::uint16_t flags;
    std::uint32_t kind_and_presence;  ///< low 8 bits kind, high 24 bits presence

    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    union {
        PricePayload price;
        BarPayload bar;
        FundingRatePayload funding_rate;
        OpenInterestPayload open_interest;
        LongShortRatioPayload long_short_ratio;
        LiquidationPayload liquidation;
        LiquidationSumPayload liquidation_sum;
        TradePayload trade;
        DepthPayload depth;
        StablecoinFlowPayload stablecoin_flow;
        InstrumentPayload instrument_info;
        SourceStatusPayload source_status;
        ScorePayload score;
        CascadePayload cascade;
        AlertPayload alert;
        ExtensionPayload extension;
        std::byte payload[64];
    };

    [[nodiscard]] Kind kind() const noexcept {
        return static_cast<Kind>(kind_and_presence & 0xFFU);
    }
    [[nodiscard]] bool has(unsigned field) const noexcept {
        return (kind_and_presence >> (8U + field) & 1U) != 0;
    }
    void set_present(unsigned field) noexcept { kind_and_presence |= 1U << (8U + field); }
    void set_absent(unsigned field) noexcept { kind_and_presence &= ~(1U << (8U + field)); }
};

static_assert(sizeof(Event) == 128 && std::is_trivially_copyable_v<Event>);
static_assert(offsetof(Event, event_time) == 0 && offsetof(Event, receive_time) == 8);
static_assert(offsetof(Event, sequence) == 16 && offsetof(Event, id) == 24);
static_assert(offsetof(Event, blob_offset) == 40 && offsetof(Event, instrument) == 48);
static_assert(offsetof(Event, market) == 52 && offsetof(Event, venue) == 56);
static_assert(offsetof(Event, kind_and_presence) == 60 && offsetof(Event, payload) == 64);
static_assert(sizeof(CascadePayload) <= 64 && sizeof(StablecoinFlowPayload) <= 64);
static_assert(sizeof(ScorePayload) <= 64 && sizeof(AlertPayload) <= 64);

}  // namespace spillway
