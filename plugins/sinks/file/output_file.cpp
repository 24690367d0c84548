#include "output_file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::file {
namespace {

/// Makes a file's name as durable as its contents.
void sync_folder(const std::filesystem::path& folder) noexcept {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

std::string_view advice(int error) noexcept {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return "; free space there or give `path` another place";
        case EROFS:
        case EACCES:
        case EPERM:
            return "; give `path` a place that this user may write";
        case EFBIG:
            return "; set `rotate` so that files stay smaller";
        default:
            return "";
    }
}

std::filesystem::path folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? "." : folder;
}

Status make_folders(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return {};
    if (folder.has_parent_path() && folder.parent_path() != folder) {
        if (Status status = make_folders(folder.parent_path()); !status) return status;
    }
    if (::mkdir(folder.c_str(), 0750) == 0 || errno == EEXIST) return {};
    const int code = errno;
    return {Code::io, "cannot create folder " + folder.string() + ": " +
                          std::generic_category().message(code) + std::string(advice(code))};
}

}  // namespace

Status make_folder_of(const std::string& path) { return make_folders(folder_of(path)); }

OutputFile::~OutputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Status OutputFile::failed(const char* what, int error) const {
    return {Code::io, std::string(what) + " " + path_ + ": " +
                          std::generic_category().message(error) + std::string(advice(error))};
}

void OutputFile::begin(const std::string& path, const Rotation& rotation) {
    path_ = path;
    files_ = RotatedFiles(path);
    rotation_ = rotation;
    pending_.clear();
    pending_.reserve(piece + piece / 4);
    asked_in_ = kept_in_ = no_file;
    surplus_ = false;
}

Status OutputFile::open(const std::string& path, bool append, const Rotation& rotation) {
    begin(path, rotation);
    if (!append && rotation.size > 0) {
        if (Status status = files_.remove_beyond(0); !status) return status;
    }
    return open_file(append);
}

Status OutputFile::resume(const std::string& path, const FilePosition& position,
                          const Rotation& rotation) {
    begin(path, rotation);
    if (Status status = files_.restore(position); !status) return status;
    if (Status status = open_file(true); !status) return status;
    asked_in_ = 0;
    surplus_ = rotation.size > 0;
    return cut_at(position.length);
}

Status OutputFile::cut_at(std::int64_t length) {
    pending_.clear();
    if (::ftruncate(descriptor_, length) != 0) return failed("cannot shorten", errno);
    if (::lseek(descriptor_, length, SEEK_SET) < 0) return failed("cannot append to", errno);
    written_ = length;
    unsynced_ = true;
    return {};
}

std::optional<FilePosition> OutputFile::position() noexcept {
    struct stat info {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) {
        return std::nullopt;
    }
    asked_in_ = 0;
    return FilePosition{written_, info.st_ino, tail_of(descriptor_, written_)};
}

Status OutputFile::position_kept() {
    kept_in_ = asked_in_;
    if (!surplus_) return {};
    const std::int64_t limit = std::max(rotation_.keep, kept_in_);
    surplus_ = limit > rotation_.keep;
    return files_.remove_beyond(limit);
}

Status OutputFile::open_file(bool append) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor_ < 0) return failed("cannot create", errno);
    struct stat info {};
    if (::fstat(descriptor_, &info) != 0) return failed("cannot read the size of", errno);
    written_ = append ? info.st_size : 0;
    if (!append && S_ISREG(info.st_mode) && ::ftruncate(descriptor_, 0) != 0) {
        return failed("cannot empty", errno);
    }
    if (append) {
        if (::lseek(descriptor_, 0, SEEK_END) < 0) return failed("cannot append to", errno);
        // A run that was killed may have left half a line: the next one begins on its own.
        char last = '\n';
        if (written_ > 0 && ::pread(descriptor_, &last, 1, written_ - 1) == 1 && last != '\n') {
            pending_.push_back('\n');
        }
    }
    sync_folder(folder_of(path_));
    return {};
}

Status OutputFile::write() noexcept {
    const char* at = pending_.data();
    std::size_t left = pending_.size();
    while (left > 0) {
        const ssize_t done = ::write(descriptor_, at, left);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) {
            const int error = done < 0 ? errno : EIO;
            // No half line stays behind: what was written before is still readable.
            if (::ftruncate(descriptor_, written_) == 0) ::lseek(descriptor_, written_, SEEK_SET);
            pending_.clear();
            return failed("cannot write", error);
        }
        at += done;
        left -= static_cast<std::size_t>(done);
        unsynced_ = true;
    }
    written_ += pending_.size();
    pending_.clear();
    return {};
}

Status OutputFile::sync() noexcept {
    if (!unsynced_) return {};
    // Pipes and devices have nothing to make durable.
    if (::fdatasync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) {
        return failed("cannot make durable", errno);
    }
    unsynced_ = false;
    return {};
}

Status OutputFile::rotate() {
    if (Status status = close(); !status) return status;
    const std::int64_t needed = oldest_needed() + 1;  // after the rotation; 0: none
    const std::int64_t limit = std::max(rotation_.keep, needed);
    surplus_ = surplus_ || limit > rotation_.keep;
    if (limit > 0) {
        if (Status status = files_.make_room(limit); !status) return status;
    }
    if (asked_in_ != no_file) ++asked_in_;
    if (kept_in_ != no_file) ++kept_in_;
    return open_file(false);
}

Status OutputFile::close() noexcept {
    if (descriptor_ < 0) return {};
    Status status = write();
    if (status) status = sync();
    if (::close(descriptor_) != 0 && status) status = failed("cannot close", errno);
    descriptor_ = -1;
    return status;
}

}  // namespace spillway::file
