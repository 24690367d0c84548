#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <spillway/manifest.hpp>

#include "runtime/load/elf_section.hpp"
#include "runtime/load/manifest_reader.hpp"

namespace {

using namespace spillway;
using namespace spillway::runtime;

/// The section as it is, and for a runner of its own build, so that what is behind that check is
/// reached.
void read_section(std::span<const std::byte> section) {
    static_cast<void>(read_manifest(section));
    ManifestHeader header;
    if (section.size() < sizeof(header)) return;
    std::memcpy(&header, section.data(), sizeof(header));
    const std::string_view sanitizer(header.sanitizer, sizeof(header.sanitizer));
    static_cast<void>(
        read_manifest(section, {header.abi, sanitizer.substr(0, sanitizer.find('\0'))}));
}

/// The bytes as the description in a section that is right.
void read_description(std::span<const std::byte> json) {
    ManifestHeader header = {};
    std::memcpy(header.magic, "SPILLWAY", sizeof(header.magic));
    header.abi = abi_number;
    header.json_size = static_cast<std::uint32_t>(json.size());
    std::vector<std::byte> section(sizeof(header) + json.size());
    std::memcpy(section.data(), &header, sizeof(header));
    std::copy(json.begin(), json.end(), section.begin() + sizeof(header));
    static_cast<void>(read_manifest(section, {.sanitizer = ""}));
}

}  // namespace

/// Any bytes as a plugin file, as its section and as its description: parsed or refused, never read
/// outside.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    const auto file = std::as_bytes(std::span(data, size));
    const auto section = manifest_section(file);
    read_section(section.value_or(file));
    if (!section) read_description(file);
    return 0;
}
