#pragma once

#include <string>

#include <tl/expected.hpp>

#include <spillway/testing/conformance/subject.hpp>

#include "check/check_case.hpp"
#include "runtime/load/description.hpp"

namespace spillway::cli {

/// Why a plugin cannot be tried.
struct SubjectError {
    std::string message;  ///< names the option or fixture
    bool defect = false;  ///< of the plugin; otherwise something is missing or wrong in the case
};

/// The plugin of a file, described by its manifest and fed by the case, for the properties of
/// <spillway/testing/conformance.hpp>. `create` is still empty: the file is not loaded here. A
/// default that is none is not used: the manifest is told of it, and all else can still be checked.
[[nodiscard]] tl::expected<testing::Subject, SubjectError> subject_of(
    const runtime::PluginDescription& plugin, const CheckCase& with);

}  // namespace spillway::cli
