#include "labels.hpp"

#include <utility>

namespace spillway::sqlite {

Status CascadeLabels::prepare(Database& database) {
    database_ = &database;
    const std::pair<std::string_view, Statement*> statements[] = {
        {"UPDATE liquidations_significant SET is_cascade = 1, cascade_id = ?, "
         "cascade_event_count = ?, risk_score = ? WHERE time = ? AND event_id = ?",
         &update_},
        {"INSERT INTO cascade_labels_waiting (cascade_id, cascade_event_count, risk_score, time, "
         "event_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO UPDATE SET "
         "cascade_id = excluded.cascade_id, cascade_event_count = excluded.cascade_event_count, "
         "risk_score = excluded.risk_score",
         &wait_},
        {"UPDATE liquidations_significant AS row SET is_cascade = 1, cascade_id = "
         "label.cascade_id, "
         "cascade_event_count = label.cascade_event_count, risk_score = label.risk_score "
         "FROM cascade_labels_waiting AS label WHERE label.time = row.time "
         "AND label.event_id = row.event_id AND row.time = ? AND row.event_id = ?",
         &apply_},
        {"DELETE FROM cascade_labels_waiting WHERE time = ? AND event_id = ?", &taken_},
        {"DELETE FROM cascade_labels_waiting WHERE time < ?", &forget_},
    };
    for (const auto& [sql, statement] : statements) {
        if (Status status = database.prepare(sql, *statement); !status) return status;
    }
    waiting_ = database.integer("SELECT count(*) FROM cascade_labels_waiting");
    return {};
}

Outcome CascadeLabels::label_members(const Event& cascade, const Batch& batch) {
    const auto* detail = batch.blob_as<CascadeDetail>(cascade);
    if (detail == nullptr || detail->members == 0) return Outcome::stored;
    const std::size_t members_at = sizeof(CascadeDetail) + detail->venues * sizeof(CascadeVenue);
    const auto* members = batch.blob_as<CascadeMember>(cascade, members_at, detail->members);
    if (members == nullptr) return Outcome::refused;

    const std::string cascade_id = to_uuid_string(cascade.cascade.cascade);
    const std::int64_t count =
        std::int64_t{cascade.cascade.long_count} + cascade.cascade.short_count;
    const auto write = [&](Statement& statement, const CascadeMember& member) {
        return statement.text(cascade_id)
            .integer(count)
            .number(detail->risk)
            .integer(member.time)
            .id(member.id)
            .run();
    };
    for (std::uint32_t m = 0; m < detail->members; ++m) {
        if (!(members[m].notional >= significant_usd_)) continue;  // has no row
        Outcome outcome = write(update_, members[m]);
        if (outcome == Outcome::stored && database_->changes() == 0) {
            outcome = write(wait_, members[m]);
            ++waiting_;
        }
        if (outcome != Outcome::stored) return outcome;
    }
    return Outcome::stored;
}

Outcome CascadeLabels::row_arrived(const Event& liquidation) {
    if (waiting_ == 0) return Outcome::stored;
    const Outcome outcome = apply_.integer(liquidation.event_time).id(liquidation.id).run();
    if (outcome != Outcome::stored || database_->changes() == 0) return outcome;
    --waiting_;
    return taken_.integer(liquidation.event_time).id(liquidation.id).run();
}

Outcome CascadeLabels::forget_before(Time newest) {
    if (waiting_ == 0) return Outcome::stored;
    const Outcome outcome = forget_.integer(newest - day).run();
    if (outcome == Outcome::stored) {
        waiting_ = database_->integer("SELECT count(*) FROM cascade_labels_waiting");
    }
    return outcome;
}

}  // namespace spillway::sqlite
