#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <spillway/id.hpp>
#include <spillway/status.hpp>

namespace spillway::file {

/// Where a file ended, and how to find it again whatever its name is now.
struct FilePosition {
    std::int64_t length = 0;  ///< bytes
    std::uint64_t inode = 0;
    Id tail;  ///< of the last bytes before `length`: finds the file in a restored backup

    template <class Archive>
    void fields(Archive& io) {
        io(1, length);
        io(2, inode);
        io(3, tail.high);
        io(4, tail.low);
    }
};

/// What of the file up to `length` goes into `FilePosition::tail`.
[[nodiscard]] Id tail_of(int descriptor, std::int64_t length) noexcept;

/// A file and the older ones that rotation leaves beside it: `<path>.1` is the newest of them.
/// Every operation may be cut off between two system calls. It then leaves at most one number out,
/// which the next operation copes with; beyond a larger hole, files are somebody else's.
class RotatedFiles {
public:
    RotatedFiles() = default;
    explicit RotatedFiles(std::string path) : path_(std::move(path)) {}

    /// `<path>` for 0.
    [[nodiscard]] std::string name(std::int64_t number) const;
    /// Renames `<path>` to `<path>.1`; older ones move up as far as there is no gap. What would be
    /// older than number `limit` (at least 1) goes.
    [[nodiscard]] Status make_room(std::int64_t limit) const;
    /// Removes what is older than number `limit`.
    [[nodiscard]] Status remove_beyond(std::int64_t limit) const;
    /// The file of the position becomes `<path>` again: newer ones go, older ones move down. An
    /// error if it is gone, shorter, or not the same any more.
    [[nodiscard]] Status restore(const FilePosition& position) const;

private:
    /// Numbers of the files that are there, ascending.
    [[nodiscard]] std::vector<std::int64_t> numbers() const;
    [[nodiscard]] Result<std::size_t> find(const std::vector<std::int64_t>& files,
                                           const FilePosition& position) const;
    [[nodiscard]] Status move(std::int64_t from, std::int64_t to) const;
    [[nodiscard]] Status remove(std::int64_t number) const;

    std::string path_;
};

}  // namespace spillway::file
