// The way of a plugin author: plugins made by `plugins new` build and pass their tests, at once.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/detail/sanitizer.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "author.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::vector<std::string> categories = {"source", "transform", "scorer", "sink", "venue"};

class InstalledPrefix : public ::testing::TestWithParam<std::string> {};

TEST_P(InstalledPrefix, MakesAPluginThatBuildsAndPassesItsTestsAtOnce) {
    const std::string name = "my_" + GetParam();
    const TemporaryFolder work;
    const std::string spillway = prefix() / "bin/spillway";
    EXPECT_THAT(run(work.path(), {spillway, "plugins", "new", GetParam(), name}),
                HasSubstr("cd " + name + " && cmake -B build"));
    const fs::path folder = work / name;
    run(folder, configure("build", {"CMAKE_PREFIX_PATH=" + prefix().string()}));
    run(folder, {SPILLWAY_CMAKE, "--build", "build", "--parallel", "2"});
    EXPECT_THAT(run(folder, {SPILLWAY_CTEST, "--test-dir", "build", "--output-on-failure"}),
                HasSubstr("100% tests passed, 0 tests failed out of 1"));

    const std::string plugins = "build/lib/spillway/plugins";
    EXPECT_THAT(run(folder, {spillway, "plugins", "list", "--plugin-dir", plugins}),
                HasSubstr(name + ' '));
    EXPECT_THAT(run(folder, {spillway, "plugins", "describe", name, "--plugin-dir", plugins}),
                HasSubstr(name));
    run(folder, {spillway, "validate", "pipeline.yaml", "--plugin-dir", plugins});
    EXPECT_THAT(run(folder, {spillway, "run", "pipeline.yaml", "--plugin-dir", plugins}),
                HasSubstr("The books balance"));
    std::size_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder / (name + "_demo"))) {
        if (file.is_regular_file()) bytes += file.file_size();
    }
    EXPECT_GT(bytes, 100U) << "the pipeline wrote nothing";

    EXPECT_THAT(run(folder, {spillway, "plugins", "check", plugins + '/' + name + ".so"}),
                HasSubstr(" 0 fail"));

    if (GetParam() == "transform") {  // its pipeline holds a test
        EXPECT_THAT(run(folder, {spillway, "test", "pipeline.yaml", "--plugin-dir", plugins}),
                    HasSubstr("1 passed, 0 failed"));
    }

    // Into the prefix it goes as the shipped ones do, and is found without being told.
    run(folder, {SPILLWAY_CMAKE, "--install", "build", "--prefix", prefix().string()});
    run(folder, {spillway, "validate", "pipeline.yaml"});
    EXPECT_THAT(
        shell(work.path(), {spillway, "plugins", "new", GetParam(), name, "--dir", "x"}).output,
        HasSubstr("choose another name"));
}

INSTANTIATE_TEST_SUITE_P(Categories, InstalledPrefix, ::testing::ValuesIn(categories),
                         [](const auto& category) { return category.param; });

/// Configures a project that asks for the package in its own way, and must be refused.
std::string refusal(const std::string& find_package, std::vector<std::string> definitions = {}) {
    const TemporaryFolder work;
    work.write(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES CXX)\n" + find_package + "\n");
    definitions.push_back("CMAKE_PREFIX_PATH=" + prefix().string());
    const ShellResult result = shell(work.path(), configure("build", definitions));
    EXPECT_NE(result.code, 0);
    // CMake breaks lines where it likes.
    std::string text;
    for (const char c : result.output) {
        const char shown = c == '\n' ? ' ' : c;
        if (shown != ' ' || text.empty() || text.back() != ' ') text += shown;
    }
    return text;
}

constexpr const char* other_sanitizer =
    spillway::detail::sanitizer_name() == "address" ? "thread" : "undefined,address";

TEST(Package, RefusesWhatTheLoaderWouldRefuse) {
    EXPECT_THAT(refusal("find_package(Spillway REQUIRED COMPONENTS abi_999)"),
                HasSubstr("abi_999 is asked for"));
    EXPECT_THAT(refusal("find_package(Spillway REQUIRED COMPONENTS abi)"),
                HasSubstr("there is no component 'abi'"));
    EXPECT_THAT(refusal("find_package(Spillway 99 REQUIRED)"), HasSubstr("99"));
    EXPECT_THAT(refusal("find_package(Spillway REQUIRED)",
                        {std::string("CMAKE_CXX_FLAGS=-fsanitize=") + other_sanitizer}),
                HasSubstr("the program loads only plugins of its own sanitizer"));
    EXPECT_THAT(refusal("find_package(Spillway REQUIRED)", {"CMAKE_CXX_FLAGS=-stdlib=libc++"}),
                HasSubstr("-stdlib=libc++"));
}

/// A tree with nothing in it but what a plugin folder needs; the engine is the one of this build.
void make_tree(const TemporaryFolder& folder) {
    const fs::path source = SPILLWAY_SOURCE_DIR;
    fs::create_directories(folder / "framework");
    fs::create_directories(folder / "plugins");
    fs::copy(source / "framework/cmake", folder / "framework/cmake");
    fs::copy(source / "plugins/CMakeLists.txt", folder / "plugins/CMakeLists.txt");
    folder.write("CMakeLists.txt", R"(cmake_minimum_required(VERSION 3.25)
project(spillway LANGUAGES CXX)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/framework/cmake)
set(SPILLWAY_TESTS ON)
include(SpillwayTargets)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
add_library(spillway SHARED IMPORTED GLOBAL)
set_target_properties(spillway PROPERTIES IMPORTED_LOCATION ${BUILT}/lib/libspillway.so)
add_library(spillway_sdk INTERFACE)
add_library(Spillway::sdk ALIAS spillway_sdk)
target_include_directories(spillway_sdk INTERFACE ${BUILT}/include)
target_compile_features(spillway_sdk INTERFACE cxx_std_20)
target_link_libraries(spillway_sdk INTERFACE spillway fmt::fmt)
enable_testing()
add_subdirectory(plugins)
get_property(test_targets GLOBAL PROPERTY SPILLWAY_TEST_TARGETS)
add_custom_target(tests ALL DEPENDS ${test_targets})
)");
}

TEST(Tree, TakesANewPluginWithoutAChangeElsewhere) {
    const TemporaryFolder tree;
    make_tree(tree);
    const std::string spillway = std::string(SPILLWAY_BINARY_DIR) + "/bin/spillway";
    for (const std::string& category : categories) {
        run(tree.path(), {spillway, "plugins", "new", category, "my_" + category});
    }
    EXPECT_TRUE(fs::exists(tree / "plugins/sources/my_venue/fixtures/messages.events.jsonl"));
    run(tree.path(), configure("build", {std::string("BUILT=") + SPILLWAY_BINARY_DIR,
                                         std::string("SPILLWAY_SANITIZE=") + SPILLWAY_SANITIZED}));
    run(tree.path(), {SPILLWAY_CMAKE, "--build", "build", "--parallel", "2"});
    EXPECT_THAT(run(tree.path(), {SPILLWAY_CTEST, "--test-dir", "build", "--output-on-failure"}),
                HasSubstr("100% tests passed, 0 tests failed out of 5"));
    for (const char* plugin : {"sources/my_source", "sources/my_venue", "transforms/my_transform",
                               "scorers/my_scorer", "sinks/my_sink"}) {
        EXPECT_THAT(
            run(tree.path(), {spillway, "run", "plugins/" + std::string(plugin) + "/pipeline.yaml",
                              "--plugin-dir", "build/lib/spillway/plugins"}),
            HasSubstr("The books balance"));
    }
}

}  // namespace
}  // namespace spillway::testing
