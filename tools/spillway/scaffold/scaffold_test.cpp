#include "scaffold/scaffold.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scaffold/plugin_name.hpp"
#include "scaffold/template_text.hpp"

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A folder with an installation in `prefix`, the outline of a checkout in `tree`, and nothing in
/// `elsewhere`.
class Scaffolding : public ::testing::Test {
protected:
    Scaffolding() {
        std::string name = fs::temp_directory_path() / "spillway-scaffold-XXXXXX";
        top = ::mkdtemp(name.data());
        write("prefix/share/spillway/templates/transform/CMakeLists.txt",
              "project(my_plugin)\nfind_package(Spillway @version@ COMPONENTS abi_@abi@)\n"
              "#---\nspillway_plugin(my_plugin)\n");
        write("prefix/share/spillway/templates/transform/plugin.hpp",
              "namespace spillway::my_plugin { class MyPlugin; }\n");
        write("prefix/share/spillway/templates/transform/fixtures/x.csv", "1\n");
        write("tree/framework/cmake/SpillwayTargets.cmake", "");
        write("tree/plugins/CMakeLists.txt", "");
        fs::create_directories(top / "tree/docs");
        fs::create_directories(top / "elsewhere");
    }
    ~Scaffolding() override { fs::remove_all(top); }

    void write(const fs::path& file, std::string_view text) const {
        fs::create_directories((top / file).parent_path());
        std::ofstream(top / file) << text;
    }
    [[nodiscard]] std::string read(const fs::path& file) const {
        std::ifstream stream(top / file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    [[nodiscard]] Result<Scaffold> make(const std::string& name, const fs::path& working_dir,
                                        const fs::path& dir = {}) const {
        return make_plugin({Category::transform, name, dir, top / working_dir},
                           {top / "prefix/bin/spillway"});
    }

    fs::path top;
};

TEST_F(Scaffolding, OutsideOfACheckoutMakesAProject) {
    const auto made = make("big_trades", "elsewhere");
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(made->place.folder, top / "elsewhere/big_trades");
    EXPECT_FALSE(made->place.in_tree());
    EXPECT_THAT(made->files, ElementsAre("CMakeLists.txt", "fixtures/x.csv", "plugin.hpp"));
    EXPECT_THAT(read("elsewhere/big_trades/CMakeLists.txt"),
                HasSubstr("abi_" + std::to_string(abi_number) + ")\nspillway_plugin(big_trades)"));
    EXPECT_EQ(read("elsewhere/big_trades/plugin.hpp"),
              "namespace spillway::big_trades { class BigTradesTransform; }\n");
    ASSERT_EQ(made->commands.size(), 3U);
    EXPECT_EQ(made->commands[0],
              "cd big_trades && cmake -B build -DCMAKE_PREFIX_PATH=" + (top / "prefix").string());
}

TEST_F(Scaffolding, InACheckoutMakesAFolderOfIt) {
    const auto made = make("big_trades", "tree/docs");
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(made->place.folder, top / "tree/plugins/transforms/big_trades");
    EXPECT_TRUE(made->place.in_tree());
    EXPECT_EQ(read("tree/plugins/transforms/big_trades/CMakeLists.txt"),
              "spillway_plugin(big_trades)\n");
    EXPECT_THAT(made->commands[2], HasSubstr("../plugins/transforms/big_trades/pipeline.yaml"));
}

TEST_F(Scaffolding, GoesWhereDirSays) {
    EXPECT_EQ(make("a", "tree", "../elsewhere/")->place.folder, top / "elsewhere/a");
    EXPECT_TRUE(make("b", "elsewhere", "../tree/plugins/transforms")->place.in_tree());
    EXPECT_FALSE(make("c", "tree", "docs")->place.in_tree());
    EXPECT_EQ(place_of({Category::venue, "okex", {}, top / "tree"}).folder,
              top / "tree/plugins/sources/okex");
}

TEST_F(Scaffolding, ChangesNothingThatExists) {
    write("elsewhere/taken/mine.txt", "mine");
    EXPECT_THAT(std::string(make("taken", "elsewhere").error().message()), HasSubstr("exists"));
    EXPECT_EQ(std::distance(fs::directory_iterator(top / "elsewhere/taken"), {}), 1);
    fs::create_symlink("/nowhere", top / "elsewhere/dangling");
    EXPECT_FALSE(make("dangling", "elsewhere"));
    fs::create_directories(top / "tree/plugins/sinks/board");
    EXPECT_THAT(std::string(make("board", "tree").error().message()), HasSubstr("another name"));
}

TEST_F(Scaffolding, WithoutTemplatesSaysWhereTheyShouldBe) {
    const auto made =
        make_plugin({Category::sink, "x", {}, top / "elsewhere"}, {top / "prefix/bin/spillway"});
    ASSERT_FALSE(made);
    EXPECT_THAT(std::string(made.error().message()), HasSubstr("share/spillway/templates/sink"));
    EXPECT_FALSE(fs::exists(top / "elsewhere/x"));
}

TEST(Names, OfPlugins) {
    for (const char* good : {"a", "big_trades", "x2", "filter", "price", "map"}) {
        EXPECT_TRUE(check_plugin_name(good)) << good;
    }
    for (const char* bad : {"", "Big", "2x", "_x", "x_", "a__b", "a-b", "ä", "a/b", "..", "class",
                            "options", "std", "spillway"}) {
        EXPECT_FALSE(check_plugin_name(bad)) << bad;
    }
    EXPECT_FALSE(check_plugin_name(std::string(41, 'a')));
    EXPECT_EQ(class_name("big_trades", Category::sink), "BigTradesSink");
}

TEST(Templates, AreFilledInOnePass) {
    EXPECT_EQ(fill("@a@ b", {{"@a@", "b"}, {"b", "@a@"}}), "b @a@");
    EXPECT_EQ(build_file("x\n#---\ny\n", true), "y\n");
    EXPECT_EQ(build_file("x\n#---\ny\n", false), "x\ny\n");
}

}  // namespace
}  // namespace spillway::cli
