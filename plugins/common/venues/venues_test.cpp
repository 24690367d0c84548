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

TEST(VenueHealth, ConnectionChangesAreSaid) {
    Health feed;
    for (const FrameType type :
         {FrameType::opened, FrameType::subscribed, FrameType::gap, FrameType::closed}) {
        feed.health.on_change(feed.frame(type), feed.out);
    }
    EXPECT_EQ(feed.said(), (Texts{"connected", "resumed", "gap", "disconnected"}));
}

TEST(VenueHealth, AGapEndsWithTheNextDataOfItsSession) {
    Health feed;
    feed.health.on_change(feed.frame(FrameType::gap), feed.out);
    feed.health.on_data(feed.frame(FrameType::data, "", 2), feed.out);
    feed.health.on_data(feed.frame(FrameType::data), feed.out);
    feed.health.on_data(feed.frame(FrameType::data), feed.out);
    EXPECT_EQ(feed.said(), (Texts{"gap", "resumed"}));
}

TEST(VenueHealth, AMarketThatIsMissingConcernsNothingElse) {
    Health feed;
    feed.health.on_change(feed.frame(FrameType::gap), feed.out);
    feed.health.on_change(feed.frame(FrameType::gap, missing_channel, 0), feed.out);
    feed.health.on_data(feed.frame(FrameType::data), feed.out);
    EXPECT_EQ(feed.said(), (Texts{"gap", "gap instrument", "resumed instrument", "resumed"}));
}

TEST(VenueHealth, AKindIsWholeWhenTheLastOfItsPollsIs) {
    Health feed;
    const Kind kind = Kind::open_interest;
    feed.health.on_failed_poll(feed.frame(FrameType::response, "a"), kind, "no", feed.out);
    feed.health.on_failed_poll(feed.frame(FrameType::response, "b"), kind, "no", feed.out);
    feed.health.on_poll(feed.frame(FrameType::response, "a"), kind, feed.out);
    feed.health.on_poll(feed.frame(FrameType::response, "c"), kind, feed.out);
    EXPECT_EQ(feed.said(), (Texts{"gap open_interest", "gap open_interest"}));
    feed.health.on_poll(feed.frame(FrameType::response, "b"), kind, feed.out);
    EXPECT_EQ(feed.said().back(), "resumed open_interest");
}

TEST(VenueHealth, ARefusedSubscriptionEndsWhenItIsMadeAgain) {
    Health feed;
    feed.health.on_refused(feed.frame(FrameType::data), Kind::liquidation, "no", feed.out);
    feed.health.on_data(feed.frame(FrameType::data), feed.out);
    feed.health.on_change(feed.frame(FrameType::subscribed), feed.out);
    EXPECT_EQ(feed.said(), (Texts{"gap liquidation", "resumed", "resumed liquidation"}));
}

}  // namespace
}  // namespace spillway::venues
