#include "test/yaml_block.hpp"

#include <string>

#include <gtest/gtest.h>

#include "runtime/spec/yaml_document.hpp"

namespace spillway::cli {
namespace {

/// The text with the value of the key `out` replaced by `~`; empty if it cannot be found.
std::string without_value(const std::string& text) {
    const runtime::SourceText source("test.yaml", text);
    const auto root = runtime::parse_yaml(source);
    EXPECT_TRUE(root.has_value()) << text;
    const runtime::YamlEntry* outer = root->find("expect");
    const runtime::YamlEntry* entry =
        outer != nullptr ? outer->value.find("out") : root->find("out");
    EXPECT_NE(entry, nullptr) << text;
    const auto block = find_value(source, entry->key.where, entry->place());
    if (!block) return {};
    std::string result = text;
    return result.replace(block->span.begin, block->span.end - block->span.begin, "~");
}

TEST(YamlBlock, ListsInBlockStyleEndWithTheirLastItem) {
    EXPECT_EQ(without_value("out:   # why\n  - {a: 1}\n  - b:\n      2\n\n# next\nnext: 1\n"),
              "out:~\n\n# next\nnext: 1\n");
    EXPECT_EQ(without_value("expect:\n  out:\n  - {a: 1}\n  other: 1\n"),
              "expect:\n  out:~\n  other: 1\n");
}

TEST(YamlBlock, TextsInBlockStyleEndWithTheirLastLine) {
    EXPECT_EQ(without_value("out: |\n  {\"a\": 1}\n  {\"a\": 2}\nnext: 1\n"), "out:~\nnext: 1\n");
}

TEST(YamlBlock, FlowStyleEndsWithItsBracket) {
    EXPECT_EQ(without_value("out: [{a: ']'}, {b: \"}\"}]   # all\nnext: 1\n"),
              "out:~   # all\nnext: 1\n");
    EXPECT_EQ(without_value("out: [1,  # one ]\n  2]\nnext: 1\n"), "out:~\nnext: 1\n");
    EXPECT_EQ(without_value("expect: {out: 12, b: 3}\n"), "expect: {out:~, b: 3}\n");
    EXPECT_EQ(without_value("expect: {a: [1], out: [x: 1], b: 3}\n"),
              "expect: {a: [1], out:~, b: 3}\n");
}

TEST(YamlBlock, PlainTextsEndBeforeTheirComment) {
    EXPECT_EQ(without_value("out: nothing   # yet\n"), "out:~   # yet\n");
    EXPECT_EQ(without_value("out:\nnext: 1\n"), "out:~\nnext: 1\n");
}

TEST(YamlBlock, WhatStandsElsewhereIsNotTouched) {
    EXPECT_EQ(without_value("a: &x [1]\nout: *x\n"), "");
}

TEST(YamlBlock, ColumnsAreCharacters) {
    EXPECT_EQ(without_value("expect: {\"ä\": 1, out: [1], b: 3}\n"),
              "expect: {\"ä\": 1, out:~, b: 3}\n");
}

}  // namespace
}  // namespace spillway::cli
