#include "runtime/load/plugins_lock.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include "runtime/load/permissions.hpp"
#include "runtime/load/read_file.hpp"

namespace spillway::runtime {
namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::string_view remake =
    "Make it again in that folder: sha256sum *.so > plugins.lock; or remove it to load unchecked.";

bool is_hash(std::string_view text) {
    return text.size() == hash_digits &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        return {};  // equals no hash, so the file is refused
    }
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

Checked<PluginsLock> PluginsLock::parse(std::string_view text) {
    PluginsLock lock;
    for (int line_number = 1; !text.empty(); ++line_number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;

        // sha256sum writes two characters between hash and name: a space, and the mode.
        const bool shaped = line.size() > hash_digits + 2 && is_hash(line.substr(0, hash_digits)) &&
                            line[hash_digits] == ' ' &&
                            (line[hash_digits + 1] == ' ' || line[hash_digits + 1] == '*');
        const std::string_view name = shaped ? line.substr(hash_digits + 2) : std::string_view();
        if (!shaped || name.find('/') != std::string_view::npos) {
            return tl::unexpected(
                Refusal{fmt::format("plugins.lock:{}: '{}' is not '<64 hex digits>  <file name>'",
                                    line_number, line.substr(0, 100)),
                        std::string(remake)});
        }
        if (!lock.hashes_.try_emplace(std::string(name), line.substr(0, hash_digits)).second) {
            return tl::unexpected(
                Refusal{fmt::format("plugins.lock:{}: {} is listed twice", line_number, name),
                        std::string(remake)});
        }
    }
    return lock;
}

Checked<std::optional<PluginsLock>> PluginsLock::read(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / file_name;
    std::error_code error;
    if (std::filesystem::symlink_status(file, error).type() ==
        std::filesystem::file_type::not_found) {
        return std::optional<PluginsLock>();
    }
    if (auto refusal = check_link(folder, file)) return tl::unexpected(std::move(*refusal));
    if (auto refusal = check_writers(file)) return tl::unexpected(std::move(*refusal));
    const auto bytes = read_file(file);
    if (!bytes) return tl::unexpected(bytes.error());
    auto lock = parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    if (!lock) return tl::unexpected(std::move(lock.error()));
    return std::optional(std::move(*lock));
}

std::optional<Refusal> PluginsLock::check(const std::string& name,
                                          std::span<const std::byte> bytes) const {
    const auto listed = hashes_.find(name);
    if (listed == hashes_.end()) {
        return Refusal{"it is not listed in the folder's plugins.lock", std::string(remake)};
    }
    if (const std::string hash = sha256(bytes); hash != listed->second) {
        return Refusal{
            fmt::format("its SHA-256 is {}, but plugins.lock demands {}", hash, listed->second),
            "Restore the locked file. If the change is wanted: sha256sum *.so > "
            "plugins.lock in that folder."};
    }
    return std::nullopt;
}

std::vector<std::string> PluginsLock::names() const {
    std::vector<std::string> names;
    names.reserve(hashes_.size());
    for (const auto& [name, hash] : hashes_) names.push_back(name);
    return names;
}

}  // namespace spillway::runtime
