#include "runtime/load/library.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/node.hpp>

#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

using namespace testing;
using ::testing::HasSubstr;

TEST(Library, CreatesPluginsThatOutliveIt) {
    std::unique_ptr<Plugin> first;
    std::unique_ptr<Plugin> second;
    {
        const auto library = Library::load(test_plugin("good"));
        ASSERT_TRUE(library) << library.error().reason;
        first = library->create().value();
        second = library->create().value();
    }
    EXPECT_NE(first, second);
    ASSERT_NE(first->node(), nullptr);
    EXPECT_EQ(first->source(), nullptr);
    const std::array<OptionValue, 1> values = {OptionValue{
        .type = OptionType::number, .number = 5, .text = {}, .texts = {}, .numbers = {}}};
    EXPECT_TRUE(first->configure(values).ok());
    EXPECT_TRUE(first->node()->start({}).ok());
}

TEST(Library, NamesAnUndefinedSymbolInReadableForm) {
    const auto library = Library::load(test_plugin("undefined"));
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().file, test_plugin("undefined"));
    EXPECT_EQ(library.error().reason,
              "undefined symbol: spillway::elsewhere::missing_function(int)");
    EXPECT_THAT(library.error().fix, HasSubstr("SOURCES"));
}

TEST(Library, NamesAMissingFactory) {
    const auto library = Library::load(test_plugin("without_factory"));
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().file, test_plugin("without_factory"));
    EXPECT_EQ(library.error().reason, "it does not export spillway_create()");
    EXPECT_THAT(library.error().fix, HasSubstr("SPILLWAY_PLUGIN(Type)"));
}

TEST(Library, SaysThatAPluginRefusedToBeConstructed) {
    const auto library = Library::load(test_plugin("refusing"));
    ASSERT_TRUE(library) << library.error().reason;
    const auto plugin = library->create();
    ASSERT_FALSE(plugin);
    EXPECT_EQ(plugin.error().file, test_plugin("refusing"));
    EXPECT_THAT(plugin.error().reason, HasSubstr("threw an exception"));
}

TEST(Library, NamesALibraryThatItNeedsAndDoesNotFind) {
    Bytes bytes = bytes_of(test_plugin("good"));
    replace(bytes, std::string_view("\0libstdc++.so.6", 15),
            std::string_view("\0libmissing.so6", 15));
    const TemporaryFolder folder;
    const auto file = folder.write("good.so", bytes);
    const auto library = Library::load(file);
    ASSERT_FALSE(library);
    EXPECT_THAT(library.error().reason,
                HasSubstr("a library that it needs is missing: libmissing.so6"));
    EXPECT_THAT(library.error().fix, HasSubstr("ldd '" + file.string()));
}

TEST(Library, ReportsAFileThatVanishedOrWasReplacedMeanwhile) {
    const TemporaryFolder folder;
    const auto gone = Library::load(folder.path() / "gone.so");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().reason, "the file is not there");
    const auto text = Library::load(folder.write("text.so", "no library at all, but long enough"));
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().reason, HasSubstr("it cannot be loaded: "));
}

}  // namespace
}  // namespace spillway::runtime
