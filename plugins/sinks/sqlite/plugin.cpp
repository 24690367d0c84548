#include "plugin.hpp"

#include <filesystem>
#include <utility>

#include "migrations.hpp"

namespace spillway::sqlite {
namespace {

/// Shows `show` the store; not where there is none, or none yet: a run may be about to make it.
template <class Show>
Status show_if_there(const DatabaseSettings& settings, const Show& show) {
    if (!std::filesystem::exists(settings.path)) return {};
    Result<Database> database = Database::open_for_reading(settings);
    if (!database) return std::move(database.error());
    if (Status owner = check_owner(*database); !owner) return owner;
    const std::int64_t tables = database->integer("SELECT count(*) FROM sqlite_schema", -1);
    if (tables < 0) return database->failure("cannot be read");
    return tables == 0 ? Status() : show(*database);
}

}  // namespace

Status SqliteSink::check() const {
    if (options.path.empty())
        return bad_option("path", "is empty; name a file such as spillway.db");
    return Retention::check(options.retention);
}

DatabaseSettings SqliteSink::database_in(std::string_view data_dir) const {
    // An absolute path stays what it is.
    return {std::filesystem::path(data_dir) / options.path, options.synchronous,
            options.busy_timeout};
}

Status SqliteSink::open(const SinkSetup& setup) noexcept {
    return detail::guarded([&]() -> Status {
        const StoreSettings settings{database_in(setup.data_dir), options.market_suffix,
                                     options.significant_usd, options.retention};
        Result<std::unique_ptr<Store>> store = Store::open(settings, setup.pipeline);
        if (!store) return std::move(store.error());
        store_ = std::move(*store);
        return {};
    });
}

Status SqliteSink::write(const SinkRows& rows) noexcept {
    return detail::guarded([&] {
        Status status = store_->write(rows.batch, rows.rows);
        dropped_ = store_->refused();
        return status;
    });
}

Status SqliteSink::flush(std::uint64_t epoch) noexcept {
    return detail::guarded([&] { return store_->commit(epoch); });
}

Result<EpochInfo> SqliteSink::load(StateRowVisitor* rows) noexcept {
    EpochInfo info;
    Status status = detail::guarded([&]() -> Status {
        Result<EpochInfo> found = store_->load(rows);
        if (!found) return std::move(found.error());
        info = *found;
        return {};
    });
    if (!status) return tl::unexpected(std::move(status));
    return info;
}

Result<EpochInfo> SqliteSink::look(const SinkSetup& setup, StateRowVisitor* rows) noexcept {
    EpochInfo info;
    Status status = detail::guarded([&] {
        return show_if_there(database_in(setup.data_dir), [&](Database& database) -> Status {
            CheckpointTables tables(setup.pipeline);
            if (Status prepared = tables.prepare(database); !prepared) return prepared;
            if (!tables.load(info, rows)) return database.failure("cannot read the checkpoint");
            return {};
        });
    });
    if (!status) return tl::unexpected(std::move(status));
    return info;
}

Status SqliteSink::commit(const EpochCommit& commit) noexcept {
    return detail::guarded([&] { return store_->commit(commit); });
}

Status SqliteSink::read_letters(const SinkSetup& setup, DeadLetterVisitor& visitor) noexcept {
    return detail::guarded([&] {
        return show_if_there(database_in(setup.data_dir), [&](Database& database) {
            return sqlite::read_letters(database, visitor);
        });
    });
}

Status SqliteSink::settle(const LetterOutcome& outcome) noexcept {
    return detail::guarded([&] { return store_->settle(outcome); });
}

Status SqliteSink::close() noexcept {
    store_.reset();
    return {};
}

}  // namespace spillway::sqlite

SPILLWAY_PLUGIN(spillway::sqlite::SqliteSink)
