#include "pipeline.hpp"

#include <cstdlib>
#include <fstream>
#include <optional>

#include <boost/dll/runtime_symbol_info.hpp>
#include <fmt/format.h>

#include <spillway/testing/temporary_folder.hpp>

#include "runtime/load/search_path.hpp"
#include "runtime/spec/load_pipeline.hpp"

namespace spillway::bench {

namespace fs = std::filesystem;

const runtime::Catalogue& catalogue() {
    static const runtime::Catalogue found = runtime::Catalogue::scan(runtime::plugin_folders());
    return found;
}

tl::expected<fs::path, std::string> shipped_pipeline(std::string_view name) {
    std::error_code unknown;
    const fs::path prefix =
        fs::path(boost::dll::program_location(unknown)).parent_path().parent_path();
    const fs::path places[] = {prefix / "share" / "spillway" / "pipelines" / name,
                               fs::path(SPILLWAY_SOURCE_DIR) / "pipelines" / name};
    for (const fs::path& place : places) {
        if (fs::exists(place, unknown)) return place;
    }
    return tl::make_unexpected(
        fmt::format("there is no {} and no {}: install the pipelines beside "
                    "the program, or run it from its build tree",
                    places[0].string(), places[1].string()));
}

tl::expected<runtime::PipelineSpec, std::string> load(const fs::path& file,
                                                      const Variables& variables,
                                                      const Overrides& overrides) {
    runtime::LoadOptions options;
    options.overrides = overrides;
    options.environment = [&variables](std::string_view name) -> std::optional<std::string> {
        if (const auto found = variables.find(name); found != variables.end()) {
            return found->second;
        }
        const char* value = std::getenv(std::string(name).c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    };
    auto spec = runtime::load_pipeline(file, catalogue(), options);
    if (!spec) return tl::make_unexpected(to_text(spec.error()));
    return std::move(*spec);
}

tl::expected<runtime::PipelineSpec, std::string> load_text(std::string_view yaml) {
    const testing::TemporaryFolder folder;
    const fs::path file = folder / "pipeline.yaml";
    std::ofstream(file) << yaml;
    return load(file);
}

tl::expected<std::unique_ptr<runtime::Runner>, std::string> make_runner(
    runtime::PipelineSpec spec, const runtime::RunSettings& settings,
    std::vector<runtime::Tap> taps) {
    auto runner = runtime::Runner::create(std::move(spec), catalogue(), settings, std::move(taps));
    if (!runner) return tl::make_unexpected(to_text(runner.error()));
    return std::move(*runner);
}

std::string failure_of(const runtime::RunResult& result) {
    if (!result.status.ok()) {
        return fmt::format("{}: {}", result.node, std::string(result.status.message()));
    }
    for (const runtime::NodeReport& node : result.final.nodes) {
        if (!node.balanced) return fmt::format("{}: the books do not balance", node.id);
    }
    return {};
}

}  // namespace spillway::bench
