#include "checkpoint_tables.hpp"

#include <utility>

namespace spillway::sqlite {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> as_bytes(std::string_view text) noexcept {
    return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

Status CheckpointTables::prepare(Database& database) {
    const std::pair<std::string_view, Statement*> statements[] = {
        {"INSERT INTO pipeline_epochs (pipeline, epoch, time, finished) VALUES (?, ?, ?, ?) "
         "ON CONFLICT (pipeline) DO UPDATE SET epoch = excluded.epoch, time = excluded.time, "
         "finished = excluded.finished",
         &epoch_},
        {"INSERT INTO pipeline_state (pipeline, node, key, part, schema_version, epoch, data) "
         "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pipeline, node, key, part) DO UPDATE SET "
         "schema_version = excluded.schema_version, epoch = excluded.epoch, data = excluded.data",
         &upsert_},
        {"DELETE FROM pipeline_state WHERE pipeline = ? AND node = ? AND key = ? AND part = ?",
         &erase_},
        {"DELETE FROM pipeline_state WHERE pipeline = ?", &erase_all_},
        {"SELECT epoch, time, finished FROM pipeline_epochs WHERE pipeline = ?", &read_epoch_},
        {"SELECT node, key, part, schema_version, epoch, data FROM pipeline_state "
         "WHERE pipeline = ? ORDER BY node, key, part",
         &read_rows_},
    };
    for (const auto& [sql, statement] : statements) {
        if (Status status = database.prepare(sql, *statement); !status) return status;
    }
    return {};
}

Outcome CheckpointTables::store(const EpochCommit& epoch) {
    Outcome outcome = Outcome::stored;
    if (epoch.starts_over) outcome = erase_all_.text(pipeline_).run();
    for (const StateRow& row : epoch.changed) {
        if (outcome != Outcome::stored) return outcome;
        outcome = store_row(row, epoch.info.epoch);
    }
    if (outcome != Outcome::stored) return outcome;
    return epoch_.text(pipeline_)
        .integer(static_cast<std::int64_t>(epoch.info.epoch))
        .integer(epoch.info.time)
        .boolean(epoch.info.finished)
        .run();
}

Outcome CheckpointTables::store_row(const StateRow& row, std::uint64_t epoch) {
    if (row.bytes.empty()) {
        return erase_.text(pipeline_).text(row.node).text(row.key).text(row.part).run();
    }
    return upsert_.text(pipeline_)
        .text(row.node)
        .text(row.key)
        .text(row.part)
        .integer(row.version)
        .integer(static_cast<std::int64_t>(epoch))
        .bytes(as_text(row.bytes))
        .run();
}

bool CheckpointTables::load(EpochInfo& info, StateRowVisitor* rows) {
    info = {};
    read_epoch_.text(pipeline_);
    if (read_epoch_.next_row()) {
        info.epoch = static_cast<std::uint64_t>(read_epoch_.integer_at(0));
        info.time = read_epoch_.integer_at(1);
        info.finished = read_epoch_.integer_at(2) != 0;
    }
    const bool failed = read_epoch_.failed();
    read_epoch_.reset();
    if (failed || rows == nullptr) return !failed;

    read_rows_.text(pipeline_);
    while (read_rows_.next_row()) {
        const StateRow row{read_rows_.text_at(0), read_rows_.text_at(1), read_rows_.text_at(2),
                           static_cast<std::uint32_t>(read_rows_.integer_at(3)),
                           as_bytes(read_rows_.text_at(5))};
        rows->row(row, static_cast<std::uint64_t>(read_rows_.integer_at(4)));
    }
    const bool complete = !read_rows_.failed();
    read_rows_.reset();
    return complete;
}

}  // namespace spillway::sqlite
