#include "runtime/spec/test_values.hpp"

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

std::string json(const std::string& yaml) {
    const auto root = parse_yaml(SourceText("test.yaml", yaml));
    EXPECT_TRUE(root.has_value()) << yaml;
    return to_json(*root);
}

TEST(TestValues, PlainScalarsAreWhatTheyLookLike) {
    EXPECT_EQ(json("{a: 1, b: -0.5, c: 1e-5, d: true, e: null, f: text}"),
              R"({"a":1,"b":-0.5,"c":1e-5,"d":true,"e":null,"f":"text"})");
    EXPECT_EQ(json("[100_000, 1_0.5, 007, 1_, _1, +5s, 1.2.3, 0x10, '.5']"),
              R"([100000,10.5,"007","1_","_1","+5s","1.2.3","0x10",".5"])");
}

TEST(TestValues, WhatIsQuotedIsText) {
    EXPECT_EQ(json(R"(["1", 'true', "a\"b"])"), R"(["1","true","a\"b"])");
}

TEST(TestValues, NumbersKeepTheirDigits) {
    EXPECT_EQ(json("[0.1000, 12345678901234567890]"), "[0.1000,12345678901234567890]");
}

TEST(TestValues, ReadsTimesAsTheyAreWritten) {
    constexpr Time evening = 1'770'323'100 * second;
    EXPECT_EQ(parse_iso_time("2026-02-05T20:25:00Z"), evening);
    EXPECT_EQ(parse_iso_time("2026-02-05T20:25:00"), evening);
    EXPECT_EQ(parse_iso_time("2026-02-05T20:25:00.250Z"), evening + 250 * millisecond);
    EXPECT_EQ(parse_iso_time("2026-02-05T20:25:00.000000001Z"), evening + 1);
    EXPECT_EQ(parse_iso_time(format_time(evening + 1)), evening + 1);
    EXPECT_EQ(parse_iso_time("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(parse_iso_time("2024-02-29T00:00:00Z"), 1'709'164'800 * second);
}

TEST(TestValues, RefusesWhatIsNoTime) {
    for (const auto* text :
         {"", "2026-02-05", "2026-02-30T00:00:00Z", "2026-2-05T00:00:00Z", "2026-02-05T24:00:00Z",
          "2026-02-05T20:60:00Z", "2026-02-05T20:25:00.Z", "2026-02-05T20:25:00.0000000001Z",
          "2026-02-05T20:25:00+01:00", "0000-00-00T00:00:00Z", "yesterday"}) {
        EXPECT_EQ(parse_iso_time(text), std::nullopt) << text;
    }
}

TEST(TestValues, OffsetsCountFromTheStart) {
    EXPECT_EQ(parse_moment("+1m30s", 5 * second), 95 * second);
    EXPECT_EQ(parse_moment("1970-01-01T00:00:07Z", 5 * second), 7 * second);
    EXPECT_EQ(parse_moment("5s", 0), std::nullopt);
    EXPECT_EQ(parse_moment("+soon", 0), std::nullopt);
}

}  // namespace
}  // namespace spillway::runtime
