#include "support/database.hpp"

#include <ostream>

#include <sqlite3.h>

#include <spillway/id.hpp>

namespace spillway::testing {
namespace {

std::string row_text(int count, char** values) {
    std::string row;
    for (int i = 0; i < count; ++i) {
        if (i > 0) row += '|';
        if (values[i] != nullptr) row += values[i];
    }
    return row;
}

}  // namespace

Database::Database(const std::filesystem::path& file) { sqlite3_open(file.c_str(), &connection_); }
Database::~Database() { sqlite3_close_v2(connection_); }

std::vector<std::string> Database::rows(const std::string& sql) const {
    std::vector<std::string> found;
    const auto add = [](void* into, int count, char** values, char**) {
        static_cast<std::vector<std::string>*>(into)->push_back(row_text(count, values));
        return 0;
    };
    char* error = nullptr;
    if (sqlite3_exec(connection_, sql.c_str(), add, &found, &error) != SQLITE_OK) {
        found.push_back(std::string("error: ") + (error != nullptr ? error : "?"));
    }
    sqlite3_free(error);
    return found;
}

std::string Database::value(const std::string& sql) const {
    const auto found = rows(sql);
    return found.size() == 1 ? found.front() : std::to_string(found.size()) + " rows";
}

bool Database::execute(const std::string& sql) const {
    return sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::map<std::string, Database::Table> Database::content() const {
    std::map<std::string, Table> tables;
    for (const std::string& name :
         rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
        const auto add = [](void* into, int count, char** values, char**) {
            auto& table = *static_cast<Table*>(into);
            ++table.rows;
            table.hash += hash_text(row_text(count, values));
            return 0;
        };
        sqlite3_exec(connection_, ("SELECT * FROM " + name).c_str(), add, &tables[name], nullptr);
    }
    return tables;
}

void PrintTo(const Database::Table& table, std::ostream* out) {
    *out << table.rows << " rows, hash " << table.hash;
}

}  // namespace spillway::testing
