#include <charconv>
#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>

namespace spillway {
namespace {

std::string json(double value) {
    PodVector<char> out;
    append_json_number(out, value);
    return std::string(view(out));
}

TEST(JsonNumbers, AreTheShortestThatReadBack) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 200'000; ++i) {
        const double whole = std::round(
            std::ldexp(static_cast<double>(random() >> 11U), -static_cast<int>(random() % 53)));
        const double value = (random() & 1U) != 0 ? whole : whole / 100;
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
        EXPECT_EQ(json(value), std::string(digits, end));
        EXPECT_EQ(json(-value), value == 0 ? "-0" : "-" + std::string(digits, end));
    }
    EXPECT_EQ(json(NAN), "null");
    EXPECT_EQ(json(-INFINITY), "null");
    EXPECT_EQ(json(1e6), "1e+06");
    EXPECT_EQ(json(1'230'000), "1230000");
}

TEST(JsonStrings, AreEscapedAndValidUtf8) {
    PodVector<char> out;
    append_json_string(out, "a\"b\\\n\xC3\xA4\xFFz");
    EXPECT_EQ(view(out), "\"a\\\"b\\\\\\u000a\xC3\xA4\xEF\xBF\xBDz\"");
}

TEST(Times, ShowDigitsBelowAMillisecondOnlyWhenPresent) {
    EXPECT_EQ(format_time(1'770'322'999 * second + 7 * millisecond), "2026-02-05T20:23:19.007Z");
    EXPECT_EQ(format_time(1'770'322'999 * second + 1), "2026-02-05T20:23:19.000000001Z");
    EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(format_time(951'782'400 * second), "2000-02-29T00:00:00.000Z");
}

}  // namespace
}  // namespace spillway
