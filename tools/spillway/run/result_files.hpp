#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <spillway/status.hpp>

namespace spillway::cli {

/// Writes `text` so that readers see the old file or the new one, never a part of it.
[[nodiscard]] Status replace_file(const std::filesystem::path& file, const std::string& text);
/// The same; after a power failure, too, the file is the new one.
[[nodiscard]] Status replace_durably(const std::filesystem::path& file, const std::string& text);

/// Why a result file could not be written there later; ok if it can. Creates nothing.
[[nodiscard]] Status check_writable(const std::filesystem::path& file);

/// Keeps a file of metrics up to date while a pipeline runs: every 5 s and at the end.
class MetricsFile {
public:
    MetricsFile(std::filesystem::path file, std::function<std::string()> metrics);
    ~MetricsFile();
    MetricsFile(const MetricsFile&) = delete;
    MetricsFile& operator=(const MetricsFile&) = delete;

    /// Writes the last state; the first error of all writes.
    [[nodiscard]] Status finish();

private:
    void write();

    std::filesystem::path file_;
    std::function<std::string()> metrics_;
    Status first_error_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace spillway::cli
