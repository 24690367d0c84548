#include "run/result_files.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace spillway::cli {
namespace {

constexpr auto write_every = std::chrono::seconds(5);

Status cannot_write(const std::filesystem::path& file, std::string_view why) {
    return {Code::io, fmt::format("cannot write '{}': {}", file.string(), why)};
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

/// What was written to a file, or the names in a folder, reach the disk.
Status sync(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    return synced ? Status() : cannot_write(path, std::strerror(error));
}

Status replace(const std::filesystem::path& file, const std::string& text, bool durably) {
    std::error_code error;
    std::filesystem::create_directories(folder_of(file), error);
    if (error) return cannot_write(file, error.message());
    // A pipe or /dev/stdout cannot be replaced.
    const bool in_place =
        std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error);
    const std::filesystem::path fresh =
        in_place ? file : std::filesystem::path(file.string() + ".new");
    {
        std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
        out << text;
        out.close();
        if (!out) return cannot_write(fresh, std::strerror(errno));
    }
    if (in_place) return {};
    if (durably) {
        if (Status status = sync(fresh); !status.ok()) return status;
    }
    std::filesystem::rename(fresh, file, error);
    if (error) return cannot_write(file, error.message());
    return durably ? sync(folder_of(file)) : Status();
}

}  // namespace

Status check_writable(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
        return cannot_write(file, "it is a folder; name a file");
    }
    if (std::filesystem::exists(file, ignored)) {
        if (access(file.c_str(), W_OK) == 0) return {};
        return cannot_write(file, std::strerror(errno));
    }
    // The folder may be made by the run: what exists of the path decides.
    std::filesystem::path folder = folder_of(file);
    while (!std::filesystem::exists(folder, ignored)) {
        folder = folder_of(folder);
    }
    if (!std::filesystem::is_directory(folder, ignored)) {
        return cannot_write(file, fmt::format("'{}' is not a folder", folder.string()));
    }
    if (access(folder.c_str(), W_OK | X_OK) != 0) {
        return cannot_write(file,
                            fmt::format("folder '{}': {}", folder.string(), std::strerror(errno)));
    }
    return {};
}

Status replace_file(const std::filesystem::path& file, const std::string& text) {
    return replace(file, text, false);
}

Status replace_durably(const std::filesystem::path& file, const std::string& text) {
    return replace(file, text, true);
}

MetricsFile::MetricsFile(std::filesystem::path file, std::function<std::string()> metrics)
    : file_{std::move(file)}, metrics_{std::move(metrics)}, thread_{[this] {
          std::unique_lock lock(mutex_);
          while (!changed_.wait_for(lock, write_every, [this] { return stopping_; })) write();
      }} {}

MetricsFile::~MetricsFile() { static_cast<void>(finish()); }

Status MetricsFile::finish() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
        write();
    }
    return first_error_;
}

void MetricsFile::write() {
    Status status = replace_file(file_, metrics_());
    if (first_error_.ok()) first_error_ = std::move(status);
}

}  // namespace spillway::cli
