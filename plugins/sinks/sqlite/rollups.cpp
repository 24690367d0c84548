#include "rollups.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace spillway::sqlite {
namespace {

constexpr std::pair<std::string_view, Duration> rollup_tables[] = {
    {"funding_rates_1h", hour},
    {"liquidations_1h", hour},
    {"oi_changes_1h", hour},
    {"liquidations_hourly", hour},
    {"liquidation_price_levels", hour},
    {"liquidation_exchange_comparison", 4 * hour},
    {"liquidation_cascades", hour},
};

const ExtensionField* find(std::span<const ExtensionField> fields, NameId name) noexcept {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [name](const ExtensionField& f) { return f.name == name; });
    return found != fields.end() ? &*found : nullptr;
}

void append_listed(std::string& list, std::string_view item) {
    if (!list.empty()) list += ", ";
    list += item;
}

}  // namespace

Status Rollups::prepare(Database& database) {
    tables_.clear();
    for (const auto& [name, bucket] : rollup_tables) {
        if (Status status = prepare_table(database, name, bucket); !status) return status;
    }
    return {};
}

Rollups::Role Rollups::role_of(std::string_view column, std::string_view type) noexcept {
    if (column == "symbol") return Role::symbol;
    if (column == "venue" || column == "exchange") return Role::venue;
    if (column == "bucket" || column == "hour" || column == "period") return Role::bucket;
    if (column == "side") return Role::side;
    if (type == "TEXT") return Role::text;
    return type == "INTEGER" ? Role::integer : Role::number;
}

Status Rollups::prepare_table(Database& database, std::string_view name, Duration bucket) {
    Statement info;
    if (Status status = database.prepare(
            fmt::format("SELECT name, type, pk FROM pragma_table_info('{}') ORDER BY cid", name),
            info);
        !status) {
        return status;
    }
    Table table{name_id(name), bucket, {}, false, {}};
    std::string columns, values, keys, changes;
    std::vector<std::pair<std::string, Role>> found;
    while (info.next_row()) {
        const std::string column(info.text_at(0));
        const Role role = role_of(column, info.text_at(1));
        found.emplace_back(column, role);
        append_listed(columns, column);
        append_listed(info.integer_at(2) > 0 ? keys : changes,
                      info.integer_at(2) > 0 ? column : fmt::format("{0} = excluded.{0}", column));
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& [column, role] = found[i];
        table.columns.push_back({name_id(column), role});
        if (role == Role::text || role == Role::side || role == Role::integer) {
            table.reads_bytes = true;
            append_listed(values, fmt::format("coalesce(?{0}, iif(json_valid(?{1}), ?{1} ->> "
                                              "'$.{2}', NULL))",
                                              i + 1, found.size() + 1, column));
        } else {
            append_listed(values, fmt::format("?{}", i + 1));
        }
    }
    const std::string sql =
        fmt::format("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}", name,
                    columns, values, keys, changes);
    if (Status status = database.prepare(sql, table.upsert); !status) return status;
    tables_.push_back(std::move(table));
    return {};
}

Outcome Rollups::row(const Event& event, const Batch& batch) {
    const auto table = std::find_if(tables_.begin(), tables_.end(),
                                    [&](const Table& t) { return t.name == event.extension.name; });
    if (table == tables_.end()) return Outcome::refused;
    const std::uint32_t count = event.extension.fields;
    const auto* first = batch.blob_as<ExtensionField>(event, 0, count);
    if (first == nullptr) return Outcome::refused;
    for (const Column& column : table->columns) {
        bind(*table, column, event, find({first, count}, column.name));
    }
    if (table->reads_bytes) {
        const std::string_view bytes = batch.text(event, event.extension.bytes);
        table->upsert.text_if(!bytes.empty(), bytes);
    }
    return table->upsert.run();
}

void Rollups::bind(Table& table, const Column& column, const Event& event,
                   const ExtensionField* field) {
    Statement& upsert = table.upsert;
    const bool is_text = field != nullptr && field->text != NameId::none;
    switch (column.role) {
        case Role::symbol: {
            const bool whole = event.instrument != InstrumentId::none;
            upsert.text(is_text ? text_of(field->text)
                        : whole ? symbols_.of(event.instrument)
                                : symbols_.of(event.market));
            return;
        }
        case Role::venue:
            upsert.text(is_text ? text_of(field->text) : text_of(event.venue));
            return;
        case Role::bucket:
            upsert.integer(field != nullptr ? std::llround(field->value)
                                            : event.event_time - table.bucket);
            return;
        case Role::side:
            if (is_text) {
                const std::string_view side = text_of(field->text);
                upsert.text(side == "long" ? "LONG" : side == "short" ? "SHORT" : side);
            } else {
                upsert.null();
            }
            return;
        case Role::text:
            upsert.text_if(is_text, is_text ? text_of(field->text) : "");
            return;
        case Role::integer:
            if (field != nullptr) {
                upsert.integer(std::llround(field->value));
            } else {
                upsert.null();
            }
            return;
        case Role::number:
            upsert.number_if(field != nullptr, field != nullptr ? field->value : 0);
            return;
    }
}

}  // namespace spillway::sqlite
