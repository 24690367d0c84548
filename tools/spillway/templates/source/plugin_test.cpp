#include "plugin.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include <spillway/testing/golden.hpp>
#include <spillway/testing/source_driver.hpp>

namespace spillway::my_plugin {
namespace {

using Driver = spillway::testing::SourceDriver<MyPlugin>;

std::string fixture(const std::string& name) {
    return (std::filesystem::path(SPILLWAY_TEST_DIR) / "fixtures" / name).string();
}

TEST(File, BecomesTheseEvents) {
    const std::string path = fixture("prices.csv");
    Driver source{{"path", path}, {"venue", "binance"}};
    ASSERT_TRUE(source.read_all().ok());
    spillway::testing::expect_golden(fixture("prices.events.jsonl"), source.lines);
    ASSERT_EQ(source.refusals.size(), 1U);
    EXPECT_EQ(source.refusals[0], path + ":6: price: 'n/a' is not a number above 0");
}

// What every source must hold: it cannot be seen how it was read, nor that it was restarted.
TEST(File, GivesTheSameHoweverItIsRead) {
    const std::string path = fixture("prices.csv");
    Driver whole{{"path", path}, {"venue", "binance"}};
    ASSERT_TRUE(whole.read_all().ok());
    for (const bool restart : {false, true}) {
        Driver pieces{{"path", path}, {"venue", "binance"}};
        ASSERT_TRUE(pieces.read_all(1, restart).ok());
        EXPECT_EQ(pieces.lines, whole.lines);
        EXPECT_EQ(pieces.refusals, whole.refusals);
    }
}

TEST(File, ThatIsMissingIsNamed) {
    const Driver source{{"path", "/nowhere/prices.csv"}, {"venue", "binance"}};
    EXPECT_EQ(source.started().message(),
              "cannot read /nowhere/prices.csv: No such file or directory");
}

TEST(Rows, AreRefusedWithAReason) {
    const auto reason = [](std::string_view line) {
        const Result<Row> row = read_row(line);
        return row ? std::string("none") : std::string(row.error().message());
    };
    EXPECT_EQ(reason("1770292800000,BTCUSDT,70000.5\r"), "none");
    EXPECT_EQ(reason("1770292800000,BTCUSDT"), "expected time,symbol,price");
    EXPECT_EQ(reason("1770292800000,,1"), "symbol: is empty");
    EXPECT_EQ(reason("1770292800000,BTCUSDT,-1"), "price: '-1' is not a number above 0");
    EXPECT_EQ(reason("1770292800000,BTCUSDT,nan"), "price: 'nan' is not a number above 0");
    EXPECT_NE(reason("1770292800,BTCUSDT,1").find("expected milliseconds"), std::string::npos);
}

}  // namespace
}  // namespace spillway::my_plugin
