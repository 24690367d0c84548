#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "migrations.hpp"
#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Reader;
using testing::TemporaryFolder;

Result<Database> open(const TemporaryFolder& folder) {
    return Database::open({folder.path() / "spillway.db", Synchronous::normal, 0});
}

TEST(Migrations, AreAppliedOnceInTheOrderOfTheirNumbers) {
    const TemporaryFolder folder;
    auto database = open(folder);
    ASSERT_TRUE(database.has_value());
    const Migration one{1, "0001_a.sql", "aa",
                        "PRAGMA application_id = 1397771351; CREATE TABLE schema_migrations "
                        "(version INTEGER PRIMARY KEY, name TEXT, sha256 TEXT, applied_at INTEGER);"
                        "CREATE TABLE t (a);"};
    const Migration two{2, "0002_b.sql", "bb", "ALTER TABLE t ADD COLUMN b"};
    const std::vector<Migration> first{one}, both{one, two};
    ASSERT_TRUE(migrate(*database, first).ok());
    ASSERT_TRUE(migrate(*database, both).ok());
    ASSERT_TRUE(migrate(*database, both).ok());
    EXPECT_THAT(
        Reader(database->path()).rows("SELECT version, name, sha256 FROM schema_migrations"),
        ElementsAre("1|0001_a.sql|aa", "2|0002_b.sql|bb"));

    const Status newer = migrate(*database, first);
    EXPECT_EQ(newer.code(), Code::unsupported);
    EXPECT_THAT(std::string(newer.message()),
                HasSubstr("schema version 2, this program knows up to 1"));

    std::vector<Migration> edited = both;
    edited[0].sha256 = "cc";
    EXPECT_THAT(std::string(migrate(*database, edited).message()), HasSubstr("0001_a.sql"));
}

TEST(Migrations, LeaveNothingBehindWhenOneFails) {
    const TemporaryFolder folder;
    auto database = open(folder);
    ASSERT_TRUE(database.has_value());
    std::vector<Migration> broken(embedded_migrations().begin(), embedded_migrations().end());
    broken.push_back({99, "0099_broken.sql", "x", "CREATE TABLE half (a); CREATE TABLE half (a);"});
    const Status status = migrate(*database, broken);
    EXPECT_THAT(std::string(status.message()), HasSubstr("0099_broken.sql"));
    EXPECT_THAT(Reader(database->path()).rows("SELECT name FROM sqlite_schema"), IsEmpty());
    EXPECT_TRUE(migrate(*database, embedded_migrations()).ok());
}

TEST(Migrations, RefuseTheDatabaseOfAnotherProgram) {
    const TemporaryFolder folder;
    auto database = open(folder);
    ASSERT_TRUE(database.has_value());
    ASSERT_TRUE(database->execute("CREATE TABLE theirs (a)", "").ok());
    EXPECT_THAT(std::string(migrate(*database, embedded_migrations()).message()),
                HasSubstr("belongs to another program"));
}

TEST(Migrations, AreThoseOfTheCheckout) {
    std::vector<std::string> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(SPILLWAY_SOURCE_DIR "/schemas/sql/sqlite")) {
        files.push_back(entry.path().filename());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> names;
    std::int64_t version = 0;
    for (const Migration& migration : embedded_migrations()) {
        names.emplace_back(migration.name);
        EXPECT_EQ(migration.version, ++version);
        std::ifstream in(SPILLWAY_SOURCE_DIR "/schemas/sql/sqlite/" + names.back());
        EXPECT_EQ((std::stringstream() << in.rdbuf()).str(), migration.sql);
    }
    EXPECT_EQ(names, files);
}

/// The mapping tables of schemas/sql/README.md: which columns of which table have an origin.
class Mapping {
public:
    Mapping() {
        std::ifstream readme(SPILLWAY_SOURCE_DIR "/schemas/sql/README.md");
        std::string line, table, section;
        while (std::getline(readme, line)) {
            if (line.starts_with('#')) section = line.substr(line.find(' ') + 1);
            std::smatch cells;
            static const std::regex row(R"(\|\s*([a-z0-9_]*)[^|]*\|([^|]*)\|(.*)\|)");
            if (!std::regex_match(line, cells, row)) continue;
            if (cells[1].length() > 0) table = cells[1];
            if (section == "Source tables") source_tables.insert(table);
            for (const std::string& column : words(cells[2])) origins[table].insert(column);
            check_fields(line, cells[3]);
        }
    }
    /// Columns that the text describes for all tables of a sort at once.
    [[nodiscard]] bool has(const std::string& table, const std::string& column) const {
        static const std::set<std::string> header = {"time", "event_id"};
        static const std::set<std::string> source = {"venue", "exchange", "symbol"};
        const auto found = origins.find(table);
        if (found == origins.end()) return false;
        return found->second.contains(column) || header.contains(column) ||
               (source.contains(column) && source_tables.contains(table));
    }
    std::vector<std::string> unknown_fields;  ///< `kind.field` that no event has

private:
    static std::vector<std::string> words(const std::string& text) {
        static const std::regex word("[a-z][a-z0-9_]*");
        std::vector<std::string> found;
        for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it) {
            found.push_back(it->str());
        }
        return found;
    }
    void check_fields(const std::string& line, const std::string& text) {
        static const std::regex reference(R"(`([a-z_]+)\.([a-z_0-9]+)`)");
        for (std::sregex_iterator it(text.begin(), text.end(), reference), end; it != end; ++it) {
            const auto kind = std::find(kind_names.begin(), kind_names.end(), (*it)[1].str());
            if (kind == kind_names.end()) continue;
            const auto number = static_cast<Kind>(kind - kind_names.begin());
            if (find_field(number, (*it)[2].str()) == nullptr) unknown_fields.push_back(line);
        }
    }
    std::map<std::string, std::set<std::string>> origins;
    std::set<std::string> source_tables;
};

class Schema : public testing::StoreTest {};

TEST_F(Schema, EveryColumnHasAnOrigin) {
    open();
    const Mapping mapping;
    EXPECT_THAT(mapping.unknown_fields, IsEmpty());
    std::vector<std::string> orphans;
    std::size_t columns = 0;
    for (const std::string& row :
         rows("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
              "WHERE t.type IN ('table', 'view') AND t.name NOT LIKE '%\\_utc' ESCAPE '\\'")) {
        const std::size_t bar = row.find('|');
        ++columns;
        if (!mapping.has(row.substr(0, bar), row.substr(bar + 1))) orphans.push_back(row);
    }
    EXPECT_THAT(orphans, IsEmpty()) << "add them to schemas/sql/README.md";
    EXPECT_GT(columns, 150);
}

TEST_F(Schema, ReadableViewsWork) {
    open();
    const auto views = rows("SELECT name FROM sqlite_schema WHERE name LIKE '%\\_utc' ESCAPE '\\'");
    EXPECT_GT(views.size(), 15);
    for (const std::string& view : views) EXPECT_THAT(rows("SELECT * FROM " + view), IsEmpty());
}

}  // namespace
}  // namespace spillway::sqlite
