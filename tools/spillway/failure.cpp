#include "failure.hpp"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "exit_code.hpp"
#include "runtime/run/secrets.hpp"

namespace spillway::cli {

int refuse(const runtime::Diagnostics& diagnostics) {
    fmt::print(stderr, "{}", to_text(diagnostics));
    return exit_usage;
}

int fail(std::string_view message) {
    fmt::print(stderr, "spillway: {}\n", message);
    return exit_failed;
}

int fail(const Status& status) { return fail(status.message()); }

int fail(const Status& status, const runtime::PipelineSpec& spec) {
    return fail(runtime::without_secrets(spec, std::string(status.message())));
}

}  // namespace spillway::cli
