// Every plugin that ships, with the check.yaml in its folder.

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checked.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> plugin_files() {
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::directory_iterator(fs::path(SPILLWAY_BINARY_DIR) / "lib/spillway/plugins")) {
        if (entry.path().extension() == ".so") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

fs::path case_of(const fs::path& plugin) {
    for (const char* category : {"sources", "transforms", "scorers", "sinks"}) {
        const fs::path file =
            fs::path(SPILLWAY_SOURCE_DIR) / "plugins" / category / plugin.stem() / "check.yaml";
        if (fs::exists(file)) return file;
    }
    return {};
}

class ShippedPlugin : public ::testing::TestWithParam<fs::path> {};

TEST_P(ShippedPlugin, Conforms) {
    // The deadline is for plugins that hang, not for busy machines.
    const CheckedPlugin checked =
        check_plugin(GetParam(), case_of(GetParam()), {"--timeout", "5m", "--cuttings", "4"});
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
    EXPECT_THAT(checked.with("failed"), ::testing::IsEmpty()) << checked.out;
    if (GetParam().stem() != "live") {
        EXPECT_THAT(checked.with("warning"), ::testing::IsEmpty()) << checked.out;
        EXPECT_GT(checked.with("ok").size(), 5U);
    } else {
        // Static objects of Asio; and a live source has no records of its own to check.
        EXPECT_THAT(checked.with("warning"), ::testing::IsSubsetOf({"initialisers"}));
    }
}

INSTANTIATE_TEST_SUITE_P(Conformance, ShippedPlugin, ::testing::ValuesIn(plugin_files()),
                         [](const auto& test) { return test.param.stem().string(); });

}  // namespace
}  // namespace spillway::testing
