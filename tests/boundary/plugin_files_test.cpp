// Every plugin that ships, as a file: it needs the SDK and nothing of the runtime, keeps its names
// to itself, has a readable manifest, and runs no code of its own while it is loaded.

#include <algorithm>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/detail/sanitizer.hpp>

#include "plugin_file.hpp"
#include "runtime/spec/option_value.hpp"
#include "support/run_pipeline.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::filesystem::path plugin_dir =
    std::filesystem::path(SPILLWAY_BINARY_DIR) / "lib/spillway/plugins";

std::vector<std::filesystem::path> plugin_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(plugin_dir)) {
        if (entry.path().extension() == ".so") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

class ShippedPlugin : public ::testing::TestWithParam<std::filesystem::path> {
protected:
    [[nodiscard]] static const runtime::PluginDescription* description() {
        for (const runtime::PluginDescription& plugin : built_plugins().plugins()) {
            if (std::filesystem::equivalent(plugin.file, GetParam())) return &plugin;
        }
        return nullptr;
    }
};

TEST_P(ShippedPlugin, NeedsNothingOfTheRuntime) {
    const PluginFile file = read_plugin_file(GetParam());
    ASSERT_FALSE(file.undefined.empty());
    for (const std::string& symbol : file.undefined) {
        EXPECT_THAT(symbol, Not(HasSubstr("spillway::runtime")));
    }
}

// Templates of the standard library and of Boost are visible whatever we ask for.
TEST_P(ShippedPlugin, KeepsItsOwnNamesToItself) {
    for (const std::string& symbol : read_plugin_file(GetParam()).defined) {
        EXPECT_FALSE(symbol.starts_with("spillway::")) << symbol;
    }
}

TEST_P(ShippedPlugin, HasAManifestWithAllThatUsersAreTold) {
    const runtime::PluginDescription* plugin = description();
    ASSERT_NE(plugin, nullptr);
    EXPECT_EQ(plugin->name, GetParam().stem().string());
    EXPECT_NE(plugin->summary, "");
    EXPECT_NE(plugin->version, "");
    std::set<std::string> names;
    for (const runtime::OptionDescription& option : plugin->options) {
        EXPECT_NE(option.doc, "") << option.name;
        EXPECT_TRUE(names.insert(option.name).second) << option.name << " is there twice";
    }
}

TEST_P(ShippedPlugin, HasDefaultsThatItsOptionsAccept) {
    const runtime::PluginDescription* plugin = description();
    ASSERT_NE(plugin, nullptr);
    for (const runtime::OptionDescription& option : plugin->options) {
        if (!option.fallback) continue;
        const auto setting = runtime::fallback_setting(option);
        EXPECT_TRUE(setting.has_value())
            << option.name << ": " << (setting ? "" : setting.error().message);
    }
}

TEST_P(ShippedPlugin, RunsNoStaticConstructors) {
    if (spillway::detail::sanitized) {
        GTEST_SKIP() << "sanitizers add constructors of their own to every library";
    }
    // One entry is the compiler's own: frame_dummy of crtbegin. Asio and Beast have some: ids of
    // services, error categories, none of which can fail.
    const bool has_asio = GetParam().stem() == "live";
    EXPECT_LE(read_plugin_file(GetParam()).initialisers, has_asio ? 16U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Plugins, ShippedPlugin, ::testing::ValuesIn(plugin_files()),
                         [](const auto& test) { return test.param.stem().string(); });

TEST(ShippedPlugins, AreAllUsable) {
    for (const runtime::PluginProblem& problem : built_plugins().problems()) {
        ADD_FAILURE() << problem.file << ": " << problem.reason;
    }
    EXPECT_EQ(built_plugins().plugins().size(), plugin_files().size());
}

}  // namespace
}  // namespace spillway::testing
