#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <spillway/pod_vector.hpp>
#include <spillway/status.hpp>

#include "rotated_files.hpp"

namespace spillway::file {

struct Rotation {
    std::int64_t size = 0;  ///< bytes after which a new file begins; 0: never
    std::int64_t keep = 5;  ///< older files kept, as `<path>.1` (the newest) to `<path>.<keep>`
};

/// Creates the folder that `path` lies in, and those above it (0750).
[[nodiscard]] Status make_folder_of(const std::string& path);

/// A file of whole lines. Lines are collected in `pending` and written in large pieces; after an
/// error the file is cut back to its last whole line. Once positions are asked for, rotation leaves
/// the files alone that are needed to go back to the last two, even if they are more than `keep`.
class OutputFile {
public:
    OutputFile() = default;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    /// Creates the file (0640). Unless `append`, it and the older ones of its rotation start over.
    [[nodiscard]] Status open(const std::string& path, bool append, const Rotation& rotation);
    /// Goes back to where the files were at the position.
    [[nodiscard]] Status resume(const std::string& path, const FilePosition& position,
                                const Rotation& rotation);
    /// The end of what was written; none for what is no regular file.
    [[nodiscard]] std::optional<FilePosition> position() noexcept;
    /// The position asked for last is that of a complete epoch: nobody goes back further.
    [[nodiscard]] Status position_kept();
    /// Where the caller puts whole lines; `line_done` after each batch of them.
    [[nodiscard]] PodVector<char>& pending() noexcept { return pending_; }
    /// Writes what is pending once it is worth a call.
    [[nodiscard]] Status line_done() noexcept {
        return pending_.size() >= piece ? write() : Status();
    }
    /// Bytes of the current file, pending ones included.
    [[nodiscard]] std::int64_t size() const noexcept { return written_ + pending_.size(); }
    [[nodiscard]] bool full() const noexcept {
        return rotation_.size > 0 && size() >= rotation_.size;
    }
    /// Starts a new file; the older ones move up.
    [[nodiscard]] Status rotate();
    [[nodiscard]] Status write() noexcept;
    /// After it, what was written survives a power cut. Does nothing if nothing was written.
    [[nodiscard]] Status sync() noexcept;
    [[nodiscard]] Status close() noexcept;

private:
    static constexpr std::uint32_t piece = 256 * 1024;
    static constexpr std::int64_t no_file = -1;
    void begin(const std::string& path, const Rotation& rotation);
    [[nodiscard]] Status open_file(bool append);
    [[nodiscard]] Status cut_at(std::int64_t length);
    /// Number of the oldest file that somebody may go back to.
    [[nodiscard]] std::int64_t oldest_needed() const noexcept {
        return kept_in_ != no_file ? kept_in_ : asked_in_;
    }
    [[nodiscard]] Status failed(const char* what, int error) const;

    std::string path_;
    RotatedFiles files_;
    Rotation rotation_;
    PodVector<char> pending_;
    std::int64_t written_ = 0;
    int descriptor_ = -1;
    bool unsynced_ = false;
    // Numbers of the files in which positions lie; they grow with each rotation.
    std::int64_t asked_in_ = no_file;  ///< the newest
    std::int64_t kept_in_ = no_file;   ///< the newest of a complete epoch
    bool surplus_ = false;             ///< there may be more files than `keep`
};

}  // namespace spillway::file
