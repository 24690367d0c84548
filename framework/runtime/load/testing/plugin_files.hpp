#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/manifest.hpp>

namespace spillway::runtime::testing {

using Bytes = std::vector<std::byte>;

/// A folder of its own for a test, private to this user, removed at the end.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = std::filesystem::temp_directory_path() / "spillway-load-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
        path_ = std::filesystem::canonical(name);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    std::filesystem::path write(std::string_view name, std::span<const std::byte> bytes) const {
        const auto file = path_ / name;
        std::ofstream out(file, std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
        return file;
    }
    std::filesystem::path write(std::string_view name, std::string_view text) const {
        return write(name, std::as_bytes(std::span(text)));
    }

private:
    std::filesystem::path path_;
};

/// A plugin that was compiled for these tests (tests/plugins).
inline std::filesystem::path test_plugin(std::string_view name) {
    return std::filesystem::path(SPILLWAY_BINARY_DIR) / "tests" / "plugins" / name /
           (std::string(name) + ".so");
}

inline Bytes bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// Where `text` starts in `bytes`.
inline std::size_t find(const Bytes& bytes, std::string_view text) {
    const auto wanted = std::as_bytes(std::span(text));
    const auto found = std::ranges::search(bytes, wanted).begin();
    if (found == bytes.end()) throw std::runtime_error("the file has no " + std::string(text));
    return static_cast<std::size_t>(found - bytes.begin());
}

/// Overwrites the first `from` with as many bytes of `to`.
inline void replace(Bytes& bytes, std::string_view from, std::string_view to) {
    std::memcpy(&bytes[find(bytes, from)], to.data(), std::min(from.size(), to.size()));
}

/// Changes the manifest's header in a plugin file.
template <class Change>
void change_header(Bytes& bytes, Change change) {
    // The JSON begins behind the header; the magic alone may also stand among the code.
    const std::size_t start = find(bytes, "{\"name\":") - sizeof(ManifestHeader);
    ManifestHeader header = {};
    std::memcpy(&header, &bytes[start], sizeof header);
    change(header);
    std::memcpy(&bytes[start], &header, sizeof header);
}

}  // namespace spillway::runtime::testing
