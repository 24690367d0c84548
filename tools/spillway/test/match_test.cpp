#include "test/match.hpp"

#include <gtest/gtest.h>

#include "test/event_text.hpp"

namespace spillway::cli {
namespace {

constexpr Time start = 1'770'323'100 * second;  // 2026-02-05T20:25:00Z

std::string why(std::string_view expected, std::string_view actual) {
    return difference(parse_event(expected), parse_event(actual), start);
}

TEST(Match, NeedsOnlyWhatIsExpected) {
    EXPECT_EQ(why(R"({"a": 1})", R"({"a": 1, "b": 2})"), "");
    EXPECT_EQ(why(R"({"a": {"b": 1}})", R"({"a": {"b": 1, "c": 2}})"), "");
    EXPECT_EQ(why(R"({"a": 1})", R"({"a": 2})"), "a is 2, not 1");
    EXPECT_EQ(why(R"({"a": {"b": "x"}})", R"({"a": {"b": "y"}})"), R"(a.b is "y", not "x")");
}

TEST(Match, SuggestsTheFieldThatWasMeant) {
    EXPECT_EQ(why(R"({"notionl": 1})", R"({"notional": 1})"),
              "notionl is not there; did you mean 'notional'?");
    EXPECT_EQ(why(R"({"colour": 1})", R"({"notional": 1})"), "colour is not there");
}

TEST(Match, ListsAreEquallyLong) {
    EXPECT_EQ(why(R"({"a": [{"b": 1}]})", R"({"a": [{"b": 1, "c": 2}]})"), "");
    EXPECT_EQ(why(R"({"a": [1]})", R"({"a": [1, 2]})"), "a has 2 items, not 1");
    EXPECT_EQ(why(R"({"a": [1, 3]})", R"({"a": [1, 2]})"), "a[1] is 2, not 3");
}

TEST(Match, NullMeansAbsent) {
    EXPECT_EQ(why(R"({"a": null})", R"({"b": 1})"), "");
    EXPECT_EQ(why(R"({"a": null})", R"({"a": 1})"), "a is 1, not null");
}

TEST(Match, NumbersMayDifferByRounding) {
    EXPECT_EQ(why(R"({"a": 0.3})", R"({"a": 0.30000000000000004})"), "");
    EXPECT_NE(why(R"({"a": 0.3})", R"({"a": 0.300001})"), "");
}

TEST(Match, NumbersAreComparedByOperators) {
    EXPECT_EQ(why(R"({"a": ">= 60"})", R"({"a": 60})"), "");
    EXPECT_EQ(why(R"({"a": "<60.5"})", R"({"a": 60})"), "");
    EXPECT_EQ(why(R"({"a": "> 60"})", R"({"a": 60})"), R"(a is 60, not "> 60")");
    EXPECT_NE(why(R"({"a": "> many"})", R"({"a": 60})"), "");
}

TEST(Match, TimesAreEqualHoweverTheyAreWritten) {
    EXPECT_EQ(why(R"({"time": "+5s"})", R"({"time": "2026-02-05T20:25:05.000Z"})"), "");
    EXPECT_EQ(why(R"({"time": "2026-02-05T20:25:05Z"})", R"({"time": "2026-02-05T20:25:05.000Z"})"),
              "");
    EXPECT_EQ(why(R"({"time": "+1ns"})", R"({"time": "2026-02-05T20:25:00.000000001Z"})"), "");
    EXPECT_NE(why(R"({"time": "+6s"})", R"({"time": "2026-02-05T20:25:05.000Z"})"), "");
}

}  // namespace
}  // namespace spillway::cli
