#include <memory>
#include <string>

#include <fmt/format.h>

#include <spillway/detail/manifest_json.hpp>
#include <spillway/manifest.hpp>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"

namespace spillway::cli {
namespace {

int version(const std::string& format) {
    const std::string_view build = SPILLWAY_BUILD_TYPE;
    const std::string_view sanitizer = detail::sanitizer_name();
    if (format == "json") {
        fmt::print(
            R"({{"version":"{}","plugin_abi":{},"compiler":"{}","build":"{}","sanitizer":"{}"}})"
            "\n",
            SPILLWAY_VERSION, abi_number, __VERSION__, build, sanitizer);
    } else {
        fmt::print("spillway {} (plugin ABI {}, compiler {}, build {}, sanitizer {})\n",
                   SPILLWAY_VERSION, abi_number, __VERSION__, build.empty() ? "plain" : build,
                   sanitizer);
    }
    return exit_ok;
}

}  // namespace

void add_version(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "version", "Show the version, and what plugins must have been built with");
    const auto format = std::make_shared<std::string>("text");
    add_format(*command, *format);
    command->callback([format, &chosen] { chosen = [format] { return version(*format); }; });
}

}  // namespace spillway::cli
