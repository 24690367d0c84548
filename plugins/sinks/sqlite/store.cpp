#include "store.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "migrations.hpp"

namespace spillway::sqlite {
namespace {

/// Kinds whose rows are found by the event's id.
constexpr KindSet identified = {Kind::price,
                                Kind::bar,
                                Kind::funding_rate,
                                Kind::open_interest,
                                Kind::long_short_ratio,
                                Kind::liquidation,
                                Kind::stablecoin_flow,
                                Kind::score,
                                Kind::alert};
constexpr std::string_view committing = "cannot commit";

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const StoreSettings& settings,
                                           std::string_view pipeline) {
    const std::filesystem::path folder = settings.database.path.parent_path();
    std::error_code error;
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) {
        return tl::unexpected(Status(
            Code::io,
            fmt::format("{}: cannot create this folder: {}; create it or choose another path",
                        folder.string(), error.message()),
            folder.native()));
    }
    Result<StoreLock> lock = StoreLock::acquire(settings.database.path, pipeline);
    if (!lock) return tl::unexpected(std::move(lock.error()));
    Result<Database> database = Database::open(settings.database);
    if (!database) return tl::unexpected(std::move(database.error()));

    Status status = check_owner(*database);
    if (status.ok()) status = database->prepare_for_writing(settings.database.synchronous);
    if (!status) return tl::unexpected(std::move(status));

    std::unique_ptr<Store> store(
        new Store(std::move(*lock), std::move(*database), settings, pipeline));
    status = migrate(store->database_, embedded_migrations());
    if (status.ok()) status = store->prepare(settings.retention);
    if (!status) return tl::unexpected(std::move(status));
    return store;
}

Store::Store(StoreLock lock, Database database, const StoreSettings& settings,
             std::string_view pipeline)
    : lock_(std::move(lock)),
      database_(std::move(database)),
      symbols_(settings.market_suffix),
      labels_(settings.significant_usd),
      sources_(symbols_, labels_, settings.significant_usd),
      derived_(symbols_),
      rollups_(symbols_),
      checkpoint_(pipeline) {}

Status Store::prepare(const RetentionDays& retention) {
    if (Status status = sources_.prepare(database_); !status) return status;
    if (Status status = labels_.prepare(database_); !status) return status;
    if (Status status = derived_.prepare(database_); !status) return status;
    if (Status status = rollups_.prepare(database_); !status) return status;
    if (Status status = dead_letters_.prepare(database_); !status) return status;
    if (Status status = checkpoint_.prepare(database_); !status) return status;
    return retention_.prepare(database_, retention);
}

Status Store::write(const Batch& batch, Rows rows) {
    if (!failure_.ok()) return failure_;
    if (rows.count == 0) return {};
    if (Status status = begin(); !status) return status;
    for (std::uint32_t k = 0; k < rows.count; ++k) {
        const Event& event = batch[rows[k]];
        if (identified.has(event.kind()) && !event.id) {
            return fail({Code::defect, fmt::format("an event of kind {} has no id: its row could "
                                                   "not be found again",
                                                   to_string(event.kind()))});
        }
        switch (write_row(event, batch)) {
            case Outcome::stored:
                break;
            case Outcome::refused:
                ++refused_;
                break;
            case Outcome::failed:
                return fail(database_.failure("cannot write a row"));
        }
        newest_ = std::max(newest_, event.receive_time);
    }
    written_ += rows.count;
    return {};
}

Status Store::begin() {
    if (database_.in_transaction()) return {};
    written_ = 0;
    if (Status status = database_.execute("BEGIN IMMEDIATE", "cannot begin to write"); !status) {
        return fail(std::move(status));
    }
    return {};
}

Outcome Store::write_row(const Event& event, const Batch& batch) {
    switch (event.kind()) {
        case Kind::price:
            return sources_.price(event);
        case Kind::bar:
            return sources_.bar(event);
        case Kind::funding_rate:
            return sources_.funding_rate(event);
        case Kind::open_interest:
            return sources_.open_interest(event);
        case Kind::long_short_ratio:
            return sources_.long_short_ratio(event);
        case Kind::liquidation:
            return sources_.liquidation(event, batch);
        case Kind::stablecoin_flow:
            return sources_.stablecoin_flow(event, batch);
        case Kind::score:
            return derived_.score(event, batch);
        case Kind::alert:
            return derived_.alert(event, batch);
        case Kind::cascade: {
            const Outcome outcome = derived_.cascade(event, batch);
            return outcome == Outcome::stored ? labels_.label_members(event, batch) : outcome;
        }
        case Kind::extension: {
            const DeadLetter* letter = read_dead_letter(batch, event);
            return letter != nullptr ? dead_letters_.store(event, batch, *letter)
                                     : rollups_.row(event, batch);
        }
        default:
            return Outcome::refused;
    }
}

Status Store::commit(std::uint64_t epoch) {
    if (!failure_.ok()) return failure_;
    if (!database_.in_transaction()) return {};
    if (finish_epoch(epoch) != Outcome::stored) return fail(database_.failure(committing));
    return end_transaction();
}

Status Store::commit(const EpochCommit& epoch) {
    if (!failure_.ok()) return failure_;
    if (Status status = begin(); !status) return status;
    Outcome outcome = finish_epoch(epoch.info.epoch);
    if (outcome == Outcome::stored) outcome = checkpoint_.store(epoch);
    if (outcome != Outcome::stored) return fail(database_.failure(committing));
    return end_transaction();
}

Status Store::settle(const LetterOutcome& outcome) {
    if (!failure_.ok()) return failure_;
    if (Status status = begin(); !status) return status;
    if (dead_letters_.settle(outcome) == Outcome::failed) {
        return fail(database_.failure("cannot mark a dead letter"));
    }
    newest_ = std::max(newest_, outcome.time);
    ++written_;
    return {};
}

Result<EpochInfo> Store::load(StateRowVisitor* rows) {
    if (!failure_.ok()) return tl::unexpected(failure_);
    EpochInfo info;
    if (!checkpoint_.load(info, rows)) {
        return tl::unexpected(database_.failure("cannot read the checkpoint"));
    }
    return info;
}

Status Store::end_transaction() {
    if (Status status = database_.execute("COMMIT", committing); !status) {
        return fail(std::move(status));
    }
    return {};
}

Outcome Store::finish_epoch(std::uint64_t epoch) {
    if (written_ == 0) return Outcome::stored;
    Outcome outcome = dead_letters_.close_epoch(epoch);
    if (outcome == Outcome::stored) outcome = labels_.forget_before(newest_);
    return outcome == Outcome::stored ? retention_.step(newest_, written_) : outcome;
}

Status Store::fail(Status why) {
    failure_ = std::move(why);
    if (database_.in_transaction()) {
        // The first error counts; closing the file rolls back as well.
        static_cast<void>(database_.execute("ROLLBACK", "cannot roll back"));
    }
    return failure_;
}

}  // namespace spillway::sqlite
