#include <string>

#include <gtest/gtest.h>

#include <spillway/feed_frames.hpp>
#include <spillway/state.hpp>
#include <spillway/testing/frame_driver.hpp>

#include "plugin.hpp"

namespace spillway::binance {
namespace {

using testing::change;
using testing::FrameDriver;
using testing::response;

const std::string mark =
    R"({"e":"markPriceUpdate","E":1790526539000,"s":"BTCUSDT","p":"84551.1","r":"","T":0})";

struct Session : FrameDriver<Binance> {
    Session() : FrameDriver("binance") {}
    /// States told so far, in order.
    [[nodiscard]] std::vector<FeedState> states() const {
        std::vector<FeedState> found;
        for (const Event& event : events) {
            if (event.kind() == Kind::source_status) found.push_back(event.source_status.state);
        }
        return found;
    }
};
using States = std::vector<FeedState>;

TEST(Health, ChangesAreTheStateOfTheFeed) {
    Session session;
    session.step({change(FrameType::opened),
                  change(FrameType::subscribed),
                  change(FrameType::closed, "1006: no close frame"),
                  change(FrameType::opened),
                  {mark},
                  change(FrameType::subscribed)});
    EXPECT_EQ(session.states(),
              (States{FeedState::connected, FeedState::disconnected, FeedState::resumed}));
    const Event& closed = session.events[1];
    EXPECT_EQ(session.batch->text(closed, closed.source_status.reason), "1006: no close frame");
    EXPECT_EQ(closed.market, MarketId::none);
    EXPECT_FALSE(closed.has(field::source_status::about));
}

TEST(Health, ARefusedSubscriptionIsAGapUntilOneIsMade) {
    for (const char* answer : {R"({"error":{"code":2,"msg":"Invalid request"},"id":1})",
                               R"({"code":2,"msg":"Invalid request","id":1})",
                               R"({"code":2,"msg":"Invalid request","error":{},"id":1})"}) {
        Session session;
        session.step({change(FrameType::opened), {answer}, {mark}, change(FrameType::subscribed)});
        EXPECT_EQ(session.states(), (States{FeedState::gap, FeedState::resumed}));
        const Event& refused = session.events[0];
        EXPECT_EQ(session.batch->text(refused, refused.source_status.reason),
                  "subscription refused: error 2: Invalid request");
        EXPECT_EQ(session.books.dead_lettered, 0U);
    }
}

TEST(Polls, AFailureIsAGapOfItsKindUntilThePollIsAnswered) {
    const std::string channel = "openInterest?symbol=BTCUSDT";
    const std::string body = R"({"code":-1003,"msg":"Too many requests"})";
    Session session;
    session.step({response(channel, body, 429)});
    EXPECT_EQ(session.states(), (States{FeedState::gap}));
    const Event& first = session.events[0];
    EXPECT_EQ(first.source_status.about, Kind::open_interest);
    EXPECT_EQ(session.batch->text(first, first.source_status.reason),
              "openInterest: HTTP 429: " + body);
    session.step(
        {response("openInterest?symbol=ETHUSDT",
                  R"({"openInterest":"1","symbol":"ETHUSDT","time":1589437530011})"),
         response(channel, R"({"openInterest":"1","symbol":"BTCUSDT","time":1589437530011})")});
    EXPECT_EQ(session.states(), (States{FeedState::gap, FeedState::resumed}));
    EXPECT_EQ(session.books.dead_lettered, 0U);
}

TEST(State, SurvivesARestart) {
    Session before;
    before.step({response("fundingInfo", R"([{"symbol":"PUMPUSDT","fundingIntervalHours":4}])"),
                 response("openInterest?symbol=BTCUSDT", "", 503)});
    StateWriter writer;
    before.decoder.fields(writer);

    Session after;
    StateReader reader(writer.bytes());
    after.decoder.fields(reader);
    ASSERT_TRUE(reader.ok());
    after.step({{R"({"e":"markPriceUpdate","E":1790526539000,"s":"BTCUSDT","p":"1","r":"0.0001"})"},
                response("openInterest?symbol=BTCUSDT",
                         R"({"openInterest":"1","symbol":"BTCUSDT","time":1589437530011})")});
    EXPECT_EQ(after.states(), (States{FeedState::resumed}));
    EXPECT_EQ(after.events[1].funding_rate.rate_interval_hours, 8);
    StateWriter again;
    before.decoder.fields(again);
    EXPECT_TRUE(std::equal(writer.bytes().begin(), writer.bytes().end(), again.bytes().begin(),
                           again.bytes().end()));
}

}  // namespace
}  // namespace spillway::binance
