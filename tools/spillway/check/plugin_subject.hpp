#pragma once

#include <string>

#include <tl/expected.hpp>

#include <spillway/testing/conformance/subject.hpp>

#include "check/check_case.hpp"
#include "runtime/load/description.hpp"

namespace spillway::cli {

/// The plugin of a file, described by its manifest and fed by the case, for the properties of
/// <spillway/testing/conformance.hpp>. `create` is still empty: the file is not loaded here. An
/// error tells the option or fixture that is missing or wrong.
[[nodiscard]] tl::expected<testing::Subject, std::string> subject_of(
    const runtime::PluginDescription& plugin, const CheckCase& with);

}  // namespace spillway::cli
