#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace spillway::bench {

/// Side of the liquidated position: a forced sale (`SELL`) closes a long.
enum class Side : std::uint8_t { long_position, short_position };

/// One closed window of one instrument and side. Times in milliseconds UTC, `end` exclusive.
struct WindowRow {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string_view instrument;
    Side side = Side::long_position;
    std::uint64_t count = 0;
    double sum_notional_usd = 0;
};

/// Appends the row as one JSON line; the only place that knows the format. The sum is the
/// shortest text without exponent that reads back to the same double.
void append_json_line(std::string& out, const WindowRow& row);

/// Collects rows and writes them in large pieces.
class RowFile {
public:
    explicit RowFile(const std::filesystem::path& path);

    void append(const WindowRow& row);
    /// Writes what is pending and closes the file; the first error of the file's life.
    tl::expected<void, std::string> close();

private:
    void flush();
    void fail(const char* what);

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    std::string pending_;
    std::string error_;
};

/// What two outputs are compared by; the order of their lines does not matter.
struct RowSummary {
    std::uint64_t rows = 0;
    std::uint64_t count = 0;
    /// Added up in hundredths of a cent, so that the order of lines cannot change it.
    double notional_usd = 0;
    /// Sum of the XXH3 hashes of all lines: equal only for equal bytes.
    std::uint64_t checksum = 0;

    bool operator==(const RowSummary&) const = default;
};

/// Reads a file of rows. An error names the file, the line and what is wrong with it.
tl::expected<RowSummary, std::string> summarise_rows(const std::filesystem::path& path);

}  // namespace spillway::bench
