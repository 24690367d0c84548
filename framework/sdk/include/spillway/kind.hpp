#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace spillway {

/// What an event says. The text of a kind is its name in YAML, JSON and SQL.
enum class Kind : std::uint8_t {
    price,
    bar,
    funding_rate,
    open_interest,
    long_short_ratio,
    liquidation,
    liquidation_sum,
    trade,
    depth,
    stablecoin_flow,
    instrument,
    source_status,
    score,
    cascade,
    alert,
    extension,
};

// clang-format off
inline constexpr std::array<std::string_view, 16> kind_names = {
    "price",         "bar",           "funding_rate",    "open_interest",
    "long_short_ratio", "liquidation", "liquidation_sum", "trade",
    "depth",         "stablecoin_flow", "instrument",    "source_status",
    "score",         "cascade",       "alert",           "extension"};
// clang-format on

[[nodiscard]] constexpr std::string_view to_string(Kind kind) noexcept {
    return kind_names[static_cast<std::size_t>(kind)];
}

/// A set of kinds: what a node consumes or emits.
class KindSet {
public:
    constexpr KindSet() noexcept = default;
    constexpr KindSet(std::initializer_list<Kind> kinds) noexcept {
        for (const Kind kind : kinds) bits_ |= bit(kind);
    }
    [[nodiscard]] static constexpr KindSet all() noexcept { return from_bits((1U << 16U) - 1U); }
    [[nodiscard]] static constexpr KindSet from_bits(std::uint32_t bits) noexcept {
        KindSet set;
        set.bits_ = bits;
        return set;
    }
    constexpr void add(Kind kind) noexcept { bits_ |= bit(kind); }
    [[nodiscard]] constexpr bool has(Kind kind) const noexcept { return (bits_ & bit(kind)) != 0; }
    [[nodiscard]] constexpr bool contains(KindSet other) const noexcept {
        return (other.bits_ & ~bits_) == 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }
    friend constexpr KindSet operator|(KindSet a, KindSet b) noexcept {
        return from_bits(a.bits_ | b.bits_);
    }
    friend constexpr KindSet operator&(KindSet a, KindSet b) noexcept {
        return from_bits(a.bits_ & b.bits_);
    }
    friend constexpr bool operator==(KindSet, KindSet) noexcept = default;

private:
    static constexpr std::uint32_t bit(Kind kind) noexcept {
        return 1U << static_cast<std::uint32_t>(kind);
    }
    std::uint32_t bits_ = 0;
};

/// The kinds that come from outside, in the order of the enumeration.
inline constexpr KindSet source_kinds = {Kind::price,
                                         Kind::bar,
                                         Kind::funding_rate,
                                         Kind::open_interest,
                                         Kind::long_short_ratio,
                                         Kind::liquidation,
                                         Kind::liquidation_sum,
                                         Kind::trade,
                                         Kind::depth,
                                         Kind::stablecoin_flow,
                                         Kind::instrument,
                                         Kind::source_status};

/// Side of the **liquidated position**: a long liquidation is a forced sell.
enum class Side : std::uint8_t { long_position, short_position };
/// Side of the taker of a trade.
enum class TakerSide : std::uint8_t { buy, sell };
/// Which price a liquidation carries.
enum class PriceKind : std::uint8_t { fill, limit, bankruptcy, mark, oracle };
/// Whether a venue's liquidation feed shows every order.
enum class Completeness : std::uint8_t { unknown, sampled, complete };
/// Whose accounts a long/short ratio counts.
enum class Population : std::uint8_t { global_accounts, top_accounts, top_positions };
enum class FlowType : std::uint8_t {
    mint,
    burn,
    exchange_inflow,
    exchange_outflow,
    exchange_transfer,
    whale_transfer,
    supply
};
enum class ContractType : std::uint8_t { linear, inverse, quanto };
enum class TradingStatus : std::uint8_t { trading, halted, settled };
/// The health of a data source, as scores and alerts see it.
enum class FeedState : std::uint8_t { connected, gap, stale, resumed, dropped, disconnected };
/// Direction of the price move that a score warns of: down means longs are liquidated.
enum class Direction : std::uint8_t { none, down, up };
enum class CascadeState : std::uint8_t { active, cooling, closed };
enum class Severity : std::uint8_t { none, info, warning, critical };
enum class AlertState : std::uint8_t { firing, resolved };
enum class AlertType : std::uint8_t { liquidation_risk, ignition, cascade, data };

/// Texts of the enumerations above, in their order; found by argument type.
inline constexpr std::array<std::string_view, 2> side_names = {"long", "short"};
inline constexpr std::array<std::string_view, 2> taker_side_names = {"buy", "sell"};
inline constexpr std::array<std::string_view, 5> price_kind_names = {"fill", "limit", "bankruptcy",
                                                                     "mark", "oracle"};
inline constexpr std::array<std::string_view, 3> completeness_names = {"unknown", "sampled",
                                                                       "complete"};
inline constexpr std::array<std::string_view, 3> population_names = {"global_account",
                                                                     "top_account", "top_position"};
inline constexpr std::array<std::string_view, 7> flow_type_names = {
    "MINT",           "BURN",  "EXCHANGE_INFLOW", "EXCHANGE_OUTFLOW", "EXCHANGE_TRANSFER",
    "WHALE_TRANSFER", "SUPPLY"};
inline constexpr std::array<std::string_view, 3> contract_type_names = {"linear", "inverse",
                                                                        "quanto"};
inline constexpr std::array<std::string_view, 3> trading_status_names = {"trading", "halted",
                                                                         "settled"};
inline constexpr std::array<std::string_view, 6> feed_state_names = {
    "connected", "gap", "stale", "resumed", "dropped", "disconnected"};
inline constexpr std::array<std::string_view, 3> direction_names = {"none", "down", "up"};
inline constexpr std::array<std::string_view, 3> cascade_state_names = {"active", "cooling",
                                                                        "closed"};
inline constexpr std::array<std::string_view, 4> severity_names = {"NONE", "INFO", "WARNING",
                                                                   "CRITICAL"};
inline constexpr std::array<std::string_view, 2> alert_state_names = {"firing", "resolved"};
inline constexpr std::array<std::string_view, 4> alert_type_names = {"liquidation_risk", "ignition",
                                                                     "cascade", "data"};

template <class Enum, std::size_t Count>
[[nodiscard]] constexpr std::string_view name_in(const std::array<std::string_view, Count>& names,
                                                 Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < Count ? names[index] : std::string_view("?");
}

}  // namespace spillway
