#pragma once

#include <string_view>

#include <spillway/status.hpp>

#include "runtime/spec/diagnostic.hpp"

// How a command ends that cannot do what it was asked for: the reason on standard error, and the
// exit code.
namespace spillway::cli {

int refuse(const runtime::Diagnostics& diagnostics);
int fail(std::string_view message);
int fail(const Status& status);

}  // namespace spillway::cli
