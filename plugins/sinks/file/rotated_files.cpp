#include "rotated_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::file {
namespace {

constexpr std::int64_t tail_size = 256;

Status failed(std::string_view what, const std::string& file, int error) {
    return {Code::io,
            std::string(what) + ' ' + file + ": " + std::generic_category().message(error)};
}

/// The number of an older file; none if its name ends otherwise.
std::optional<std::int64_t> number_of(std::string_view name, std::string_view base) {
    if (name.size() < base.size() + 2 || !name.starts_with(base) || name[base.size()] != '.') {
        return std::nullopt;
    }
    const std::string_view digits = name.substr(base.size() + 1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    if (!whole || digits[0] == '0' || number < 1) return std::nullopt;
    return number;
}

struct Descriptor {
    explicit Descriptor(const std::string& file) noexcept
        : value(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
    int value;
};

enum class Match { none, inode_only, content, both };

Match match(const std::string& file, const FilePosition& position, std::int64_t& size) {
    const Descriptor opened(file);
    struct stat info {};
    if (opened.value < 0 || ::fstat(opened.value, &info) != 0) return Match::none;
    const bool same_inode = info.st_ino == position.inode;
    if (same_inode) size = info.st_size;
    const bool same_content =
        info.st_size >= position.length && tail_of(opened.value, position.length) == position.tail;
    if (same_inode) return same_content ? Match::both : Match::inode_only;
    return same_content ? Match::content : Match::none;
}

}  // namespace

Id tail_of(int descriptor, std::int64_t length) noexcept {
    std::array<char, tail_size> bytes{};
    const std::int64_t size = std::min(length, tail_size);
    const ssize_t read =
        ::pread(descriptor, bytes.data(), static_cast<std::size_t>(size), length - size);
    return hash_id(bytes.data(), read > 0 ? static_cast<std::size_t>(read) : 0);
}

std::string RotatedFiles::name(std::int64_t number) const {
    return number == 0 ? path_ : path_ + '.' + std::to_string(number);
}

std::vector<std::int64_t> RotatedFiles::numbers() const {
    namespace fs = std::filesystem;
    const fs::path path(path_);
    const std::string base = path.filename();
    std::vector<std::int64_t> found;
    std::error_code error;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code unknown;
        if (!entry->is_regular_file(unknown)) continue;
        const std::string name = entry->path().filename();
        if (name == base) found.push_back(0);
        if (const auto number = number_of(name, base)) found.push_back(*number);
    }
    std::sort(found.begin(), found.end());
    std::int64_t last = -1;
    const auto hole = std::find_if(found.begin(), found.end(), [&last](std::int64_t number) {
        return number > std::exchange(last, number) + 2;
    });
    found.erase(hole, found.end());
    return found;
}

Status RotatedFiles::move(std::int64_t from, std::int64_t to) const {
    if (::rename(name(from).c_str(), name(to).c_str()) == 0) return {};
    return failed("cannot rotate", name(from), errno);
}

Status RotatedFiles::remove(std::int64_t number) const {
    if (::unlink(name(number).c_str()) == 0 || errno == ENOENT) return {};
    return failed("cannot remove", name(number), errno);
}

Status RotatedFiles::make_room(std::int64_t limit) const {
    const std::vector<std::int64_t> files = numbers();
    const auto taken = [&](std::int64_t n) {
        return std::binary_search(files.begin(), files.end(), n);
    };
    std::int64_t last = 1;
    while (last < limit && taken(last)) ++last;
    // The oldest first: at every moment each file has a name, and the order of the names is theirs.
    for (std::int64_t n = last; n > 0; --n) {
        if (Status status = move(n - 1, n); !status) return status;
    }
    return remove_beyond(limit);
}

Status RotatedFiles::remove_beyond(std::int64_t limit) const {
    std::vector<std::int64_t> files = numbers();
    for (; !files.empty() && files.back() > limit; files.pop_back()) {
        if (Status status = remove(files.back()); !status) return status;
    }
    return {};
}

Status RotatedFiles::restore(const FilePosition& position) const {
    const std::vector<std::int64_t> files = numbers();
    const Result<std::size_t> found = find(files, position);
    if (!found) return found.error();
    if (files[*found] == 0) return {};
    const auto count = static_cast<std::int64_t>(files.size());
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t number = files[static_cast<std::size_t>(i)];
        if (number == i) continue;
        if (Status status = move(number, i); !status) return status;
    }
    // One step at a time, so that no larger hole comes about: each drops the newest.
    const auto newer = static_cast<std::int64_t>(*found);
    for (std::int64_t dropped = 1; dropped <= newer; ++dropped) {
        for (std::int64_t n = 1; n <= count - dropped; ++n) {
            if (Status status = move(n, n - 1); !status) return status;
        }
    }
    return {};
}

Result<std::size_t> RotatedFiles::find(const std::vector<std::int64_t>& files,
                                       const FilePosition& position) const {
    std::vector<std::size_t> alike;
    std::optional<std::int64_t> size;
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::int64_t bytes = 0;
        const Match how = match(name(files[i]), position, bytes);
        if (how == Match::both) return i;
        if (how == Match::inode_only) size = bytes;
        if (how == Match::content) alike.push_back(i);
    }
    if (alike.size() == 1) return alike.front();
    std::string why = path_ + ": the last checkpoint ends at byte " +
                      std::to_string(position.length) + " of this file, but ";
    if (size && *size < position.length) {
        why += "it has only " + std::to_string(*size);
    } else if (size || !alike.empty()) {
        why += "it was changed since";
    } else if (files.empty()) {
        why += "it is missing";
    } else {
        why += "neither it nor an older one is the file that was written then";
    }
    why += "; put the file back as it was (here, if `path` is new), or start over with --fresh";
    return tl::unexpected(Status(Code::io, why));
}

}  // namespace spillway::file
