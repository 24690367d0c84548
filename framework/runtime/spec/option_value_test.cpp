#include "runtime/spec/option_value.hpp"

#include <gtest/gtest.h>

#include <spillway/time.hpp>

#include "runtime/spec/testing/catalogue.hpp"

namespace spillway::runtime {
namespace {

using testing::option;

struct Read {
    OptionSetting setting;
    ValueResult result;
};

Read read(const OptionDescription& description, std::string_view text) {
    Read read;
    read.setting.description = &description;
    read.result = read_value(read.setting, text);
    return read;
}

TEST(OptionValue, NumbersMayBeGrouped) {
    const auto whole = option("n", OptionType::integer);
    EXPECT_EQ(read(whole, "1_000_000").setting.integer, 1'000'000);
    EXPECT_EQ(read(whole, "-5").setting.integer, -5);
    const auto number = option("n", OptionType::number);
    EXPECT_DOUBLE_EQ(read(number, "100_000.5").setting.number, 100'000.5);
    EXPECT_DOUBLE_EQ(read(number, "1e6").setting.number, 1e6);
    for (const auto* text : {"1__0", "_1", "1_", "1.5", "0x10", "", "1 ", "99999999999999999999"}) {
        EXPECT_FALSE(read(whole, text).result.has_value()) << text;
    }
    for (const auto* text : {"nan", "inf", "1e999", "five", "1,5"}) {
        EXPECT_FALSE(read(number, text).result.has_value()) << text;
    }
}

TEST(OptionValue, DurationsNeedAUnit) {
    const auto duration = option("d", OptionType::duration);
    EXPECT_EQ(read(duration, "1h30m").setting.integer, 90 * minute);
    EXPECT_EQ(read(duration, "250ms").setting.integer, 250 * millisecond);
    EXPECT_EQ(read(duration, "0").setting.integer, 0);
    EXPECT_FALSE(read(duration, "5 parsecs").result.has_value());
    EXPECT_EQ(read(duration, "5").result.error().suggestion, "add the unit: 5s or 5ms?");
    EXPECT_TRUE(read(duration, "36500d").result.has_value());
    EXPECT_FALSE(read(duration, "36501d").result.has_value());
}

TEST(OptionValue, SizesHaveBinaryAndDecimalUnits) {
    const auto size = option("s", OptionType::size);
    EXPECT_EQ(read(size, "64MiB").setting.integer, 64LL << 20);
    EXPECT_EQ(read(size, "1.5KiB").setting.integer, 1536);
    EXPECT_EQ(read(size, "10 MB").setting.integer, 10'000'000);
    EXPECT_EQ(read(size, "4096").setting.integer, 4096);
    EXPECT_EQ(read(size, "64mib").result.error().suggestion, "did you mean '64MiB'?");
    EXPECT_FALSE(read(size, "-1MiB").result.has_value());
    EXPECT_EQ(format_size(64LL << 20), "64MiB");
    EXPECT_EQ(format_size(1000), "1000B");
}

TEST(OptionValue, ChoicesArriveAsIndex) {
    const auto choice = testing::choice("c", {"scaled", "classic"}, "scaled");
    EXPECT_EQ(read(choice, "classic").setting.integer, 1);
    const ValueError error = read(choice, "clasic").result.error();
    EXPECT_EQ(error.message, "expected one of scaled, classic, got 'clasic'");
    EXPECT_EQ(error.suggestion, "did you mean 'classic'?");
}

TEST(OptionValue, OnlyTrueAndFalseAreFlags) {
    const auto flag = option("f", OptionType::boolean);
    EXPECT_EQ(read(flag, "true").setting.integer, 1);
    EXPECT_EQ(read(flag, "false").setting.integer, 0);
    EXPECT_EQ(read(flag, "off").result.error().suggestion, "write false");
}

TEST(OptionValue, BoundsAreInclusiveAndSpokenInTheUsersUnits) {
    const auto span = testing::ranged(option("d", OptionType::duration), second, hour);
    EXPECT_TRUE(read(span, "1s").result.has_value());
    EXPECT_TRUE(read(span, "1h").result.has_value());
    EXPECT_EQ(read(span, "999ms").result.error().message, "must be at least 1s, got '999ms'");
    EXPECT_EQ(read(span, "2h").result.error().message, "must be at most 1h, got '2h'");
}

TEST(OptionValue, MapsOfNumbersComeFromOneText) {
    const auto numbers = option("m", OptionType::numbers);
    const std::vector<std::pair<std::string, double>> expected = {{"BTC", 1}, {"ETH", 0.5}};
    EXPECT_EQ(read(numbers, "BTC=1, ETH: 0.5").setting.numbers, expected);
    EXPECT_TRUE(read(numbers, "").setting.numbers.empty());
    EXPECT_FALSE(read(numbers, "BTC").result.has_value());
}

TEST(OptionValue, ListsSplitOutsideOfBracketsAndQuotes) {
    using List = std::vector<std::string>;
    EXPECT_EQ(split_list("BTC, ETH,SOL"), (List{"BTC", "ETH", "SOL"}));
    EXPECT_EQ(split_list("a in (1, 2), b = \"x,y\""), (List{"a in (1, 2)", "b = \"x,y\""}));
    EXPECT_EQ(split_list("  "), List{});
}

TEST(OptionValue, ASecretIsNeitherShownNorQuoted) {
    OptionSetting setting;
    const auto description = option("n", OptionType::integer);
    setting.description = &description;
    setting.secret = true;
    const auto result = read_value(setting, "hunter2");
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().message.find("hunter2"), std::string::npos);
    EXPECT_EQ(shown(setting), "***");
}

TEST(OptionValue, FallbacksGoThroughTheSameCode) {
    EXPECT_EQ(fallback_setting(option("d", OptionType::duration, "5s"))->integer, 5 * second);
    EXPECT_FALSE(fallback_setting(option("d", OptionType::duration, "soon")).has_value());
}

TEST(OptionValue, QuotedTextIsShortAndPrintable) {
    EXPECT_EQ(in_quotes("a\nb"), "'a\\x0ab'");
    EXPECT_EQ(in_quotes(std::string(100, 'x')), "'" + std::string(60, 'x') + "..'");
    // 59 letters and then a character of two bytes, which the limit would cut in half.
    EXPECT_EQ(in_quotes(std::string(59, 'x') + "ßß"), "'" + std::string(59, 'x') + "..'");
}

}  // namespace
}  // namespace spillway::runtime
