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

TEST(Connection, ChangesAreTheStateOfTheFeed) {
    Session session;
    session.step({change(FrameType::opened), change(FrameType::subscribed),
                  change(FrameType::closed, "1006: no close frame"), change(FrameType::opened)});
    EXPECT_EQ(session.states(), (States{FeedState::connected, FeedState::connected,
                                        FeedState::disconnected, FeedState::resumed}));
    const Event& closed = session.events[2];
    EXPECT_EQ(session.batch->text(closed, closed.source_status.reason), "1006: no close frame");
    EXPECT_EQ(closed.market, MarketId::none);
    EXPECT_FALSE(closed.has(field::source_status::about));
}

TEST(Connection, AFeedResumesWhenTheLastLostConnectionIsBack) {
    Session session;
    session.step({change(FrameType::opened), change(FrameType::opened), change(FrameType::closed),
                  change(FrameType::closed), change(FrameType::opened), change(FrameType::opened)});
    EXPECT_EQ(session.states(),
              (States{FeedState::connected, FeedState::connected, FeedState::disconnected,
                      FeedState::disconnected, FeedState::disconnected, FeedState::resumed}));
}

TEST(Connection, AGapEndsWithTheNextMessage) {
    Session session;
    session.step({{mark}, change(FrameType::gap, "queue overflow"), {mark}, {mark}});
    EXPECT_EQ(session.states(), (States{FeedState::gap, FeedState::resumed}));
    EXPECT_EQ(session.events[2].kind(), Kind::source_status);
    EXPECT_EQ(session.events[3].kind(), Kind::price);
}

TEST(Connection, AMarketThatIsMissingConcernsNothingElse) {
    Session session;
    session.step({change(FrameType::opened),
                  change(FrameType::closed),
                  {"XYZ: no contract", FrameType::gap, std::string(missing_channel)},
                  {mark}});
    EXPECT_EQ(session.states(), (States{FeedState::connected, FeedState::disconnected,
                                        FeedState::gap, FeedState::resumed}));
    EXPECT_EQ(session.events[2].source_status.about, Kind::instrument);
    EXPECT_EQ(session.events[3].source_status.about, Kind::instrument);
    session.step({change(FrameType::opened)});
    EXPECT_EQ(session.states().back(), FeedState::resumed) << "what was lost is back only now";
}

TEST(Connection, ARefusedSubscriptionIsAGapUntilOneIsMade) {
    for (const char* answer : {R"({"error":{"code":2,"msg":"Invalid request"},"id":1})",
                               R"({"code":2,"msg":"Invalid request","id":1})",
                               R"({"code":2,"msg":"Invalid request","error":{},"id":1})"}) {
        Session session;
        session.step({change(FrameType::opened), {answer}, {mark}, change(FrameType::subscribed)});
        EXPECT_EQ(session.states(),
                  (States{FeedState::connected, FeedState::gap, FeedState::resumed}));
        const Event& refused = session.events[1];
        EXPECT_EQ(session.batch->text(refused, refused.source_status.reason),
                  "subscription refused: error 2: Invalid request");
        EXPECT_EQ(session.books.dead_lettered, 0U);
    }
}

TEST(Connection, ASubscriptionTellsWhichDataItIsAbout) {
    Session session;
    session.step({{"", FrameType::subscribed, "!forceOrder@arr"},
                  {"", FrameType::closed, "btcusdt@depth20@100ms"},
                  {"", FrameType::closed, "btcusdt@kline_1m"}});
    EXPECT_EQ(session.events[0].source_status.about, Kind::liquidation);
    EXPECT_EQ(session.events[1].source_status.about, Kind::depth);
    EXPECT_EQ(session.events[2].source_status.about, Kind::bar);
}

TEST(Polls, ALimitIsAStateThatPassesAndIsToldOnce) {
    const std::string channel = "openInterest?symbol=BTCUSDT";
    const std::string body = R"({"code":-1003,"msg":"Too many requests"})";
    Session session;
    session.step(
        {response(channel, body, 429), response(channel, body, 429), response(channel, "", 418)});
    EXPECT_EQ(session.states(), (States{FeedState::stale, FeedState::stale}));
    const Event& first = session.events[0];
    EXPECT_EQ(first.source_status.about, Kind::open_interest);
    EXPECT_EQ(text_of(first.instrument), "BTC/USDT:USDT");
    EXPECT_EQ(session.batch->text(first, first.source_status.reason),
              "HTTP 429 for openInterest?symbol=BTCUSDT: " + body);
    session.step(
        {response("openInterest?symbol=ETHUSDT",
                  R"({"openInterest":"1","symbol":"ETHUSDT","time":1589437530011})"),
         response(channel, R"({"openInterest":"1","symbol":"BTCUSDT","time":1589437530011})")});
    EXPECT_EQ(session.states(), (States{FeedState::stale, FeedState::stale, FeedState::resumed}));
    EXPECT_EQ(session.books.dead_lettered, 0U);
}

TEST(Polls, AWrongRequestIsAnError) {
    Session session;
    session.step(
        {response("openInterest?symbol=XX", R"({"code":-1121,"msg":"Invalid symbol."})", 400)});
    EXPECT_TRUE(session.events.empty());
    EXPECT_EQ(session.refusals.at(0),
              R"(HTTP 400 for openInterest?symbol=XX: {"code":-1121,"msg":"Invalid symbol."})");
}

TEST(State, SurvivesARestart) {
    Session before;
    before.step({response("fundingInfo", R"([{"symbol":"PUMPUSDT","fundingIntervalHours":4}])"),
                 response("openInterest?symbol=BTCUSDT", "", 503), change(FrameType::gap)});
    StateWriter writer;
    before.decoder.fields(writer);

    Session after;
    StateReader reader(writer.bytes());
    after.decoder.fields(reader);
    ASSERT_TRUE(reader.ok());
    after.step({{R"({"e":"markPriceUpdate","E":1790526539000,"s":"BTCUSDT","p":"1","r":"0.0001"})"},
                response("openInterest?symbol=BTCUSDT",
                         R"({"openInterest":"1","symbol":"BTCUSDT","time":1589437530011})")});
    EXPECT_EQ(after.states(), (States{FeedState::resumed, FeedState::resumed}));
    EXPECT_EQ(after.events[2].funding_rate.rate_interval_hours, 8);
    StateWriter again;
    before.decoder.fields(again);
    EXPECT_TRUE(std::equal(writer.bytes().begin(), writer.bytes().end(), again.bytes().begin(),
                           again.bytes().end()));
}

}  // namespace
}  // namespace spillway::binance
