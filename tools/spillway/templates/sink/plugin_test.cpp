#include "plugin.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include <spillway/testing/golden.hpp>
#include <spillway/testing/sink_driver.hpp>

namespace spillway::my_plugin {
namespace {

using spillway::testing::read_lines;
using spillway::testing::Script;
using Driver = spillway::testing::SinkDriver<MyPlugin>;

constexpr Time noon = 1'770'292'800 * second;  // 2026-02-05 12:00

Event& liquidation(Script& script, double notional) {
    Event& event = script.at(noon, Kind::liquidation);
    event.venue = venue_id("binance");
    event.instrument = instrument_id("BTC/USDT:USDT");
    event.liquidation.side = Side::long_position;
    event.liquidation.notional = notional;
    event.set_present(field::liquidation::side);
    event.set_present(field::liquidation::notional);
    return event;
}

/// An empty folder for each test.
class Lines : public ::testing::Test {
protected:
    Lines() { std::filesystem::remove_all(folder); }
    ~Lines() override { std::filesystem::remove_all(folder); }

    const std::filesystem::path folder =
        std::filesystem::path(::testing::TempDir()) /
        ("my_plugin_" +
         std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(Lines, HaveAColumnForEveryField) {
    Script script;
    liquidation(script, 1234.5);
    liquidation(script, 1).set_absent(field::liquidation::side);
    Driver driver(folder, {{"path", "rows/liquidations.tsv"}});
    ASSERT_TRUE(driver.opened().ok()) << driver.opened().message();
    ASSERT_TRUE(driver.write(script).ok());
    ASSERT_TRUE(driver.sink.flush(1).ok());
    const std::vector<std::string> lines = read_lines(folder / "rows/liquidations.tsv");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0],
              "00000000000000010000000000000001\t2026-02-05T12:00:00.000Z\tbinance\t"
              "BTC/USDT:USDT\tlong\t1234.5");
    EXPECT_TRUE(lines[1].ends_with("BTC/USDT:USDT\t\t1")) << lines[1];
    EXPECT_TRUE(driver.sink.close().ok());
}

TEST_F(Lines, AreNotBrokenByForeignNames) {
    Script script;
    liquidation(script, 1).instrument = instrument_id("A\tB\nC");
    Driver driver(folder, {{"path", "rows.tsv"}});
    ASSERT_TRUE(driver.write(script).ok());
    ASSERT_TRUE(driver.sink.close().ok());
    EXPECT_NE(read_lines(folder / "rows.tsv").at(0).find("A?B?C"), std::string::npos);
}

TEST_F(Lines, OfSmallLiquidationsAreLeftOut) {
    Script script;
    liquidation(script, 999);
    liquidation(script, 1000);
    Driver driver(folder, {{"path", "rows.tsv"}, {"least", "1000"}});
    ASSERT_TRUE(driver.write(script).ok());
    ASSERT_TRUE(driver.sink.close().ok());
    EXPECT_EQ(read_lines(folder / "rows.tsv").size(), 1U);
}

TEST_F(Lines, BehindTheLastCheckpointAreCutOffWhenARunGoesOn) {
    Script script;
    liquidation(script, 1);
    StateWriter position;
    {
        Driver driver(folder, {{"path", "rows.tsv"}});
        ASSERT_TRUE(driver.write(script).ok());
        ASSERT_TRUE(driver.sink.flush(1).ok());
        driver.sink.position(position);
        ASSERT_TRUE(driver.write(script).ok());
        ASSERT_TRUE(driver.sink.close().ok());
    }
    EXPECT_EQ(read_lines(folder / "rows.tsv").size(), 2U);
    {
        Driver resumed(folder, {{"path", "rows.tsv"}}, position.bytes());
        ASSERT_TRUE(resumed.opened().ok()) << resumed.opened().message();
        EXPECT_EQ(read_lines(folder / "rows.tsv").size(), 1U);
    }
    std::filesystem::resize_file(folder / "rows.tsv", 3);
    const Driver shortened(folder, {{"path", "rows.tsv"}}, position.bytes());
    EXPECT_NE(shortened.opened().message().find("--fresh"), std::string::npos);
    const Driver over(folder, {{"path", "rows.tsv"}});
    EXPECT_TRUE(read_lines(folder / "rows.tsv").empty());
}

TEST_F(Lines, ThatCannotBeWrittenAreAnErrorThatNamesTheFile) {
    Driver nowhere(folder, {{"path", "/dev/null/rows.tsv"}});
    EXPECT_NE(nowhere.opened().message().find("/dev/null/rows.tsv"), std::string::npos);
    Driver nameless(folder, {{"path", ""}});
    EXPECT_EQ(nameless.opened().subject(), "path");
    Script script;
    liquidation(script, 1);
    Driver full(folder, {{"path", "/dev/full"}});
    ASSERT_TRUE(full.write(script).ok());
    EXPECT_NE(full.sink.flush(1).message().find("No space left"), std::string::npos);
}

}  // namespace
}  // namespace spillway::my_plugin
