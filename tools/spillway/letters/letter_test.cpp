#include "letters/letter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

using ::testing::HasSubstr;

Letter letter(std::uint64_t id, const std::string& node, Time time) {
    Letter one;
    one.id = {id << 56U, 0};
    one.node = node;
    one.time = time;
    return one;
}

std::vector<std::string> nodes(const Result<Letters>& letters) {
    std::vector<std::string> names;
    if (!letters) return {std::string(letters.error().message())};
    for (const Letter& one : *letters) names.push_back(one.node);
    return names;
}

using Names = std::vector<std::string>;

TEST(SelectedLetters, AreThoseThatPassEveryCondition) {
    Letters all = {letter(0xA1, "a", 1), letter(0xA2, "b", 2), letter(0xB1, "b", 3)};
    all[2].replayed = 9;
    EXPECT_EQ(nodes(select(all, {})), (Names{"a", "b", "b"}));
    EXPECT_EQ(nodes(select(all, {.node = "b"})), (Names{"b", "b"}));
    EXPECT_EQ(nodes(select(all, {.node = "b", .open_only = true})), (Names{"b"}));
    EXPECT_EQ(nodes(select(all, {.since = 3})), (Names{"b"}));
    EXPECT_EQ(nodes(select(all, {.ids = {"b1", "a1"}})), (Names{"a", "b"}));
}

TEST(SelectedLetters, AreNamedUnambiguously) {
    const Letters all = {letter(0xA1, "a", 1), letter(0xA2, "b", 2)};
    EXPECT_THAT(nodes(select(all, {.ids = {"a"}}))[0], HasSubstr("2 dead letters begin with 'a'"));
    EXPECT_THAT(nodes(select(all, {.ids = {"c"}}))[0], HasSubstr("there is no dead letter 'c'"));
    EXPECT_THAT(nodes(select(all, {.ids = {""}}))[0], HasSubstr("there is no dead letter ''"));
}

TEST(TimesOfFilters, AreDatesWithOrWithoutATime) {
    EXPECT_EQ(parse_since("1970-01-02"), day);
    EXPECT_EQ(parse_since("2026-02-05T20:25"), 1'770'323'100 * second);
    EXPECT_EQ(parse_since("2026-02-05 20:25:07Z"), 1'770'323'107 * second);
    for (const char* bad : {"", "2026", "2026-02-30", "2026-02-05T25:00", "9999-01-01",
                            "2026-02-05T20:25:07.5", "yesterday!"}) {
        EXPECT_EQ(parse_since(bad), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace spillway::cli
