#include "test/diff.hpp"

#include <initializer_list>

#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

Events numbers(std::initializer_list<int> values) {
    Events events;
    for (const int value : values) {
        events.push_back(parse_event(R"({"k": )" + std::to_string(value) + "}"));
    }
    return events;
}

std::string diff(std::initializer_list<int> expected, std::initializer_list<int> actual) {
    const Events wanted = numbers(expected);
    const Events came = numbers(actual);
    return unified_diff(align(wanted, came, 0), wanted, came, 0, "x.yaml:3");
}

TEST(Diff, LikeStandsBesideLike) {
    EXPECT_EQ(diff({1, 2, 3}, {1, 3}),
              "--- expected at x.yaml:3\n+++ got\n@@ -1,3 +1,2 @@\n"
              "  {k: 1}\n- {k: 2}\n  {k: 3}\n");
    EXPECT_EQ(diff({1, 3}, {1, 2, 3}),
              "--- expected at x.yaml:3\n+++ got\n@@ -1,2 +1,3 @@\n"
              "  {k: 1}\n+ {k: 2}\n  {k: 3}\n");
}

TEST(Diff, WhatDiffersIsExplained) {
    EXPECT_EQ(diff({1}, {2}),
              "--- expected at x.yaml:3\n+++ got\n@@ -1,1 +1,1 @@\n"
              "- {k: 1}\n+ {k: 2}\n  # k is 2, not 1\n");
}

TEST(Diff, ShowsThreeEventsAroundEachDifference) {
    const std::string text = diff({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
                                  {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15});
    EXPECT_NE(text.find("@@ -1,4 +1,4 @@\n- {k: 1}\n+ {k: 0}\n"), std::string::npos) << text;
    EXPECT_NE(text.find("@@ -11,4 +11,4 @@\n  {k: 11}\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("{k: 7}"), std::string::npos) << text;
}

TEST(Diff, EqualListsHaveNone) {
    const Events events = numbers({1, 2});
    for (const DiffLine& line : align(events, events, 0)) EXPECT_TRUE(line.alike());
    EXPECT_TRUE(align({}, {}, 0).empty());
}

}  // namespace
}  // namespace spillway::cli
