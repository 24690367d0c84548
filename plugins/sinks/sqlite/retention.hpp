#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/time.hpp>

#include "database.hpp"

namespace spillway::sqlite {

/// Days to keep, by table.
using RetentionDays = std::map<std::string, double>;

/// Deletes what is older than a table's limit, the oldest rows first and few at a time, so that no
/// transaction grows long.
class Retention {
public:
    /// Refuses tables that have no time, and limits that are not positive.
    [[nodiscard]] static Status check(const RetentionDays& days);

    [[nodiscard]] Status prepare(Database& database, const RetentionDays& days);
    /// One step in every table; `written` rows came in since the last: deletion keeps up with them.
    [[nodiscard]] Outcome step(Time now, std::int64_t written);

private:
    struct Limit {
        Duration keep;
        Statement erase;
    };
    std::vector<Limit> limits_;
};

}  // namespace spillway::sqlite
