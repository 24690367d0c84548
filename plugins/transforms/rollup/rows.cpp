#include "rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>

namespace spillway::rollup {
namespace {

/// A value that a row does not have: the column stays null.
constexpr double none = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<std::array<std::string_view, 9>, table_names.size()> columns = {{
    {"avg", "min", "max", "last", "count"},
    {"count", "total_usd", "max_usd"},
    {"open", "close", "min", "max", "change_pct"},
    {"event_count", "total_value_usd", "avg_value_usd", "max_value_usd", "min_value_usd",
     "stddev_value_usd", "total_quantity", "cascade_count", "avg_risk_score"},
    {"price_level", "liquidation_count", "total_value_usd", "total_quantity",
     "avg_liquidation_size"},
    {"event_count", "total_value_usd", "avg_value_usd", "cascade_count", "long_count",
     "short_count"},
    {"duration_seconds", "event_count", "total_value_usd", "avg_risk_score", "max_risk_score",
     "exchange_count", "long_count", "short_count"},
}};

double number(std::uint64_t count) noexcept { return static_cast<double>(count); }

/// The values in the order of `columns`.
std::array<double, 9> values_of(const Bucket& bucket, const PriceStep& step) noexcept {
    const Figures& f = bucket.figures;
    const double mean = f.sum / number(f.count);
    const auto cascades = static_cast<double>(bucket.cascades.size());
    switch (bucket.key.table) {
        case Table::funding_rates_1h:
            return {mean, f.min, f.max, f.last, number(f.count)};
        case Table::liquidations_1h:
            return {number(f.count), f.sum, f.max};
        case Table::oi_changes_1h:
            return {f.first, f.last, f.min, f.max,
                    f.first == 0 ? none : 100 * (f.last - f.first) / f.first};
        case Table::liquidations_hourly:
            return {number(f.count),
                    f.sum,
                    mean,
                    f.max,
                    f.min,
                    f.count < 2 ? none : std::sqrt(f.squares / number(f.count - 1)),
                    bucket.quantity,
                    cascades,
                    bucket.risk_count == 0 ? none : bucket.risk_sum / number(bucket.risk_count)};
        case Table::liquidation_price_levels:
            return {step.price_of(bucket.key.level), number(f.count), f.sum, bucket.quantity, mean};
        case Table::liquidation_exchange_comparison:
            return {number(f.count),      f.sum, mean, cascades, number(bucket.longs),
                    number(bucket.shorts)};
        case Table::liquidation_cascades:
            return {to_seconds(f.last_time - f.first_time),
                    number(f.count),
                    f.sum,
                    bucket.risk_sum / number(bucket.risk_count),
                    bucket.risk_max,
                    number(bucket.venues.size()),
                    number(bucket.longs),
                    number(bucket.shorts)};
    }
    return {};
}

bool has_side(Table table) noexcept {
    return table == Table::liquidations_1h || table == Table::liquidations_hourly ||
           table == Table::liquidation_price_levels;
}

}  // namespace

RowWriter::RowWriter() : side_(name_id("side")), sides_{name_id("long"), name_id("short")} {
    for (std::size_t t = 0; t < table_names.size(); ++t) {
        layouts_[t].name = name_id(table_names[t]);
        for (std::size_t c = 0; c < most_columns; ++c) {
            layouts_[t].columns[c] = name_id(columns[t][c]);
        }
    }
}

bool RowWriter::complete(const Bucket& bucket) noexcept {
    const std::uint64_t least = bucket.key.table == Table::liquidation_price_levels ? 2 : 1;
    return bucket.figures.count >= least;
}

void RowWriter::write(const Bucket& bucket, MarketId market, const PriceStep& step,
                      Emitter& out) const {
    const auto table = static_cast<std::size_t>(bucket.key.table);
    const Layout& layout = layouts_[table];
    const std::array<double, most_columns> values = values_of(bucket, step);
    std::array<ExtensionField, most_columns + 1> row{};
    std::uint32_t size = 0;
    if (has_side(bucket.key.table)) {
        row[size++] = {side_, sides_[static_cast<std::size_t>(bucket.key.side)], 0};
    }
    for (std::size_t c = 0; c < most_columns && !columns[table][c].empty(); ++c) {
        if (!std::isnan(values[c])) row[size++] = {layout.columns[c], NameId::none, values[c]};
    }
    Event& event = out.emit(Kind::extension);
    event.event_time = bucket.key.end();
    event.instrument = bucket.key.instrument;
    event.venue = bucket.key.venue;
    event.market = market;
    event.extension.name = layout.name;
    event.extension.fields = size;
    event.set_present(field::extension::name);
    std::memcpy(out.batch().extend_blob(event, size * sizeof(ExtensionField)), row.data(),
                size * sizeof(ExtensionField));
    if (bucket.key.table == Table::liquidation_cascades) add_cascade(bucket, event, out.batch());
}

void RowWriter::add_cascade(const Bucket& bucket, Event& event, Batch& batch) {
    std::vector<std::string_view> venues;
    venues.reserve(bucket.venues.size());
    for (const VenueId venue : bucket.venues) venues.push_back(text_of(venue));
    std::sort(venues.begin(), venues.end());
    PodVector<char> json;
    append(json, "{\"cascade_id\":");
    append_json_string(json, to_uuid_string(bucket.key.cascade));
    append(json, ",\"cascade_start\":" + std::to_string(bucket.figures.first_time));
    append(json, ",\"cascade_end\":" + std::to_string(bucket.figures.last_time));
    append(json, ",\"exchanges_involved\":[");
    for (std::size_t v = 0; v < venues.size(); ++v) {
        if (v > 0) json.push_back(',');
        append_json_string(json, venues[v]);
    }
    append(json, "]}");
    event.extension.bytes = batch.add_text(event, view(json));
    event.set_present(field::extension::bytes);
}

}  // namespace spillway::rollup
