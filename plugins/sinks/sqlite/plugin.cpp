#include "plugin.hpp"

#include <filesystem>
#include <utility>

namespace spillway::sqlite {

Status SqliteSink::check() const {
    if (options.path.empty())
        return bad_option("path", "is empty; name a file such as spillway.db");
    return Retention::check(options.retention);
}

Status SqliteSink::open(const SinkSetup& setup) noexcept {
    return detail::guarded([&]() -> Status {
        const StoreSettings settings{// An absolute path stays what it is.
                                     {std::filesystem::path(setup.data_dir) / options.path,
                                      options.synchronous, options.busy_timeout},
                                     options.market_suffix,
                                     options.significant_usd,
                                     options.retention};
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

Status SqliteSink::close() noexcept {
    store_.reset();
    return {};
}

}  // namespace spillway::sqlite

SPILLWAY_PLUGIN(spillway::sqlite::SqliteSink)
