#include "runtime/load/search_path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SearchPath, FindsThePluginsBesideTheProgram) {
    EXPECT_THAT(plugin_folders("/opt/spillway/bin/spillway", {}, ""),
                ElementsAre("/opt/spillway/lib/spillway/plugins"));
    EXPECT_THAT(plugin_folders("/home/ann/spillway/build/release/bin/spillway", {}, ""),
                ElementsAre("/home/ann/spillway/build/release/lib/spillway/plugins"));
}

TEST(SearchPath, PrefersWhatIsNamedExplicitly) {
    const std::vector<fs::path> dirs = {"/dev/a", "/dev/b"};
    EXPECT_THAT(plugin_folders("/usr/bin/spillway", dirs, "/env/c:/env/d"),
                ElementsAre("/dev/a", "/dev/b", "/env/c", "/env/d", "/usr/lib/spillway/plugins"));
}

TEST(SearchPath, NamesEachFolderOnceAndIgnoresEmptyParts) {
    const std::vector<fs::path> dirs = {"/a/", "/b/../a"};
    EXPECT_THAT(plugin_folders("", dirs, ":/a::/c/:"), ElementsAre("/a", "/c"));
    EXPECT_THAT(plugin_folders("", {}, ""), IsEmpty());
}

TEST(SearchPath, TakesRelativeFoldersFromTheCurrentOne) {
    const std::vector<fs::path> dirs = {"mine"};
    EXPECT_THAT(plugin_folders("", dirs, ""), ElementsAre(fs::current_path() / "mine"));
}

TEST(SearchPath, KnowsTheRunningProgram) {
    const auto folders = plugin_folders();
    ASSERT_FALSE(folders.empty());
    EXPECT_EQ(folders.back(), fs::read_symlink("/proc/self/exe").parent_path().parent_path() /
                                  "lib" / "spillway" / "plugins");
}

}  // namespace
}  // namespace spillway::runtime
