#include "runtime/spec/yaml_document.hpp"

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

tl::expected<YamlNode, YamlError> parse(std::string text) {
    return parse_yaml(SourceText("test.yaml", std::move(text)));
}

TEST(YamlDocument, KeepsEveryKeyWithItsPlace) {
    const auto root = parse("a: 1\nb:\n  c: x\na: 2\n");
    ASSERT_TRUE(root.has_value());
    ASSERT_EQ(root->entries.size(), 3U);
    EXPECT_EQ(root->entries[2].key.text, "a");
    EXPECT_EQ(root->entries[2].key.where.line, 4);
    EXPECT_EQ(root->find("a")->value.text, "1");
    EXPECT_EQ(root->find("b")->value.find("c")->value.where.line, 3);
    EXPECT_EQ(root->find("b")->value.find("c")->value.where.column, 6);
    EXPECT_EQ(root->find("z"), nullptr);
}

TEST(YamlDocument, AnAliasStandsWhereItIsUsed) {
    const auto root = parse("a: &x {k: 1}\nb: *x\n");
    const YamlNode& copy = root->find("b")->value;
    EXPECT_EQ(copy.where.line, 2);
    EXPECT_EQ(copy.find("k")->value.where.line, 1);
}

TEST(YamlDocument, AliasesCannotMakeASmallFileHuge) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int j = 0; j < 9; ++j) text += ", " + last;
        text += "]\n";
    }
    const auto root = parse(text);
    ASSERT_FALSE(root.has_value());
    EXPECT_EQ(root.error().message, "aliases expand to more than 100000 values");
}

TEST(YamlDocument, DeepNestingIsAnErrorAndNoCrash) {
    EXPECT_FALSE(parse(std::string(100'000, '[')).has_value());
}

TEST(YamlDocument, QuotesThatEndTheFileAreAnError) {
    EXPECT_FALSE(parse("a: 'x").has_value());
    EXPECT_FALSE(parse("a: \"x\\\"").has_value());
    EXPECT_EQ(parse("a: 'it''s'")->find("a")->value.text, "it's");
    EXPECT_EQ(parse("a: \"x\\\"\"")->find("a")->value.text, "x\"");
    EXPECT_EQ(parse("a: |\n  'x\n")->find("a")->value.text, "'x\n");
}

TEST(YamlDocument, BytesThatAreNoTextAreAnError) {
    EXPECT_EQ(parse("a: \xC0\x80").error().where.column, 4);
    EXPECT_EQ(parse(std::string("a: b\nc: \0", 9)).error().where.line, 2);
    EXPECT_FALSE(parse("a: \xF5").has_value());
    EXPECT_TRUE(parse("a: \xE2\x82\xAC").has_value());
}

TEST(YamlDocument, AnEmptyTextIsNothing) {
    EXPECT_TRUE(parse("")->is_null());
    EXPECT_TRUE(parse("# only a comment\n")->is_null());
}

}  // namespace
}  // namespace spillway::runtime
