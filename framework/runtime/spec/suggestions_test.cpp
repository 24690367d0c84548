#include "runtime/spec/suggestions.hpp"

#include <array>

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

constexpr std::array<std::string_view, 4> known = {"profile", "every", "min_change", "id"};

TEST(Suggestions, DistanceCountsEditsAndSwaps) {
    EXPECT_EQ(edit_distance("profile", "profile"), 0U);
    EXPECT_EQ(edit_distance("profil", "profile"), 1U);
    EXPECT_EQ(edit_distance("porfile", "profile"), 1U);
    EXPECT_EQ(edit_distance("PROFILE", "profile"), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Suggestions, NearestIsNeverFarFetched) {
    EXPECT_EQ(nearest("profle", known), "profile");
    EXPECT_EQ(nearest("minchange", known), "min_change");
    EXPECT_EQ(nearest("colour", known), "");
    EXPECT_EQ(nearest("xy", known), "");
}

TEST(Suggestions, WithoutANearWordAllAreNamed) {
    EXPECT_EQ(suggest("evry", known), "did you mean 'every'?");
    EXPECT_EQ(suggest("colour", known), "known: profile, every, min_change, id");
    EXPECT_EQ(suggest("colour", {}), "");
}

}  // namespace
}  // namespace spillway::runtime
