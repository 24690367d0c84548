#pragma once

#include <optional>
#include <string>
#include <vector>

#include <spillway/sink.hpp>

#include "csv.hpp"
#include "file_lock.hpp"
#include "output_file.hpp"

namespace spillway::file {

enum class Format : std::uint8_t { jsonl, csv };
inline constexpr std::array<std::string_view, 2> format_names = {"jsonl", "csv"};

struct Options {
    std::string path;
    Format format = Format::jsonl;
    std::string kind;
    std::int64_t rotate = 0;
    std::int64_t keep = 5;
    bool fsync = true;
    bool append = false;
};

/// How far an epoch reached.
struct Position {
    FilePosition file;
    bool columns_chosen = false;
    std::vector<NameId> columns;  ///< of extensions in CSV

    template <class Archive>
    void fields(Archive& io) {
        io(1, file);
        io(2, columns_chosen);
        io(3, columns);
    }
};

/// Writes events to a file, one line each.
class FileSink : public SinkPlugin<FileSink> {
public:
    static constexpr About about = {
        .name = "file",
        .version = "1.0.0",
        .summary = "Writes events as JSON lines or CSV, with rotation",
        .consumes = KindSet::all(),
    };
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "File to write; starts at the data directory."),
        option::choice<&Options::format>("format", format_names, "How events are written.")
            .otherwise("jsonl"),
        option::text<&Options::kind>("kind", "Only events of this kind; csv needs it.")
            .otherwise(""),
        option::size<&Options::rotate>("rotate", "Size at which a new file begins; 0: never.")
            .otherwise("0"),
        option::integer<&Options::keep>("keep", "Older files to keep: path.1 is the newest.")
            .otherwise("5")
            .at_least(0)
            .at_most(10'000),
        option::boolean<&Options::fsync>(
            "fsync", "Wait for the disk at every checkpoint: rows survive a power cut.")
            .otherwise("true"),
        option::boolean<&Options::append>("append", "Go on at the end of an existing file.")
            .otherwise("false"));
    Options options;

    Status check();
    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t epoch) noexcept override;
    void position(StateWriter& out) noexcept override;
    /// A reader that follows the file sees rows as soon as input pauses.
    Status idle() noexcept override { return file_.write(); }
    Status close() noexcept override;
    /// Values without a column.
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return dropped_; }

private:
    Status begin(const std::string& path, const SinkSetup& setup);
    Status append_rows(const SinkRows& rows);

    std::optional<Kind> kind_;
    std::optional<CsvWriter> csv_;
    bool columns_chosen_ = false;
    bool header_written_ = false;
    std::uint64_t dropped_ = 0;
    FileLock lock_;
    OutputFile file_;
};

}  // namespace spillway::file
