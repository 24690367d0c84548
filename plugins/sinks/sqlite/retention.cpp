#include "retention.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace spillway::sqlite {
namespace {

constexpr std::int64_t rows_per_step = 1000;

/// Tables with a time, and the column that an index begins with.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> timed_tables = {{
    {"prices", "time"},
    {"funding_rates", "time"},
    {"open_interest", "time"},
    {"long_short_ratio", "time"},
    {"liquidations", "time"},
    {"liquidations_significant", "time"},
    {"stablecoin_flows", "time"},
    {"scores", "time"},
    {"cascade_alerts", "time"},
    {"cascade_episodes", "start"},
    {"dead_letters", "time"},
    {"funding_rates_1h", "bucket"},
    {"liquidations_1h", "bucket"},
    {"oi_changes_1h", "bucket"},
    {"liquidations_hourly", "hour"},
    {"liquidation_price_levels", "hour"},
    {"liquidation_exchange_comparison", "period"},
    {"liquidation_cascades", "hour"},
}};

std::string_view time_column(std::string_view table) noexcept {
    const auto found = std::find_if(timed_tables.begin(), timed_tables.end(),
                                    [table](const auto& entry) { return entry.first == table; });
    return found != timed_tables.end() ? found->second : std::string_view();
}

}  // namespace

Status Retention::check(const RetentionDays& days) {
    for (const auto& [table, limit] : days) {
        if (time_column(table).empty()) {
            std::string tables;
            for (const auto& entry : timed_tables) tables += fmt::format(" {}", entry.first);
            return bad_option(
                "retention", fmt::format("'{}' is no table with a time; tables:{}", table, tables));
        }
        if (!(limit > 0 && limit <= 36'500)) {
            return bad_option("retention", fmt::format("{}: {} days; give more than 0 and at most "
                                                       "36500, or leave the table out",
                                                       table, limit));
        }
    }
    return {};
}

Status Retention::prepare(Database& database, const RetentionDays& days) {
    limits_.clear();
    for (const auto& [table, limit] : days) {
        Limit entry{static_cast<Duration>(limit * static_cast<double>(day)), {}};
        // Rows of one time go together: the key's order decides which are the oldest.
        const std::string sql = fmt::format(
            "DELETE FROM {0} WHERE {1} < ?1 AND {1} <= "
            "(SELECT max({1}) FROM (SELECT {1} FROM {0} ORDER BY {1} LIMIT ?2))",
            table, time_column(table));
        if (Status status = database.prepare(sql, entry.erase); !status) return status;
        limits_.push_back(std::move(entry));
    }
    return {};
}

Outcome Retention::step(Time now, std::int64_t written) {
    for (Limit& limit : limits_) {
        const Outcome outcome =
            limit.erase.integer(now - limit.keep).integer(rows_per_step + written).run();
        if (outcome != Outcome::stored) return outcome;
    }
    return Outcome::stored;
}

}  // namespace spillway::sqlite
