#pragma once

#include <spillway/testing/conformance/findings.hpp>

#include "runtime/load/description.hpp"

// What a plugin file shows without running any of its code.
namespace spillway::cli {

/// The manifest says all that users are told, and says nothing that contradicts itself.
void check_manifest(const runtime::PluginDescription& plugin, testing::Findings& findings);

/// Nothing is needed of the runtime, which a plugin must not know.
void check_symbols(const runtime::PluginDescription& plugin, testing::Findings& findings);

/// No code runs while the file is loaded: a constructor of a global object that throws ends the
/// process, and nobody can catch it.
void check_initialisers(const runtime::PluginDescription& plugin, testing::Findings& findings);

}  // namespace spillway::cli
