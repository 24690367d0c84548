#pragma once

#include <cstdint>
#include <string>

#include <spillway/pod_vector.hpp>
#include <spillway/status.hpp>

namespace spillway::file {

struct Rotation {
    std::int64_t size = 0;  ///< bytes after which a new file begins; 0: never
    std::int64_t keep = 5;  ///< older files kept, as `<path>.1` (the newest) to `<path>.<keep>`
};

/// Creates the folder that `path` lies in, and those above it (0750).
[[nodiscard]] Status make_folder_of(const std::string& path);

/// A file of whole lines. Lines are collected in `pending` and written in large pieces; after an
/// error the file is cut back to its last whole line.
class OutputFile {
public:
    OutputFile() = default;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    /// Creates the file (0640); empties it unless `append`.
    [[nodiscard]] Status open(const std::string& path, bool append, const Rotation& rotation);
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
    [[nodiscard]] Status open_file(bool append);
    [[nodiscard]] Status failed(const char* what, int error) const;

    std::string path_;
    Rotation rotation_;
    PodVector<char> pending_;
    std::int64_t written_ = 0;
    int descriptor_ = -1;
    bool unsynced_ = false;
};

}  // namespace spillway::file
