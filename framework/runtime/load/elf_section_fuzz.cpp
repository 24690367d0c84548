#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/load/elf_section.hpp"
#include "runtime/load/manifest_reader.hpp"

/// Any bytes as a plugin file: found and parsed, or refused, never read outside. Where there is no
/// section, the bytes themselves are tried as one, so that the parser is reached from an empty
/// corpus too.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    using namespace spillway::runtime;
    const auto file = std::as_bytes(std::span(data, size));
    const auto section = manifest_section(file);
    static_cast<void>(read_manifest(section.value_or(file)));
    return 0;
}
