#pragma once

#include <memory>
#include <string>

#include <spillway/options.hpp>
#include <spillway/sink.hpp>

#include "store.hpp"

namespace spillway::sqlite {

struct Options {
    std::string path;
    std::string market_suffix;
    double significant_usd = 0;
    RetentionDays retention;
    Synchronous synchronous = Synchronous::normal;
    Duration busy_timeout = 0;
};

inline constexpr std::array<std::string_view, 2> synchronous_names = {"normal", "full"};

/// The sink `sqlite`: the embedded store as the engine sees it, with the pipeline's checkpoint.
class SqliteSink : public SinkPlugin<SqliteSink>, private CheckpointStore, private DeadLetterStore {
public:
    static constexpr About about = {
        .name = "sqlite",
        .version = "1.0.0",
        .summary = "Stores everything in one SQLite file, readable while it is written.",
        .consumes = {Kind::price, Kind::bar, Kind::funding_rate, Kind::open_interest,
                     Kind::long_short_ratio, Kind::liquidation, Kind::stablecoin_flow, Kind::score,
                     Kind::cascade, Kind::alert, Kind::extension},
        .traits = Trait::checkpoints | Trait::needs_ids};
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "The database file; its folder is created.")
            .otherwise("spillway.db"),
        option::text<&Options::market_suffix>(
            "market_suffix", "Appended to a market to make the symbol of scores and alerts.")
            .otherwise("USDT"),
        option::number<&Options::significant_usd>(
            "significant_usd",
            "Liquidations from this notional on also enter liquidations_significant.")
            .otherwise("100_000")
            .in("USD")
            .at_least(0),
        option::numbers<&Options::retention>(
            "retention", "Days to keep by table, such as {liquidations: 90}; others are kept.")
            .otherwise("")
            .in("d"),
        option::choice<&Options::synchronous>(
            "synchronous", synchronous_names,
            "normal: a power failure may lose the last commits, never damage the file; full: it "
            "loses none, commits take longer.")
            .otherwise("normal"),
        option::duration<&Options::busy_timeout>(
            "busy_timeout", "How long to wait while another program locks the file.")
            .otherwise("5s")
            .at_least(0)
            .at_most(3600e9));
    Options options;

    Status check() const;

    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t epoch) noexcept override;
    [[nodiscard]] CheckpointStore* checkpoint_store() noexcept override { return this; }
    [[nodiscard]] DeadLetterStore* dead_letter_store() noexcept override { return this; }
    /// Rows after the last flush or commit belong to an epoch that never ended: they are not kept.
    Status close() noexcept override;
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return dropped_; }

private:
    Result<EpochInfo> load(StateRowVisitor* rows) noexcept override;
    Result<EpochInfo> look(const SinkSetup& setup, StateRowVisitor* rows) noexcept override;
    Status commit(const EpochCommit& commit) noexcept override;
    Status read_letters(const SinkSetup& setup, DeadLetterVisitor& visitor) noexcept override;
    Status settle(const LetterOutcome& outcome) noexcept override;
    [[nodiscard]] DatabaseSettings database_in(std::string_view data_dir) const;

    std::unique_ptr<Store> store_;
    std::uint64_t dropped_ = 0;
};

}  // namespace spillway::sqlite
