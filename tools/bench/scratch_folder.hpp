#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <stdlib.h>

namespace spillway::bench {

/// A folder of one measurement, removed with everything in it.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string path = std::filesystem::temp_directory_path() / "spillway-bench-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr) {
            throw std::filesystem::filesystem_error(
                "cannot make a folder; set TMPDIR to a place that can be written", path,
                std::error_code(errno, std::generic_category()));
        }
        path_ = path;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace spillway::bench
