#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <spillway/event.hpp>

#include "price_step.hpp"

namespace spillway::rollup {

/// The rollup tables of the stores.
enum class Table : std::uint8_t {
    funding_rates_1h,
    liquidations_1h,
    oi_changes_1h,
    liquidations_hourly,
    liquidation_price_levels,
    liquidation_exchange_comparison,
    liquidation_cascades,
};
inline constexpr std::array<std::string_view, 7> table_names = {
    "funding_rates_1h",    "liquidations_1h",          "oi_changes_1h",
    "liquidations_hourly", "liquidation_price_levels", "liquidation_exchange_comparison",
    "liquidation_cascades"};

[[nodiscard]] constexpr Duration bucket_length(Table table) noexcept {
    return table == Table::liquidation_exchange_comparison ? 4 * hour : hour;
}

/// What tells one row of a table from another. Parts that a table does not have stay zero.
struct RowKey {
    Table table = Table::funding_rates_1h;
    Side side = Side::long_position;
    VenueId venue = VenueId::none;
    InstrumentId instrument = InstrumentId::none;
    Time start = 0;
    std::int64_t level = 0;
    Id cascade = {};

    [[nodiscard]] Time end() const noexcept { return start + bucket_length(table); }
    friend bool operator==(const RowKey&, const RowKey&) = default;

    template <class Archive>
    void fields(Archive& io) {
        // Handles differ between runs: names are stored.
        std::string venue_name(text_of(venue)), instrument_name(text_of(instrument));
        io(1, table);
        io(2, side);
        io(3, venue_name);
        io(4, instrument_name);
        io(5, start);
        io(6, level);
        io(7, cascade.high);
        io(8, cascade.low);
        venue = venue_id(venue_name);
        instrument = instrument_id(instrument_name);
    }
};

/// Running figures of one value, by event time where order counts.
struct Figures {
    std::uint64_t count = 0;
    double sum = 0, mean = 0, squares = 0;  ///< squares: sum of squared distances from the mean
    double min = 0, max = 0;
    double first = 0, last = 0;
    Time first_time = 0, last_time = 0;

    void add(double value, Time time) noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, count);
        io(2, sum);
        io(3, mean);
        io(4, squares);
        io(5, min);
        io(6, max);
        io(7, first);
        io(8, last);
        io(9, first_time);
        io(10, last_time);
    }
};

/// One row while it may still change.
struct Bucket {
    RowKey key;
    Figures figures;
    double quantity = 0;
    std::uint64_t longs = 0, shorts = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> cascades;  ///< distinct ids
    double risk_sum = 0;  ///< over the members of cascades
    std::uint64_t risk_count = 0;
    double risk_max = 0;
    std::vector<VenueId> venues;  ///< distinct ones of a cascade's members
    std::uint8_t unit = 0;        ///< open interest: which of its fields the row is about
    bool changed = true;

    void add_cascade(const Id& id);
    void add_venue(VenueId venue);
    void add_risk(double risk) noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, key);
        io(2, figures);
        io(3, quantity);
        io(4, longs);
        io(5, shorts);
        io(6, cascades);
        io(7, risk_sum);
        io(8, risk_count);
        io(9, unit);
        io(10, changed);
        io(11, risk_max);
        io(12, venues);
    }
};

/// The open rows of one market, in the order of their first event.
class Book {
public:
    PriceStep step;

    /// The row, a new one if need be; valid until the next call. Marks it as changed.
    [[nodiscard]] Bucket& at(const RowKey& key);
    [[nodiscard]] std::vector<Bucket>& rows() noexcept { return rows_; }
    /// Forgets rows whose bucket ended at `time` or before.
    void close_until(Time time);
    /// End of the bucket that ends first; `time_never` if none is open.
    [[nodiscard]] Time first_end() const noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, step);
        io(2, rows_);
        index_.clear();
    }

private:
    struct Hash {
        std::size_t operator()(const RowKey& key) const noexcept;
    };
    void reindex();

    std::vector<Bucket> rows_;
    std::unordered_map<RowKey, std::uint32_t, Hash> index_;  ///< made again from `rows_`
};

}  // namespace spillway::rollup
