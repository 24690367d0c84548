#include "migrations.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace spillway::sqlite {
namespace {

constexpr Migration embedded[] = {
#include "embedded_migrations.inc"
};

constexpr std::int64_t application_id = 1397771351;  ///< ASCII "SPLW"

Status refuse(const Database& database, std::string_view why) {
    return {Code::unsupported, fmt::format("{}: {}", database.path().string(), why),
            database.path().native()};
}

/// Version of a store; 0 for an empty file.
std::int64_t version_of(Database& database) {
    return database.integer("PRAGMA application_id") == application_id
               ? database.integer("SELECT max(version) FROM schema_migrations")
               : 0;
}

Status check_applied(Database& database, std::span<const Migration> known) {
    Statement applied;
    if (Status status =
            database.prepare("SELECT version, name, sha256 FROM schema_migrations", applied);
        !status) {
        return status;
    }
    while (applied.next_row()) {
        const std::int64_t version = applied.integer_at(0);
        const auto same = [version](const Migration& m) { return m.version == version; };
        const auto found = std::find_if(known.begin(), known.end(), same);
        if (found != known.end() && found->sha256 == applied.text_at(2)) continue;
        return refuse(database,
                      fmt::format("it was made by another build: migration {} there differs from "
                                  "this program's; use the build that made it, or a new path",
                                  applied.text_at(1)));
    }
    return {};
}

Status apply_missing(Database& database, std::span<const Migration> known) {
    if (Status status = check_owner(database); !status) return status;
    const std::int64_t version = version_of(database);
    const std::int64_t newest = known.empty() ? 0 : known.back().version;
    if (version > newest) {
        return refuse(database, fmt::format("the store has schema version {}, this program knows "
                                            "up to {}; use a newer Spillway, or a new path",
                                            version, newest));
    }
    if (version > 0) {
        if (Status status = check_applied(database, known); !status) return status;
    }
    for (const Migration& migration : known) {
        if (migration.version <= version) continue;
        const std::string doing = fmt::format("cannot apply migration {}", migration.name);
        if (Status status = database.execute(migration.sql, doing); !status) return status;
        Statement note;
        if (Status status = database.prepare(
                "INSERT INTO schema_migrations VALUES (?, ?, ?, unixepoch() * 1000000000)", note);
            !status) {
            return status;
        }
        note.integer(migration.version).text(migration.name).text(migration.sha256);
        if (note.run() != Outcome::stored) return database.failure(doing);
    }
    return {};
}

}  // namespace

std::span<const Migration> embedded_migrations() noexcept { return embedded; }

Status check_owner(Database& database) {
    const std::int64_t mark = database.integer("PRAGMA application_id");
    const bool empty = database.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (mark == application_id || (mark == 0 && empty)) return {};
    return refuse(database, "this database belongs to another program; choose another path");
}

Status migrate(Database& database, std::span<const Migration> known) {
    constexpr std::string_view doing = "cannot bring its tables up to date";
    if (Status status = database.execute("BEGIN EXCLUSIVE", doing); !status) return status;
    Status status = apply_missing(database, known);
    if (status.ok()) status = database.execute("COMMIT", doing);
    // The first error counts: a failed rollback leaves nothing behind, either.
    if (database.in_transaction()) static_cast<void>(database.execute("ROLLBACK", doing));
    return status;
}

}  // namespace spillway::sqlite
