#pragma once

#include <string>
#include <string_view>

#include <spillway/checkpoint.hpp>

#include "database.hpp"

namespace spillway::sqlite {

/// The checkpoint of one pipeline: its newest epoch and the state that belongs to it. Several
/// pipelines may keep theirs in one file.
class CheckpointTables {
public:
    explicit CheckpointTables(std::string_view pipeline) : pipeline_(pipeline) {}

    [[nodiscard]] Status prepare(Database& database);
    /// Writes the epoch and what changed in it. Within a transaction.
    [[nodiscard]] Outcome store(const EpochCommit& epoch);
    /// The newest epoch, and its rows by node, key and part; false if the database is in trouble.
    [[nodiscard]] bool load(EpochInfo& info, StateRowVisitor* rows);

private:
    [[nodiscard]] Outcome store_row(const StateRow& row, std::uint64_t epoch);

    std::string pipeline_;
    Statement epoch_, upsert_, erase_, erase_all_, read_epoch_, read_rows_;
};

}  // namespace spillway::sqlite
