#include "derived_tables.hpp"

#include <algorithm>
#include <utility>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>

#include "contributions.hpp"

namespace spillway::sqlite {
namespace {

/// Market of a row; what concerns no market in particular is `*`.
std::string_view market_text(MarketId market) noexcept {
    return market == MarketId::none ? "*" : text_of(market);
}

}  // namespace

Status DerivedTables::prepare(Database& database) {
    const std::pair<std::string_view, Statement*> upserts[] = {
        {"INSERT INTO scores (time, event_id, market, symbol, name, direction, headline, value, "
         "low, high, coverage, profile, model, warming_up, young_ranks, at_close, contributions) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
         "ON CONFLICT (time, event_id) DO UPDATE SET market = excluded.market, "
         "symbol = excluded.symbol, name = excluded.name, direction = excluded.direction, "
         "headline = excluded.headline, value = excluded.value, low = excluded.low, "
         "high = excluded.high, coverage = excluded.coverage, profile = excluded.profile, "
         "model = excluded.model, warming_up = excluded.warming_up, "
         "young_ranks = excluded.young_ranks, at_close = excluded.at_close, "
         "contributions = excluded.contributions",
         &score_},
        {"INSERT INTO cascade_alerts (time, event_id, symbol, alert_type, severity, "
         "liquidation_risk_score, buying_pressure_score, combined_score, message, alert_id, "
         "state, direction, aligned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
         "ON CONFLICT (time, event_id) DO UPDATE SET symbol = excluded.symbol, "
         "alert_type = excluded.alert_type, severity = excluded.severity, "
         "liquidation_risk_score = excluded.liquidation_risk_score, "
         "buying_pressure_score = excluded.buying_pressure_score, "
         "combined_score = excluded.combined_score, message = excluded.message, "
         "alert_id = excluded.alert_id, state = excluded.state, direction = excluded.direction, "
         "aligned = excluded.aligned",
         &alert_},
        {"INSERT INTO cascade_episodes (cascade_id, market, side, start, last, state, "
         "event_count, total_usd, long_count, short_count, risk_score, max_risk_score, "
         "avg_risk_score, exchanges) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
         "ON CONFLICT (cascade_id) DO UPDATE SET market = excluded.market, "
         "side = excluded.side, start = excluded.start, last = excluded.last, "
         "state = excluded.state, event_count = excluded.event_count, "
         "total_usd = excluded.total_usd, long_count = excluded.long_count, "
         "short_count = excluded.short_count, risk_score = excluded.risk_score, "
         "max_risk_score = excluded.max_risk_score, avg_risk_score = excluded.avg_risk_score, "
         "exchanges = excluded.exchanges",
         &cascade_},
    };
    for (const auto& [sql, statement] : upserts) {
        if (Status status = database.prepare(sql, *statement); !status) return status;
    }
    return {};
}

Outcome DerivedTables::score(const Event& event, const Batch& batch) {
    namespace present = field::score;
    const ScorePayload& score = event.score;
    json_.clear();
    append_contributions(json_, event, batch);
    return score_.integer(event.event_time)
        .id(event.id)
        .text(market_text(event.market))
        .text(symbols_.of(event.market))
        .text(text_of(score.name))
        .text(name_in(direction_names, score.direction))
        .boolean(score.headline)
        .number_if(event.has(present::value), score.value)
        .number(score.low)
        .number(score.high)
        .number(score.coverage)
        .text(text_of(score.profile))
        .text_if(event.has(present::model), text_of(score.model))
        .boolean(score.warming_up)
        .boolean(score.young_ranks)
        .boolean(score.at_close)
        .text(view(json_))
        .run();
}

Outcome DerivedTables::alert(const Event& event, const Batch& batch) {
    namespace present = field::alert;
    const AlertPayload& alert = event.alert;
    const auto* detail = batch.blob_as<AlertDetail>(event);
    if (detail == nullptr) return Outcome::refused;
    const bool has_score = event.has(present::score);
    const bool has_pressure = event.has(present::pressure);
    // Outflow from exchanges calms a fall and feeds a squeeze.
    const double pressure = alert.direction == Direction::up ? -alert.pressure : alert.pressure;
    const std::string episode = to_uuid_string(alert.episode);
    return alert_.integer(event.event_time)
        .id(event.id)
        .text(symbols_.of(event.market))
        .text(name_in(alert_type_names, alert.type))
        .text(name_in(severity_names, alert.severity))
        .number_if(has_score, alert.score)
        .number_if(has_pressure, alert.pressure)
        .number_if(has_score && has_pressure, alert.score - pressure)
        .text(batch.text(event, detail->message))
        .text(episode)
        .text(name_in(alert_state_names, alert.state))
        .text(name_in(direction_names, alert.direction))
        .boolean(alert.aligned)
        .run();
}

Outcome DerivedTables::cascade(const Event& event, const Batch& batch) {
    const CascadePayload& cascade = event.cascade;
    const auto* detail = batch.blob_as<CascadeDetail>(event);
    if (detail == nullptr) return Outcome::refused;
    const auto* venues = batch.blob_as<CascadeVenue>(event, sizeof(CascadeDetail), detail->venues);
    if (venues == nullptr) return Outcome::refused;
    venues_.clear();
    for (std::uint32_t v = 0; v < detail->venues; ++v) venues_.push_back(text_of(venues[v].venue));
    std::sort(venues_.begin(), venues_.end());
    json_.clear();
    json_.push_back('[');
    for (const std::string_view venue : venues_) {
        if (json_.size() > 1) json_.push_back(',');
        append_json_string(json_, venue);
    }
    json_.push_back(']');

    const std::string id = to_uuid_string(cascade.cascade);
    return cascade_.text(id)
        .text(market_text(event.market))
        .text(event.has(field::cascade::side) ? side_text(cascade.side) : "BOTH")
        .integer(cascade.start)
        .integer(cascade.last)
        .text(name_in(cascade_state_names, cascade.state))
        .integer(std::int64_t{cascade.long_count} + cascade.short_count)
        .number(cascade.long_notional + cascade.short_notional)
        .integer(cascade.long_count)
        .integer(cascade.short_count)
        .number(detail->risk)
        .number(detail->risk_peak)
        .number(detail->risk_mean)
        .text(view(json_))
        .run();
}

}  // namespace spillway::sqlite
