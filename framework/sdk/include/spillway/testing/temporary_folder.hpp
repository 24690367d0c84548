#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace spillway::testing {

/// A new, empty folder that only this user may read, for what a test or a measurement writes. It
/// goes with all that is in it when the object is destroyed.
///
///     const TemporaryFolder folder;
///     const auto input = folder.write("prices.csv", "1,64000\n");
///     ... run what is tested, which writes folder / "out.jsonl" ...
///     EXPECT_EQ(content_of(folder / "out.jsonl"), "...");
class TemporaryFolder {
public:
    /// Where TMPDIR says, or in /tmp.
    TemporaryFolder() : TemporaryFolder(std::filesystem::temp_directory_path()) {}
    /// In `place`. Throws std::filesystem::filesystem_error if nothing can be made there.
    explicit TemporaryFolder(const std::filesystem::path& place) {
        std::string name = place / "spillway-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::filesystem::filesystem_error(
                "cannot make a folder; set TMPDIR to a place that can be written", name,
                std::error_code(errno, std::generic_category()));
        }
        path_ = std::filesystem::canonical(name);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const {
        return path_ / name;
    }
    /// Makes a file in the folder, or replaces it, and answers its path.
    std::filesystem::path write(const std::filesystem::path& name, std::string_view content) const {
        std::filesystem::path file = path_ / name;
        std::ofstream stream(file, std::ios::binary);
        stream << content;
        if (!stream.flush()) {
            throw std::filesystem::filesystem_error("cannot write", file,
                                                    std::make_error_code(std::errc::io_error));
        }
        return file;
    }

private:
    std::filesystem::path path_;
};

/// The whole content of a file; empty if there is none.
[[nodiscard]] inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace spillway::testing
