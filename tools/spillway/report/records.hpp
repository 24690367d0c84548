#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// What the run report needs to know of a run, as plain records. Every view is valid for the call
// that receives it and is copied where it has to live longer. Times are event times in nanoseconds
// UTC, USD amounts are notional, `market` is the base asset ("BTC"; "*" is market-wide).
namespace spillway::report {

using Time = std::int64_t;
using Duration = std::int64_t;

inline constexpr Duration second = 1'000'000'000;
inline constexpr Duration minute = 60 * second;
inline constexpr Duration hour = 60 * minute;
inline constexpr Duration day = 24 * hour;

// Direction of a price move; `down` is the one that liquidates longs.
enum class Direction { none, down, up };

// Side of the liquidated position: a liquidated long is a forced sell.
enum class Side { longs, shorts };

enum class Severity { info, warning, critical };

enum class InputKind {
    price,
    funding_rate,
    open_interest,
    long_short_ratio,
    liquidation,
    liquidation_sum,
    stablecoin_flow,
};
inline constexpr std::size_t input_kinds = 7;

struct ContributionView {
    std::string_view component{};
    std::optional<double> points{};  // absent: the input was missing or stale
};

struct ScoreRecord {
    Time time = 0;
    std::string_view market{};
    std::string_view name{};  // "risk", "ignition", "fragility", "stablecoin_pressure"
    Direction direction = Direction::none;
    bool headline = false;    // the larger of the two directions
    bool trial = false;       // between two grid closes, provisional
    bool warming_up = false;  // too little history for a value
    std::optional<double> value{};
    double coverage = 0.0;  // 0..1
    std::span<const ContributionView> contributions{};
};

// `stream` names one series of one venue ("binance BTC/USDT:USDT"); `interval` 0 is an event
// stream.
struct PriceRecord {
    Time time = 0;
    std::string_view market{};
    std::string_view stream{};
    Duration interval = 0;
    double price = 0.0;  // mark, else last, else close of the bar
    std::optional<double> high{};
    std::optional<double> low{};
};

struct OpenInterestRecord {
    Time time = 0;
    std::string_view market{};
    std::string_view stream{};
    Duration interval = 0;
    std::optional<double> base{};  // coins; the onset label does not use USD
};

struct LiquidationRecord {
    Time time = 0;
    std::string_view market{};
    std::string_view venue{};
    Side side = Side::longs;
    std::optional<double> notional{};  // absent: contract size unknown
    bool on_chain = false;             // a lending protocol's call, not an exchange's order
};

struct LiquidationSumRecord {
    Time time = 0;
    std::string_view market{};
    std::string_view venue{};
    Duration interval = 0;
    double long_notional = 0.0;
    double short_notional = 0.0;
};

// Funding, long/short ratio, stablecoin flow: only that they were there matters to the report.
struct InputRecord {
    Time time = 0;
    std::string_view market{};
    std::string_view venue{};
    InputKind kind = InputKind::funding_rate;
};

struct Id128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    auto operator<=>(const Id128&) const = default;
};

// The state of one cascade now; later records with the same id replace earlier ones.
struct CascadeRecord {
    Id128 id{};
    std::string_view market{};
    std::optional<Side> side{};  // absent: sides pooled
    Time start = 0;
    Time last = 0;
    std::uint64_t liquidations = 0;
    double notional = 0.0;
    std::uint32_t venues = 1;
    bool closed = false;
};

struct AlertRecord {
    Time time = 0;
    std::string_view market{};
    Direction direction = Direction::none;
    Severity severity = Severity::info;
    bool resolved = false;
    bool degraded_data = false;  // about the data's health, not about a market
};

struct SourceStatusRecord {
    enum class Status { connected, gap, stale, resumed, dropped };
    Time time = 0;
    std::string_view source{};
    Status status = Status::connected;
    std::uint64_t dropped = 0;  // records lost, with Status::dropped
};

}  // namespace spillway::report
