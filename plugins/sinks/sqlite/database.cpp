#include "database.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace spillway::sqlite {
namespace {

constexpr std::int64_t wal_kept = 64 << 20;  ///< bytes; a burst's longer WAL is cut afterwards

bool no_space(int code, int system_error) noexcept {
    if (code == SQLITE_FULL) return true;
    return code == SQLITE_IOERR &&
           (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG);
}

/// errno behind an error; 0 if none is known. A failed commit leaves it only with the files.
int system_error_of(sqlite3* connection, int code) noexcept {
    int error = 0;
    if (code == SQLITE_IOERR || code == SQLITE_FULL) {
        sqlite3_file* wal = nullptr;
        sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER,
                             static_cast<void*>(&wal));
        if (wal != nullptr && wal->pMethods != nullptr) {
            wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error);
        }
        if (error == 0) {
            sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
        }
    }
    return error != 0 ? error : sqlite3_system_errno(connection);
}

/// What to do about an error, by its primary code.
std::string_view fix_for(int code, int system_error) noexcept {
    if (no_space(code, system_error)) {
        return "the disk (or a quota or file size limit) is full: make room and run again; what "
               "was committed stays readable";
    }
    switch (code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program holds a lock on it: end its transaction (an open sqlite3 "
                   "shell?) or raise busy_timeout";
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return "the file and its folder must be writable by this user: change their "
                   "permissions or choose another path";
        case SQLITE_NOTADB:
            return "this is not a SQLite database: choose another path";
        case SQLITE_CORRUPT:
            return "the file is damaged: move it away, or save what is readable with 'sqlite3 FILE "
                   ".recover'";
        case SQLITE_IOERR:
            return "check the disk and the system log";
        default:
            return "";
    }
}

/// SQLite would make it readable for everybody; its -wal and -shm take the permissions of the file.
/// Whatever goes wrong here, SQLite meets again and tells better.
void create_private(const std::filesystem::path& file) noexcept {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (descriptor >= 0) ::close(descriptor);
}

}  // namespace

Statement& Statement::integer(std::int64_t value) noexcept {
    sqlite3_bind_int64(statement_.get(), ++bound_, value);
    return *this;
}

Statement& Statement::number(double value) noexcept {
    sqlite3_bind_double(statement_.get(), ++bound_, value);
    return *this;
}

Statement& Statement::text(std::string_view value) noexcept {
    // A null pointer would bind NULL: an empty text is not unknown.
    const char* data = value.empty() ? "" : value.data();
    sqlite3_bind_text64(statement_.get(), ++bound_, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bytes(std::string_view value) noexcept {
    const char* data = value.empty() ? "" : value.data();
    sqlite3_bind_blob64(statement_.get(), ++bound_, data, value.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::id(const Id& value) noexcept {
    for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t shift = 56 - 8 * i;
        id_[i] = static_cast<unsigned char>(value.high >> shift);
        id_[i + 8] = static_cast<unsigned char>(value.low >> shift);
    }
    sqlite3_bind_blob(statement_.get(), ++bound_, id_.data(), static_cast<int>(id_.size()),
                      SQLITE_STATIC);
    return *this;
}

Statement& Statement::null() noexcept {
    sqlite3_bind_null(statement_.get(), ++bound_);
    return *this;
}

Outcome Statement::run() noexcept {
    int code = sqlite3_step(statement_.get());
    reset();
    code &= 0xFF;
    if (code == SQLITE_DONE || code == SQLITE_ROW) return Outcome::stored;
    return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG
               ? Outcome::refused
               : Outcome::failed;
}

bool Statement::next_row() noexcept {
    const int code = sqlite3_step(statement_.get());
    failed_ = code != SQLITE_ROW && code != SQLITE_DONE;
    return code == SQLITE_ROW;
}

std::int64_t Statement::integer_at(int column) const noexcept {
    return sqlite3_column_int64(statement_.get(), column);
}

double Statement::number_at(int column) const noexcept {
    return sqlite3_column_double(statement_.get(), column);
}

std::string_view Statement::text_at(int column) const noexcept {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Statement::reset() noexcept {
    sqlite3_reset(statement_.get());
    bound_ = 0;
}

Result<Database> Database::open(const DatabaseSettings& settings) {
    create_private(settings.path);
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(settings.path.c_str(), &opened,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(opened, settings.path);
    if (code != SQLITE_OK) return tl::unexpected(database.failure("cannot open it"));
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, static_cast<int>(settings.busy_timeout / millisecond));
    if (sqlite3_db_readonly(opened, "main") == 1) {
        return tl::unexpected(
            Status(Code::io,
                   fmt::format("{}: cannot write to it; {}", settings.path.string(),
                               fix_for(SQLITE_READONLY, 0)),
                   settings.path.native()));
    }
    return database;
}

Result<Database> Database::open_for_reading(const DatabaseSettings& settings) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(settings.path.c_str(), &opened,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(opened, settings.path);
    if (code != SQLITE_OK) return tl::unexpected(database.failure("cannot open it"));
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, static_cast<int>(settings.busy_timeout / millisecond));
    return database;
}

// NOLINTBEGIN(readability-make-member-function-const): they change the database
Status Database::prepare_for_writing(Synchronous synchronous) {
    const std::string pragmas = fmt::format(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA journal_size_limit = {}; "
        "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;",
        synchronous == Synchronous::full ? "FULL" : "NORMAL", wal_kept);
    return execute(pragmas.c_str(), "cannot set it up");
}

Status Database::execute(const char* sql, std::string_view doing) {
    if (sqlite3_exec(get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return failure(doing);
}

Status Database::prepare(std::string_view sql, Statement& out) {
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    if (code != SQLITE_OK) {
        return failure((code & 0xFF) == SQLITE_ERROR
                           ? "its tables are not those of a Spillway store"
                           : "cannot read its tables");
    }
    out = Statement(prepared);
    return {};
}
// NOLINTEND(readability-make-member-function-const)

std::int64_t Database::integer(std::string_view sql, std::int64_t otherwise) {
    Statement statement;
    if (!prepare(sql, statement).ok() || !statement.next_row()) return otherwise;
    return statement.integer_at(0);
}

Status Database::failure(std::string_view doing) const {
    if (get() == nullptr) return {Code::io, "out of memory", path_.native()};
    const int code = sqlite3_errcode(get()) & 0xFF;
    const int system_error = system_error_of(get(), code);
    std::string message = fmt::format("{}: {}: {}", path_.string(), doing, sqlite3_errmsg(get()));
    const bool from_system = code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_FULL;
    if (from_system && system_error != 0) {
        message += fmt::format(" ({})", std::generic_category().message(system_error));
    }
    if (const std::string_view fix = fix_for(code, system_error); !fix.empty()) {
        message += fmt::format("; {}", fix);
    }
    const bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
    return {busy ? Code::busy : Code::io, message, path_.native()};
}

}  // namespace spillway::sqlite
