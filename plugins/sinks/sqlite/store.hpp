#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <spillway/batch.hpp>

#include "checkpoint_tables.hpp"
#include "database.hpp"
#include "dead_letters.hpp"
#include "derived_tables.hpp"
#include "labels.hpp"
#include "retention.hpp"
#include "rollups.hpp"
#include "source_tables.hpp"
#include "store_lock.hpp"
#include "texts.hpp"

namespace spillway::sqlite {

struct StoreSettings {
    DatabaseSettings database;
    std::string market_suffix = "USDT";
    double significant_usd = 100'000;
    RetentionDays retention;
};

/// The embedded store: one SQLite file, one writer. Rows are collected in a transaction that
/// begins with the first row and ends at `commit`, so a crash loses whole epochs, never parts.
/// After an error nothing more is written; what was committed stays.
class Store {
public:
    /// Creates the folder and the file if needed, takes the lock and brings the tables up to date.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const StoreSettings& settings,
                                                             std::string_view pipeline);

    [[nodiscard]] Status write(const Batch& batch, Rows rows);
    /// Makes what was written durable.
    [[nodiscard]] Status commit(std::uint64_t epoch);
    /// The same, with the pipeline's state and the epoch itself in the same transaction.
    [[nodiscard]] Status commit(const EpochCommit& epoch);
    /// What a replay made of a dead letter, as part of the next commit.
    [[nodiscard]] Status settle(const LetterOutcome& outcome);
    /// The newest epoch that was committed with its state.
    [[nodiscard]] Result<EpochInfo> load(StateRowVisitor* rows);

    /// Rows that no table could take: an unknown extension, a missing value that a column needs.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
    [[nodiscard]] Database& database() noexcept { return database_; }

private:
    Store(StoreLock lock, Database database, const StoreSettings& settings,
          std::string_view pipeline);
    [[nodiscard]] Status prepare(const RetentionDays& retention);
    [[nodiscard]] Status begin();
    [[nodiscard]] Outcome write_row(const Event& event, const Batch& batch);
    [[nodiscard]] Outcome finish_epoch(std::uint64_t epoch);
    [[nodiscard]] Status end_transaction();
    /// Ends the store's life: rolls back and remembers why.
    [[nodiscard]] Status fail(Status why);

    StoreLock lock_;  // first in, last out: released when the database is closed
    Database database_;
    Symbols symbols_;
    CascadeLabels labels_;
    SourceTables sources_;
    DerivedTables derived_;
    Rollups rollups_;
    DeadLetters dead_letters_;
    CheckpointTables checkpoint_;
    Retention retention_;
    Status failure_;
    Time newest_ = time_before_all;  ///< engine time of the newest row
    std::int64_t written_ = 0;       ///< rows of the open transaction
    std::uint64_t refused_ = 0;
};

}  // namespace spillway::sqlite
