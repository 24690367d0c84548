#include <memory>
#include <string>

#include <fmt/format.h>

#include <spillway/detail/sanitizer.hpp>
#include <spillway/manifest.hpp>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"

namespace spillway::cli {
namespace {

constexpr std::string_view build = SPILLWAY_BUILD_TYPE;

int version(const std::string& format) {
    if (format == "json") {
        fmt::print(
            R"({{"version":"{}","plugin_abi":{},"compiler":"{}","build":"{}","sanitizer":"{}"}})"
            "\n",
            SPILLWAY_VERSION, abi_number, __VERSION__, build, detail::sanitizer_name());
    } else {
        fmt::print("{}\n", version_text());
    }
    return exit_ok;
}

}  // namespace

std::string version_text() {
    return fmt::format("spillway {} (plugin ABI {}, compiler {}, build {}, sanitizer {})",
                       SPILLWAY_VERSION, abi_number, __VERSION__, build.empty() ? "plain" : build,
                       detail::sanitizer_name());
}

void add_version(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "version", "Show the version, and what plugins must have been built with");
    const auto format = std::make_shared<std::string>("text");
    add_format(*command, *format);
    command->callback([format, &chosen] { chosen = [format] { return version(*format); }; });
}

}  // namespace spillway::cli
