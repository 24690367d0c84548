#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include <sqlite3.h>

#include <spillway/id.hpp>
#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway::sqlite {

/// What became of one row.
enum class Outcome : std::uint8_t {
    stored,
    refused,  ///< breaks a constraint or has no place in the tables: this row only
    failed,   ///< the database is in trouble: Database::failure says why
};

/// A prepared statement whose parameters are bound from left to right. Texts are not copied: they
/// must live until `run`. No allocation per row.
class Statement {
public:
    Statement() noexcept = default;
    explicit Statement(sqlite3_stmt* owned) noexcept : statement_(owned) {}

    Statement& integer(std::int64_t value) noexcept;
    Statement& boolean(bool value) noexcept { return integer(value ? 1 : 0); }
    Statement& number(double value) noexcept;
    Statement& number_if(bool present, double value) noexcept {
        return present ? number(value) : null();
    }
    Statement& text(std::string_view value) noexcept;
    Statement& text_if(bool present, std::string_view value) noexcept {
        return present ? text(value) : null();
    }
    Statement& bytes(std::string_view value) noexcept;
    /// 16 bytes, most significant first; at most one per statement.
    Statement& id(const Id& value) noexcept;
    Statement& null() noexcept;

    /// Runs a statement that answers no rows and makes it ready for the next one.
    [[nodiscard]] Outcome run() noexcept;
    /// Steps to the next row of a query; false at the end or on failure.
    [[nodiscard]] bool next_row() noexcept;
    /// Whether the last step ended the query because the database is in trouble.
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] std::int64_t integer_at(int column) const noexcept;
    [[nodiscard]] double number_at(int column) const noexcept;
    /// Valid until the next step.
    [[nodiscard]] std::string_view text_at(int column) const noexcept;
    void reset() noexcept;

private:
    struct Finalise {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalise> statement_;
    int bound_ = 0;
    bool failed_ = false;
    std::array<unsigned char, 16> id_{};  ///< bytes of the bound id: one per statement
};

enum class Synchronous : std::uint8_t { normal, full };

struct DatabaseSettings {
    std::filesystem::path path;
    Synchronous synchronous = Synchronous::normal;
    Duration busy_timeout = 5 * second;  ///< how long to wait for another program's lock
};

/// One connection, used from one thread.
class Database {
public:
    /// Opens or creates the file (0640, and so are its companions) and changes nothing in it.
    [[nodiscard]] static Result<Database> open(const DatabaseSettings& settings);
    /// Opens a file that is there, for reading only.
    [[nodiscard]] static Result<Database> open_for_reading(const DatabaseSettings& settings);
    /// WAL mode: readers and the writer do not wait for each other.
    [[nodiscard]] Status prepare_for_writing(Synchronous synchronous);

    [[nodiscard]] Status execute(const char* sql, std::string_view doing);
    [[nodiscard]] Status prepare(std::string_view sql, Statement& out);
    /// First column of the first row; `otherwise` if there is none.
    [[nodiscard]] std::int64_t integer(std::string_view sql, std::int64_t otherwise = 0);
    /// The last error, with the file and what to do about it.
    [[nodiscard]] Status failure(std::string_view doing) const;

    /// Rows changed by the last statement.
    [[nodiscard]] std::int64_t changes() const noexcept { return sqlite3_changes64(get()); }
    [[nodiscard]] bool in_transaction() const noexcept {
        return sqlite3_get_autocommit(get()) == 0;
    }
    [[nodiscard]] sqlite3* get() const noexcept { return connection_.get(); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    struct Close {
        void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
    };
    Database(sqlite3* owned, std::filesystem::path path)
        : connection_(owned), path_(std::move(path)) {}

    std::unique_ptr<sqlite3, Close> connection_;
    std::filesystem::path path_;
};

}  // namespace spillway::sqlite
