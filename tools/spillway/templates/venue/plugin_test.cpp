#include "plugin.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

namespace spillway::my_plugin {
namespace {

using namespace spillway::testing;
using Driver = FrameDriver<MyPlugin>;

std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(SPILLWAY_TEST_DIR) / "fixtures" / name;
}

// Recorded messages and the events that a person has checked against the venue's documentation.
TEST(Recorded, MessagesBecomeTheseEvents) {
    Driver driver("recorded");  // the venue that the events name, and a part of their ids
    const std::vector<std::string> messages = read_lines(fixture("messages.jsonl"));
    expect_golden(fixture("messages.events.jsonl"), driver.golden(messages));
    EXPECT_EQ(driver.books.dead_lettered, 0U);
}

TEST(Recorded, MessagesThatComeAgainAfterAReconnectGetTheSameIds) {
    Driver driver;
    driver.step(read_lines(fixture("messages.jsonl")));
    const std::vector<Event> first = driver.events;
    std::vector<TestFrame> again = {change(FrameType::closed), change(FrameType::opened)};
    for (const std::string& line : read_lines(fixture("messages.jsonl"))) {
        again.push_back({.bytes = line, .session = 2, .receive_time = 1'791'565'700 * second});
    }
    driver.step(again);
    ASSERT_EQ(driver.events.size(), 2 * first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_TRUE(first[i].id) << i;
        EXPECT_EQ(driver.events[first.size() + i].id, first[i].id) << i;
    }
}

/// One order in its message.
std::string order(const std::string& side, const std::string& price = R"("70000.5")",
                  const std::string& time = "1770292801250") {
    return R"({"channel":"liquidations","data":[{"id":"7","symbol":"BTC-USDT","side":")" + side +
           R"(","price":)" + price + R"(,"size":"0.5","time":)" + time + "}]}";
}

TEST(Liquidations, NameTheSideOfThePosition) {
    Driver driver;
    driver.step({{order("sell")}, {order("buy")}});
    ASSERT_EQ(driver.events.size(), 2U);
    EXPECT_EQ(driver.events[0].liquidation.side, Side::long_position);
    EXPECT_EQ(driver.events[1].liquidation.side, Side::short_position);
    EXPECT_EQ(driver.events[0].liquidation.notional, 35000.25);
    EXPECT_EQ(driver.events[0].event_time, 1770292801250 * millisecond);
    EXPECT_EQ(driver.batch->raw((*driver.batch)[1]), order("buy"));
}

TEST(Messages, ThatCannotBeReadAreRefusedWithAReason) {
    const auto reason = [](const std::string& message) {
        Driver driver;
        driver.step({{message}});
        EXPECT_TRUE(driver.events.empty()) << message;
        return driver.refusals.empty() ? std::string("none") : driver.refusals[0];
    };
    EXPECT_NE(reason(R"({"channel":)").find("JSON"), std::string::npos);
    EXPECT_NE(reason("").find("not JSON"), std::string::npos);
    EXPECT_EQ(reason("[]"), "not a JSON object");
    EXPECT_EQ(reason("{}"), "neither 'channel' nor 'event'");
    EXPECT_EQ(reason(R"({"channel":"trades"})"), "channel: 'trades' is not decoded");
    EXPECT_EQ(reason(order("hold")), "side: 'hold'; expected buy or sell");
    EXPECT_EQ(reason(order("sell", R"("-1")")), "price: no number above 0 in quotes");
    EXPECT_EQ(reason(order("sell", "1")), "price: no number above 0 in quotes");
    EXPECT_EQ(reason(order("sell", R"("1")", "1770292801")),
              "time: no milliseconds of the years 2009 to 2100");
    EXPECT_EQ(reason(R"({"event":"subscribed","channel_count":2})"), "none");
}

TEST(Messages, AreTakenBackAsAWhole) {
    std::string two = order("sell");
    two.insert(two.size() - 2, R"(,{"id":"8","symbol":"","side":"sell"})");
    Driver driver;
    driver.step({{two}});
    EXPECT_TRUE(driver.events.empty());
    EXPECT_EQ(driver.books.dead_lettered, 1U);
}

}  // namespace
}  // namespace spillway::my_plugin
