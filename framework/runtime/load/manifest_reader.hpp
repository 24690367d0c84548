#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/detail/manifest_json.hpp>
#include <spillway/detail/sanitizer.hpp>
#include <spillway/manifest.hpp>

#include "runtime/load/description.hpp"
#include "runtime/load/refusal.hpp"

namespace spillway::runtime {

/// What a plugin must have been built with to be loaded.
struct RunnerBuild {
    std::uint32_t abi = abi_number;
    std::string_view sanitizer = detail::sanitizer_name();
};

/// Reads the section `.spillway`: a ManifestHeader, then JSON. Refused if it is damaged, or if the
/// plugin was built for another ABI or with other sanitizers than the runner. `file` of the result
/// is empty.
[[nodiscard]] Checked<PluginDescription> read_manifest(std::span<const std::byte> section,
                                                       const RunnerBuild& runner = {});

}  // namespace spillway::runtime
