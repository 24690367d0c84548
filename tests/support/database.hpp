#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

struct sqlite3;

namespace spillway::testing {

/// A store as another program sees it.
class Database {
public:
    explicit Database(const std::filesystem::path& file);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Rows as text, columns separated by `|`; null is empty. An error is a row of its own.
    [[nodiscard]] std::vector<std::string> rows(const std::string& sql) const;
    /// The one value of a query.
    [[nodiscard]] std::string value(const std::string& sql) const;
    /// Runs a statement; false if it failed.
    bool execute(const std::string& sql) const;

    /// What the tables hold, whatever the order of their rows.
    struct Table {
        std::uint64_t rows = 0;
        std::uint64_t hash = 0;  ///< sum of the hashes of all rows
        bool operator==(const Table&) const = default;
    };
    [[nodiscard]] std::map<std::string, Table> content() const;

private:
    sqlite3* connection_ = nullptr;
};

void PrintTo(const Database::Table& table, std::ostream* out);

}  // namespace spillway::testing
