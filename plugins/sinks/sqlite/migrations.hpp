#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/status.hpp>

#include "database.hpp"

namespace spillway::sqlite {

/// One numbered file of schemas/sql/sqlite.
struct Migration {
    std::int64_t version;
    std::string_view name;    ///< file name
    std::string_view sha256;  ///< of the file's bytes
    const char* sql;
};

/// Those that were built into this plugin, in the order of their numbers.
[[nodiscard]] std::span<const Migration> embedded_migrations() noexcept;

/// Refuses the file of another program, before anything is written to it.
[[nodiscard]] Status check_owner(Database& database);

/// Brings the tables up to date in one transaction under an exclusive lock: all that is missing,
/// in order. Refuses a file of another program, a newer store than `known`, and a store
/// that was made by a different version of a migration.
[[nodiscard]] Status migrate(Database& database, std::span<const Migration> known);

}  // namespace spillway::sqlite
