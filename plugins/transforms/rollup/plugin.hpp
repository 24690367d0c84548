#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include <spillway/keyed_transform.hpp>

#include "book.hpp"
#include "rows.hpp"

namespace spillway::rollup {

struct Options {
    std::vector<std::string> tables;
    Duration every = 10 * second;
    Duration keep_open = day;
    std::map<std::string, double> step;
};

/// Keeps the rollup tables of a store up to date with absolute values, which may be written again
/// and again without doubling.
class Rollup : public KeyedTransform<Rollup, Book> {
public:
    static constexpr About about = {
        .name = "rollup",
        .version = "1.0.0",
        .summary = "Hourly rollups of funding, open interest and liquidations for the stores",
        .consumes = {Kind::funding_rate, Kind::open_interest, Kind::liquidation, Kind::cascade},
        .emits = {Kind::extension},
        .traits = Trait::keyed | Trait::late_output,
    };
    static constexpr auto option_list = spillway::options(
        option::texts<&Options::tables>("tables", "The tables to fill.")
            .otherwise("funding_rates_1h,liquidations_1h,oi_changes_1h,liquidations_hourly,"
                       "liquidation_price_levels,liquidation_exchange_comparison,"
                       "liquidation_cascades"),
        option::duration<&Options::every>("every", "A changed row is written at most this often.")
            .otherwise("10s")
            .at_least(1e6),
        option::duration<&Options::keep_open>(
            "keep_open", "How long a bucket takes late records after its end, in event time.")
            .otherwise("24h"),
        option::numbers<&Options::step>(
            "step", "Width of price levels by market; others: about a thousandth of the price.")
            .otherwise(""));
    Options options;

    Status check();

    /// Rows of one market belong together; a record without a market belongs to none of the others.
    static std::uint64_t key_code(const Event& event) noexcept {
        return static_cast<std::uint64_t>(event.market);
    }
    static void key_text(const Event& event, std::string& out) { out = text_of(event.market); }

    Status on(Book& book, const Event& event, Context& context);
    void on_timer(Book& book, TimerId timer, Time due, Context& context);
    void on_event_timer(Book& book, TimerId timer, Time due, Context& context);

private:
    static constexpr TimerId write_timer = 0;
    static constexpr TimerId close_timer = 0;

    /// The row of that table for a record of that time; null if the table is not wanted, or its
    /// bucket is closed (then `late` is set).
    Bucket* row(Book& book, RowKey key, Time time, Context& context, bool& late) const;
    bool add_liquidation(Book& book, const Event& event, Context& context);
    bool add_open_interest(Book& book, const Event& event, Context& context) const;
    bool add_members(Book& book, const Event& event, Context& context) const;
    void write(Bucket& bucket, const Book& book, Context& context) const;

    std::array<bool, table_names.size()> wanted_{};
    RowWriter writer_;
};

}  // namespace spillway::rollup
