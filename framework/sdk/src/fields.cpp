#include <array>
#include <cstring>

#include <spillway/fields.hpp>

namespace spillway {
namespace {

using F = FieldInfo;
using T = FieldType;

constexpr std::array price_fields = {
    F{"last", T::number, offsetof(Event, price.last), "quote"},
    F{"mark", T::number, offsetof(Event, price.mark), "quote"},
    F{"index", T::number, offsetof(Event, price.index), "quote"},
    F{"oracle", T::number, offsetof(Event, price.oracle), "quote"},
    F{"volume_usd", T::number, offsetof(Event, price.volume_usd), "USD"},
    F{"interval", T::duration, offsetof(Event, price.interval), "ns"}};

constexpr std::array bar_fields = {
    F{"open", T::number, offsetof(Event, bar.open), "quote"},
    F{"high", T::number, offsetof(Event, bar.high), "quote"},
    F{"low", T::number, offsetof(Event, bar.low), "quote"},
    F{"close", T::number, offsetof(Event, bar.close), "quote"},
    F{"volume_usd", T::number, offsetof(Event, bar.volume_usd), "USD"},
    F{"volume_base", T::number, offsetof(Event, bar.volume_base), "coins"},
    F{"interval", T::duration, offsetof(Event, bar.interval), "ns"}};

constexpr std::array funding_rate_fields = {
    F{"rate", T::number, offsetof(Event, funding_rate.rate), "fraction"},
    F{"rate_interval_hours", T::number, offsetof(Event, funding_rate.rate_interval_hours), "h"},
    F{"mark", T::number, offsetof(Event, funding_rate.mark), "quote"},
    F{"index", T::number, offsetof(Event, funding_rate.index), "quote"},
    F{"next_funding_time", T::time, offsetof(Event, funding_rate.next_funding_time), "UTC"},
    F{"settled", T::boolean, offsetof(Event, funding_rate.settled), ""},
    F{"interval", T::duration, offsetof(Event, funding_rate.interval), "ns"}};

constexpr std::array open_interest_fields = {
    F{"contracts", T::number, offsetof(Event, open_interest.contracts), "contracts"},
    F{"base", T::number, offsetof(Event, open_interest.base), "coins"},
    F{"notional", T::number, offsetof(Event, open_interest.notional), "USD"},
    F{"interval", T::duration, offsetof(Event, open_interest.interval), "ns"}};

constexpr std::array long_short_ratio_fields = {
    F{"ratio", T::number, offsetof(Event, long_short_ratio.ratio), "longs/shorts"},
    F{"population", T::choice, offsetof(Event, long_short_ratio.population), "", population_names},
    F{"interval", T::duration, offsetof(Event, long_short_ratio.interval), "ns"}};

constexpr std::array liquidation_fields = {
    F{"price", T::number, offsetof(Event, liquidation.price), "quote"},
    F{"quantity", T::number, offsetof(Event, liquidation.quantity), "coins"},
    F{"notional", T::number, offsetof(Event, liquidation.notional), "USD"},
    F{"side", T::choice, offsetof(Event, liquidation.side), "", side_names},
    F{"price_kind", T::choice, offsetof(Event, liquidation.price_kind), "", price_kind_names},
    F{"completeness", T::choice, offsetof(Event, liquidation.completeness), "", completeness_names},
    F{"raw", T::text, offsetof(Event, liquidation.raw), ""}};

constexpr std::array liquidation_sum_fields = {
    F{"long_notional", T::number, offsetof(Event, liquidation_sum.long_notional), "USD"},
    F{"short_notional", T::number, offsetof(Event, liquidation_sum.short_notional), "USD"},
    F{"long_count", T::count, offsetof(Event, liquidation_sum.long_count), ""},
    F{"short_count", T::count, offsetof(Event, liquidation_sum.short_count), ""},
    F{"interval", T::duration, offsetof(Event, liquidation_sum.interval), "ns"}};

constexpr std::array trade_fields = {
    F{"price", T::number, offsetof(Event, trade.price), "quote"},
    F{"quantity", T::number, offsetof(Event, trade.quantity), "coins"},
    F{"side", T::choice, offsetof(Event, trade.side), "", taker_side_names}};

constexpr std::array depth_fields = {
    F{"bid_10", T::number, offsetof(Event, depth.bid_10), "USD"},
    F{"bid_50", T::number, offsetof(Event, depth.bid_50), "USD"},
    F{"bid_100", T::number, offsetof(Event, depth.bid_100), "USD"},
    F{"ask_10", T::number, offsetof(Event, depth.ask_10), "USD"},
    F{"ask_50", T::number, offsetof(Event, depth.ask_50), "USD"},
    F{"ask_100", T::number, offsetof(Event, depth.ask_100), "USD"}};

constexpr std::array stablecoin_flow_fields = {
    F{"amount", T::number, offsetof(Event, stablecoin_flow.amount), "USD"},
    F{"token", T::name, offsetof(Event, stablecoin_flow.token), ""},
    F{"chain", T::name, offsetof(Event, stablecoin_flow.chain), ""},
    F{"flow", T::choice, offsetof(Event, stablecoin_flow.flow), "", flow_type_names},
    F{"from_venue", T::venue, offsetof(Event, stablecoin_flow.from_venue), ""},
    F{"to_venue", T::venue, offsetof(Event, stablecoin_flow.to_venue), ""},
    F{"from", T::text, offsetof(Event, stablecoin_flow.from), ""},
    F{"to", T::text, offsetof(Event, stablecoin_flow.to), ""},
    F{"transaction", T::text, offsetof(Event, stablecoin_flow.transaction), ""},
    F{"interval", T::duration, offsetof(Event, stablecoin_flow.interval), "ns"}};

constexpr std::array instrument_fields = {
    F{"contract_size", T::number, offsetof(Event, instrument_info.contract_size), ""},
    F{"token_multiplier", T::number, offsetof(Event, instrument_info.token_multiplier), ""},
    F{"quanto_multiplier", T::number, offsetof(Event, instrument_info.quanto_multiplier), ""},
    F{"tick_size", T::number, offsetof(Event, instrument_info.tick_size), "quote"},
    F{"funding_interval_hours", T::number, offsetof(Event, instrument_info.funding_interval_hours),
      "h"},
    F{"settle", T::name, offsetof(Event, instrument_info.settle), ""},
    F{"contract", T::choice, offsetof(Event, instrument_info.contract), "", contract_type_names},
    F{"status", T::choice, offsetof(Event, instrument_info.status), "", trading_status_names}};

constexpr std::array source_status_fields = {
    F{"state", T::choice, offsetof(Event, source_status.state), "", feed_state_names},
    F{"about", T::choice, offsetof(Event, source_status.about), "", kind_names},
    F{"dropped", T::count, offsetof(Event, source_status.dropped), ""},
    F{"reason", T::text, offsetof(Event, source_status.reason), ""}};

constexpr std::array score_fields = {
    F{"name", T::name, offsetof(Event, score.name), ""},
    F{"direction", T::choice, offsetof(Event, score.direction), "", direction_names},
    F{"headline", T::boolean, offsetof(Event, score.headline), ""},
    F{"value", T::number, offsetof(Event, score.value), ""},
    F{"low", T::number, offsetof(Event, score.low), ""},
    F{"high", T::number, offsetof(Event, score.high), ""},
    F{"coverage", T::number, offsetof(Event, score.coverage), "fraction"},
    F{"profile", T::name, offsetof(Event, score.profile), ""},
    F{"model", T::name, offsetof(Event, score.model), ""},
    F{"warming_up", T::boolean, offsetof(Event, score.warming_up), ""},
    F{"young_ranks", T::boolean, offsetof(Event, score.young_ranks), ""},
    F{"at_close", T::boolean, offsetof(Event, score.at_close), ""}};

constexpr std::array cascade_fields = {
    F{"cascade", T::id, offsetof(Event, cascade.cascade), ""},
    F{"side", T::choice, offsetof(Event, cascade.side), "", side_names},
    F{"state", T::choice, offsetof(Event, cascade.state), "", cascade_state_names},
    F{"start", T::time, offsetof(Event, cascade.start), "UTC"},
    F{"last", T::time, offsetof(Event, cascade.last), "UTC"},
    F{"long_count", T::count32, offsetof(Event, cascade.long_count), ""},
    F{"short_count", T::count32, offsetof(Event, cascade.short_count), ""},
    F{"long_notional", T::number, offsetof(Event, cascade.long_notional), "USD"},
    F{"short_notional", T::number, offsetof(Event, cascade.short_notional), "USD"}};

constexpr std::array alert_fields = {
    F{"episode", T::id, offsetof(Event, alert.episode), ""},
    F{"severity", T::choice, offsetof(Event, alert.severity), "", severity_names},
    F{"state", T::choice, offsetof(Event, alert.state), "", alert_state_names},
    F{"direction", T::choice, offsetof(Event, alert.direction), "", direction_names},
    F{"type", T::choice, offsetof(Event, alert.type), "", alert_type_names},
    F{"started", T::time, offsetof(Event, alert.started), "UTC"},
    F{"score", T::number, offsetof(Event, alert.score), ""},
    F{"pressure", T::number, offsetof(Event, alert.pressure), ""},
    F{"fragility", T::number, offsetof(Event, alert.fragility), ""},
    F{"aligned", T::boolean, offsetof(Event, alert.aligned), ""},
    F{"repeated", T::boolean, offsetof(Event, alert.repeated), ""},
    F{"grouped", T::boolean, offsetof(Event, alert.grouped), ""}};

constexpr std::array extension_fields = {F{"name", T::name, offsetof(Event, extension.name), ""},
                                         F{"bytes", T::text, offsetof(Event, extension.bytes), ""}};

constexpr std::array<std::span<const FieldInfo>, kind_names.size()> by_kind = {
    price_fields,
    bar_fields,
    funding_rate_fields,
    open_interest_fields,
    long_short_ratio_fields,
    liquidation_fields,
    liquidation_sum_fields,
    trade_fields,
    depth_fields,
    stablecoin_flow_fields,
    instrument_fields,
    source_status_fields,
    score_fields,
    cascade_fields,
    alert_fields,
    extension_fields};

template <class T>
T stored(const Event& event, const FieldInfo& field) noexcept {
    T value;
    std::memcpy(&value, reinterpret_cast<const char*>(&event) + field.offset, sizeof(T));
    return value;
}

}  // namespace

std::span<const FieldInfo> fields_of(Kind kind) noexcept {
    return by_kind[static_cast<std::size_t>(kind) % by_kind.size()];
}

const FieldInfo* find_field(Kind kind, std::string_view name) noexcept {
    for (const FieldInfo& field : fields_of(kind)) {
        if (field.name == name) return &field;
    }
    return nullptr;
}

bool read_number(const Event& event, const FieldInfo& field, unsigned index, double& out) noexcept {
    if (!event.has(index)) return false;
    switch (field.type) {
        case FieldType::number:
            out = stored<double>(event, field);
            return true;
        case FieldType::count:
            out = static_cast<double>(stored<std::uint64_t>(event, field));
            return true;
        case FieldType::count32:
            out = static_cast<double>(stored<std::uint32_t>(event, field));
            return true;
        case FieldType::time:
        case FieldType::duration:
            out = static_cast<double>(stored<std::int64_t>(event, field));
            return true;
        case FieldType::boolean:
        case FieldType::choice:
            out = static_cast<double>(stored<std::uint8_t>(event, field));
            return true;
        case FieldType::name:
        case FieldType::venue:
        case FieldType::text:
        case FieldType::id:
            return false;
    }
    return false;
}

}  // namespace spillway
