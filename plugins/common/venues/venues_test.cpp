#include <string>

#include <gtest/gtest.h>

#include <spillway/feed_frames.hpp>
#include <spillway/fields.hpp>

#include "common/venues/feed_health.hpp"
#include "common/venues/json.hpp"
#include "common/venues/poll.hpp"
#include "common/venues/symbol_table.hpp"

namespace spillway::venues {
namespace {

/// The value of `x` in a message.
class Value {
public:
    explicit Value(const std::string& json) : bytes_("{\"x\":" + json + "}") {
        dom::object message;
        bytes_.reserve(bytes_.size() + simdjson::SIMDJSON_PADDING);
        EXPECT_TRUE(read_message(parser_, bytes_, message)) << json;
        EXPECT_EQ(find_value(message, "x", value), Found::present);
    }
    dom::element value;

private:
    std::string bytes_;
    dom::parser parser_;
};

TEST(VenueJson, NumbersComeInQuotesOrBare) {
    double number = 0;
    for (const char* json : {"\"-1.5e2\"", "-150", "-1.5e2"}) {
        EXPECT_EQ(read_number(Value(json).value, number), Found::present);
        EXPECT_EQ(number, -150);
    }
    std::int64_t integer = 0;
    EXPECT_EQ(read_integer(Value("\"12\"").value, integer), Found::present);
    EXPECT_EQ(integer, 12);
}

TEST(VenueJson, EmptyTextsAndNullAreAbsentNotZero) {
    double number = 7;
    std::int64_t integer = 7;
    std::string_view text;
    for (const char* json : {"\"\"", "null"}) {
        EXPECT_EQ(read_number(Value(json).value, number), Found::absent);
        EXPECT_EQ(read_integer(Value(json).value, integer), Found::absent);
        EXPECT_EQ(read_text(Value(json).value, text), Found::absent);
    }
}

TEST(VenueJson, EverythingElseIsWrong) {
    double number = 0;
    Time time = 0;
    for (const char* json : {"\"NaN\"", "\"inf\"", "\"1e999\"", "\"0x10\"", "\"1 \"", "\"+1\"",
                             "true", "[]", "{}", "\"one\""}) {
        EXPECT_EQ(read_number(Value(json).value, number), Found::wrong) << json;
        EXPECT_EQ(read_millis(Value(json).value, time), Found::wrong) << json;
    }
    for (const char* json : {"1791565600", "1791565600992000", "-1", "1.5"}) {
        EXPECT_EQ(read_millis(Value(json).value, time), Found::wrong) << json;
    }
}

TEST(VenuePoll, NameAndParametersAreTakenApart) {
    const Poll poll("/v5/market/open-interest?category=linear&intervalTime=5min&symbol=BTCUSDT");
    EXPECT_EQ(poll.name_after("/v5/market/"), "open-interest");
    EXPECT_EQ(poll["category"], "linear");
    EXPECT_EQ(poll["symbol"], "BTCUSDT");
    EXPECT_EQ(poll["interval"], "") << "not the beginning of intervalTime";
    EXPECT_EQ(Poll("tickers")["symbol"], "");
    EXPECT_EQ(Poll("tickers?")["symbol"], "");
    EXPECT_EQ(Poll("")["symbol"], "");
}

struct Seen {
    std::string symbol;
    int count = 0;

    void added(std::string_view text) { symbol = text; }
    template <class Archive>
    void fields(Archive& io) {
        io(1, symbol);
        io(2, count);
    }
};

TEST(VenueSymbolTable, FindsASymbolAgainAndIsBounded) {
    SymbolTable<Seen> table;
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < SymbolTable<Seen>::limit + 10; ++i) {
            Seen& seen = table["S" + std::to_string(i)];
            EXPECT_EQ(seen.symbol, "S" + std::to_string(i));
            EXPECT_EQ(++seen.count, i < SymbolTable<Seen>::limit ? round + 1 : 1);
        }
    }
    EXPECT_EQ(table.size(), SymbolTable<Seen>::limit);
}

TEST(VenueSymbolTable, IsState) {
    SymbolTable<Seen> table, copy;
    table["A"].count = 3;
    table["B"].count = 4;
    copy["C"].count = 5;
    StateWriter writer;
    table.fields(writer);
    StateReader reader(writer.bytes());
    copy.fields(reader);
    ASSERT_TRUE(reader.ok());
    EXPECT_EQ(copy.size(), 2U);
    EXPECT_EQ(copy["B"].count, 4);
    EXPECT_EQ(copy["C"].count, 0);
}

/// What a feed says of itself, as texts like "gap open_interest".
class Health {
public:
    Health() { out.reset(nullptr, nullptr); }
    Frame frame(FrameType type, std::string_view channel = "", std::uint32_t session = 1) {
        Frame made{};
        made.receive_time = ++now_ * second;
        made.type = type;
        made.session = session;
        made.channel = name_id(channel);
        made.venue = venue_id("venue");
        return made;
    }
    void change(FrameType type, std::string_view channel, std::uint32_t session = 1,
                std::string_view bytes = "") {
        Frame made = frame(type, channel, session);
        made.bytes = bytes;
        health.on_change(made, out);
    }
    std::vector<std::string> reasons() {
        std::vector<std::string> texts;
        for (const Event& event : out.batch().events()) {
            texts.emplace_back(out.batch().text(event, event.source_status.reason));
        }
        return texts;
    }
    std::vector<std::string> said() {
        std::vector<std::string> texts;
        for (const Event& event : out.batch().events()) {
            std::string text(name_in(feed_state_names, event.source_status.state));
            if (event.has(field::source_status::about)) {
                text += " " + std::string(to_string(event.source_status.about));
            }
            texts.push_back(text);
        }
        return texts;
    }
    FeedHealth health;
    Emitter out;

private:
    Time now_ = 0;
};

using Texts = std::vector<std::string>;

TEST(VenueHealth, AVenueIsConnectedWhenEverySocketListens) {
    Health feed;
    feed.change(FrameType::opened, "toy", 0, "a,b");
    feed.change(FrameType::opened, "a");
    feed.change(FrameType::subscribed, "a");
    EXPECT_EQ(feed.said(), Texts{});
    feed.change(FrameType::opened, "b", 2);
    EXPECT_EQ(feed.said(), Texts{});
    feed.change(FrameType::subscribed, "b", 2);
    EXPECT_EQ(feed.said(), Texts{"connected"});
}

TEST(VenueHealth, AnOutageEndsWhenTheLastSocketIsSubscribedAgain) {
    Health feed;
    feed.change(FrameType::opened, "toy", 0, "a,b");
    for (const char* socket : {"a", "b"}) feed.change(FrameType::subscribed, socket);
    feed.change(FrameType::closed, "a");
    feed.change(FrameType::closed, "b");
    feed.change(FrameType::opened, "b", 3);
    feed.change(FrameType::gap, "b", 3, "nothing was received");
    feed.change(FrameType::subscribed, "b", 3);
    feed.change(FrameType::opened, "a", 4);
    EXPECT_EQ(feed.said(), (Texts{"connected", "disconnected", "disconnected", "gap", "gap"}));
    EXPECT_EQ(feed.reasons().back(), "b is back; not yet: a");
    feed.change(FrameType::subscribed, "a", 4);
    EXPECT_EQ(feed.said().back(), "resumed");
}

TEST(VenueHealth, RecordingsWithoutAPlanAreUnderstoodToo) {
    Health feed;
    for (const FrameType type :
         {FrameType::opened, FrameType::subscribed, FrameType::closed, FrameType::opened}) {
        feed.change(type, "a");
    }
    EXPECT_EQ(feed.said(), (Texts{"connected", "disconnected"}));
}

TEST(VenueHealth, AVenueWithoutSocketsIsConnectedWithItsPlan) {
    Health feed;
    feed.change(FrameType::closed, "toy", 0, "no plan");
    feed.change(FrameType::opened, "toy", 0, "");
    EXPECT_EQ(feed.said(), (Texts{"disconnected", "resumed"}));
}

TEST(VenueHealth, AVenueOfOneKindSpeaksOfThat) {
    Health feed;
    feed.health = FeedHealth(Kind::price);
    feed.change(FrameType::opened, "toy", 0, "");
    feed.change(FrameType::closed, "toy", 0, "stopped");
    EXPECT_EQ(feed.said(), (Texts{"connected price", "disconnected price"}));
}

TEST(VenueHealth, ANewRunForgetsWhatTheOneBeforeLeftOut) {
    Health feed;
    feed.change(FrameType::closed, "gone", 7, "stopped");
    feed.change(FrameType::gap, "stale.price");
    feed.change(FrameType::opened, "toy", 0, "a");
    EXPECT_EQ(feed.said(), (Texts{"disconnected", "stale price", "resumed price"}));
    feed.change(FrameType::subscribed, "a", 8);
    EXPECT_EQ(feed.said().back(), "resumed");
}

TEST(VenueHealth, SilentTopicsConcernTheirKindUntilTheyDeliver) {
    Health feed;
    feed.change(FrameType::subscribed, "a");
    feed.change(FrameType::gap, "stale.price", 1, "no data");
    feed.change(FrameType::subscribed, "a");
    EXPECT_EQ(feed.said(), (Texts{"connected", "stale price"}));
    feed.change(FrameType::subscribed, "stale.price");
    EXPECT_EQ(feed.said().back(), "resumed price");
}

TEST(VenueHealth, DroppedFramesAreAGapThatIsOverAtOnce) {
    Health feed;
    feed.change(FrameType::subscribed, "a");
    feed.change(FrameType::gap, "a", 1, overflow_reason);
    EXPECT_EQ(feed.said(), (Texts{"connected", "gap", "resumed"}));
    feed.change(FrameType::closed, "a");
    feed.change(FrameType::gap, "b", 1, overflow_reason);
    EXPECT_EQ(feed.said().back(), "gap") << "another socket is out";
}

TEST(VenueHealth, AMarketThatIsMissingConcernsNothingElse) {
    Health feed;
    feed.change(FrameType::closed, "a");
    for (const std::string_view channel : {missing_channel, clock_channel}) {
        feed.change(FrameType::gap, channel, 0);
    }
    feed.change(FrameType::subscribed, "a");
    EXPECT_EQ(feed.said(), (Texts{"disconnected", "gap instrument", "resumed instrument",
                                  "gap instrument", "resumed instrument", "resumed"}));
}

TEST(VenueHealth, AKindIsWholeWhenTheLastOfItsPollsIs) {
    Health feed;
    const Kind kind = Kind::open_interest;
    feed.health.on_failed_poll(feed.frame(FrameType::response, "a"), kind, "no", feed.out);
    feed.health.on_failed_poll(feed.frame(FrameType::response, "b"), kind, "no", feed.out);
    feed.health.on_poll(feed.frame(FrameType::response, "a"), feed.out);
    feed.health.on_poll(feed.frame(FrameType::response, "c"), feed.out);
    EXPECT_EQ(feed.said(), (Texts{"gap open_interest", "gap open_interest"}));
    feed.health.on_poll(feed.frame(FrameType::response, "b"), feed.out);
    EXPECT_EQ(feed.said().back(), "resumed open_interest");
}

TEST(VenueHealth, APollThatIsNotWantedAnyMoreHoldsUpNoOther) {
    Health feed;
    const Kind kind = Kind::open_interest;
    feed.health.on_failed_poll(feed.frame(FrameType::response, "a"), kind, "no", feed.out);
    feed.health.on_failed_poll(feed.frame(FrameType::response, "b"), kind, "no", feed.out);
    feed.change(FrameType::subscribed, "b", 0);
    feed.health.on_poll(feed.frame(FrameType::response, "a"), feed.out);
    EXPECT_EQ(feed.said().back(), "resumed open_interest");
    feed.health.on_failed_poll(feed.frame(FrameType::response, "a"), kind, "no", feed.out);
    feed.health.on_failed_poll(feed.frame(FrameType::response, "list"), Kind::instrument, "no",
                               feed.out);
    feed.change(FrameType::opened, "toy", 0, "socket");
    EXPECT_EQ(feed.said().back(), "resumed open_interest") << "a new run asks again";
}

TEST(VenueHealth, ARefusedSubscriptionEndsWhenItIsMadeAgain) {
    Health feed;
    feed.change(FrameType::subscribed, "a");
    feed.health.on_refused(feed.frame(FrameType::data, "a"), Kind::liquidation, "no", feed.out);
    feed.health.on_refused(feed.frame(FrameType::data, "a"), std::nullopt, "no", feed.out);
    feed.change(FrameType::subscribed, "a");
    EXPECT_EQ(feed.said(),
              (Texts{"connected", "gap liquidation", "gap", "resumed liquidation", "resumed"}));
}

TEST(VenueHealth, WhatStaysRefusedStaysAGap) {
    Health feed;
    feed.health.on_refused(feed.frame(FrameType::data, "a"), Kind::liquidation, "no", feed.out);
    feed.change(FrameType::gap, "refused.liquidation", 1, "refused: x");
    feed.change(FrameType::gap, "refused.price", 1, "refused: y");  // the venue did not say so
    feed.change(FrameType::subscribed, "a");
    EXPECT_EQ(feed.said(), (Texts{"gap liquidation", "gap price", "connected"}));
    feed.change(FrameType::subscribed, "refused.liquidation");
    feed.change(FrameType::subscribed, "refused.price");
    feed.change(FrameType::subscribed, "refused.price");
    EXPECT_EQ(feed.said(), (Texts{"gap liquidation", "gap price", "connected",
                                  "resumed liquidation", "resumed price"}));
}

TEST(VenueHealth, APollWithoutAReplyIsNoHttpStatus) {
    Health feed;
    Frame frame = feed.frame(FrameType::response, "lists");
    frame.http_status = no_reply;
    frame.bytes = "no connection";
    EXPECT_TRUE(feed.health.on_bad_status(frame, Kind::price, "lists", feed.out));
    frame.http_status = 503;
    EXPECT_TRUE(feed.health.on_bad_status(frame, Kind::price, "lists", feed.out));
    EXPECT_EQ(feed.reasons(), (Texts{"lists: no connection", "lists: HTTP 503: no connection"}));
    frame.http_status = 0;  // a recording that did not keep it
    EXPECT_FALSE(feed.health.on_bad_status(frame, Kind::price, "lists", feed.out));
}

TEST(VenueHealth, IsState) {
    Health before;
    before.change(FrameType::closed, "a");
    before.change(FrameType::gap, "refused.price");
    StateWriter writer;
    before.health.fields(writer);
    Health after;
    StateReader reader(writer.bytes());
    after.health.fields(reader);
    ASSERT_TRUE(reader.ok());
    after.change(FrameType::subscribed, "b");
    EXPECT_EQ(after.said(), Texts{});
    after.change(FrameType::subscribed, "a");
    after.change(FrameType::subscribed, "refused.price");
    EXPECT_EQ(after.said(), (Texts{"resumed", "resumed price"}));
}

}  // namespace
}  // namespace spillway::venues
