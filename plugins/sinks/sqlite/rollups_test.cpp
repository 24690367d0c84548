#include <gmock/gmock.h>

#include <spillway/dead_letter.hpp>
#include <spillway/node.hpp>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using ::testing::ElementsAre;
using testing::evening;
using testing::Events;

class RollupRows : public testing::StoreTest {};

constexpr double twenty_hours = 1'770'321'600e9;  ///< 2026-02-05 20:00 UTC

TEST_F(RollupRows, TakeTheirColumnsFromFieldsAndHeader) {
    Events events;
    events.extension("funding_rates_1h", {{"bucket", twenty_hours},
                                          {"avg", 0.0001},
                                          {"min", 0.00005},
                                          {"max", 0.0002},
                                          {"last", 0.00015},
                                          {"count", 4}});
    store_all(events);
    EXPECT_EQ(value("SELECT * FROM funding_rates_1h"),
              "1770321600000000000|BTCUSDT|binance|0.0001|5.0e-05|0.0002|0.00015|4");
}

TEST_F(RollupRows, WithoutABucketFieldTheEventTimeIsItsEnd) {
    Events events;
    Event& event = events.extension(
        "oi_changes_1h",
        {{"open", 100}, {"close", 110}, {"min", 90}, {"max", 120}, {"change_pct", 10}});
    event.event_time = static_cast<Time>(twenty_hours) + hour;
    store_all(events);
    EXPECT_EQ(value("SELECT * FROM oi_changes_1h"),
              "1770321600000000000|BTCUSDT|binance|100.0|110.0|90.0|120.0|10.0");
}

TEST_F(RollupRows, AComparisonOfExchangesCoversFourHours) {
    Events events;
    Event& event = events.extension("liquidation_exchange_comparison", {{"event_count", 3},
                                                                        {"total_value_usd", 9},
                                                                        {"avg_value_usd", 3},
                                                                        {"cascade_count", 1},
                                                                        {"long_count", 2},
                                                                        {"short_count", 1}});
    event.event_time = static_cast<Time>(twenty_hours) + 4 * hour;
    store_all(events);
    EXPECT_EQ(value("SELECT * FROM liquidation_exchange_comparison"),
              "1770321600000000000|BTCUSDT|binance|3|9.0|3.0|1|2|1");
}

TEST_F(RollupRows, TextsComeAsFieldsOrInTheBytes) {
    Events events;
    Event& by_field = events.extension(
        "liquidations_1h",
        {{"bucket", twenty_hours}, {"count", 2}, {"total_usd", 300}, {"max_usd", 200}});
    const ExtensionField side{name_id("side"), name_id("long"), 0};
    events.append(by_field, &side, sizeof(side));
    ++by_field.extension.fields;
    events.extension("liquidation_cascades",
                     {{"hour", twenty_hours},
                      {"duration_seconds", 0},
                      {"event_count", 9},
                      {"total_value_usd", 5e6},
                      {"avg_risk_score", .5},
                      {"max_risk_score", .7},
                      {"exchange_count", 2},
                      {"long_count", 8},
                      {"short_count", 1}},
                     R"({"cascade_id":"c-1","cascade_start":1770321600000000001,)"
                     R"("cascade_end":1770321600000000003,)"
                     R"("exchanges_involved":["binance","okx"]})");
    store_all(events);
    EXPECT_EQ(value("SELECT * FROM liquidations_1h"),
              "1770321600000000000|BTCUSDT|LONG|2|300.0|200.0");
    EXPECT_EQ(value("SELECT cascade_id, symbol, cascade_start, cascade_end, event_count, "
                    "exchanges_involved, exchange_count FROM liquidation_cascades"),
              R"(c-1|BTCUSDT|1770321600000000001|1770321600000000003|9|["binance","okx"]|2)");
}

TEST_F(RollupRows, AreReplacedAsAWhole) {
    Events events;
    for (const double last : {1.0, 2.0}) {
        events.extension(
            "oi_changes_1h",
            {{"bucket", twenty_hours}, {"open", 1}, {"close", last}, {"min", 1}, {"max", last}});
    }
    store_all(events);
    store_all(events, 2);
    EXPECT_EQ(value("SELECT close, change_pct FROM oi_changes_1h"), "2.0|");
}

TEST_F(RollupRows, UnknownNamesAndMissingColumnsAreCounted) {
    Events events;
    events.extension("my_window", {{"count", 2}});
    events.extension("liquidations_1h", {{"count", 2}});
    events.extension("liquidations_1h", {{"count", 2}}, "not JSON");
    store_all(events);
    EXPECT_EQ(store->refused(), 3);
}

class DeadLetterRows : public testing::StoreTest {
protected:
    static BatchRef letter(Time time, std::string_view place, std::string_view raw,
                           std::uint32_t attempt) {
        Emitter errors;
        errors.reset(nullptr, nullptr);
        errors.begin(OrderKey{time, 1});
        write_dead_letter(errors, "replay", place, "not JSON", raw, attempt);
        return errors.take_batch();
    }
    void store_letter(const BatchRef& batch, std::uint64_t epoch) {
        if (!store) open();
        ASSERT_TRUE(store->write(*batch, {nullptr, batch->size()}).ok());
        ASSERT_TRUE(store->commit(epoch).ok());
    }
};

TEST_F(DeadLetterRows, SayWhatFailedWhereAndWhy) {
    store_letter(letter(evening, "feed.jsonl:7", "{oops", 1), 41);
    store_letter(letter(evening, "notional", R"({"kind":"liquidation","time":1})", 1), 42);
    EXPECT_THAT(rows("SELECT id, epoch, time, node, kind, reason, place, attempt, raw "
                     "FROM dead_letters"),
                ElementsAre("1|41|1770323100000000000|replay||not JSON|feed.jsonl:7|1|{oops",
                            "2|42|1770323100000000000|replay|liquidation|not JSON|notional|1|"
                            "{\"kind\":\"liquidation\",\"time\":1}"));
    EXPECT_EQ(value("SELECT group_concat(typeof(raw)) FROM dead_letters"), "blob,blob");
}

TEST_F(DeadLetterRows, TheSameRecordAgainReplacesItsLetter) {
    store_letter(letter(evening, "feed.jsonl:7", "{oops", 1), 1);
    store_letter(letter(evening, "feed.jsonl:8", "{oops", 1), 1);
    store_letter(letter(evening, "feed.jsonl:7", "{oops", 2), 2);
    EXPECT_THAT(rows("SELECT place, epoch, attempt FROM dead_letters ORDER BY id"),
                ElementsAre("feed.jsonl:7|2|2", "feed.jsonl:8|1|1"));
}

class Letters final : public DeadLetterVisitor {
public:
    void letter(const StoredLetter& letter) noexcept override {
        ids.push_back(letter.id);
        texts.push_back(std::string(letter.place) + '|' + std::string(letter.reason) + '|' +
                        std::to_string(letter.attempt) + '|' + std::string(letter.raw) + '|' +
                        (letter.replayed == time_before_all ? "open" : "replayed"));
    }
    std::vector<Id> ids;
    std::vector<std::string> texts;
};

TEST_F(DeadLetterRows, AReplaySettlesThemInItsEpoch) {
    const std::string bytes("\0\xFF", 2);
    store_letter(letter(evening, "feed.jsonl:7", "{oops", 1), 1);
    store_letter(letter(evening, "feed.jsonl:8", bytes, 1), 1);
    Letters before;
    ASSERT_TRUE(read_letters(store->database(), before).ok());
    EXPECT_THAT(before.texts, ElementsAre("feed.jsonl:7|not JSON|1|{oops|open",
                                          "feed.jsonl:8|not JSON|1|" + bytes + "|open"));
    EXPECT_EQ(before.ids[0], dead_letter_id(evening, "replay", "feed.jsonl:7", "{oops"));

    ASSERT_TRUE(store->settle({before.ids[0], true, evening + 1, {}}).ok());
    ASSERT_TRUE(store->settle({before.ids[1], false, evening + 1, "still bad"}).ok());
    ASSERT_TRUE(store->settle({Id{1, 2}, true, evening + 1, {}}).ok());
    ASSERT_TRUE(store->commit(2).ok());
    EXPECT_THAT(rows("SELECT epoch, attempt, replayed FROM dead_letters ORDER BY id"),
                ElementsAre("2|1|1770323100000000001", "2|2|"));
    Letters after;
    ASSERT_TRUE(read_letters(store->database(), after).ok());
    EXPECT_THAT(after.texts, ElementsAre("feed.jsonl:7|not JSON|1|{oops|replayed",
                                         "feed.jsonl:8|still bad|2|" + bytes + "|open"));
}

TEST_F(DeadLetterRows, AreOpenAgainWhenALaterRunRefusesTheRecord) {
    store_letter(letter(evening, "feed.jsonl:7", "{oops", 1), 1);
    const Id id = dead_letter_id(evening, "replay", "feed.jsonl:7", "{oops");
    ASSERT_TRUE(store->settle({id, true, evening + 1, {}}).ok());
    ASSERT_TRUE(store->commit(2).ok());
    store_letter(letter(evening, "feed.jsonl:7", "{oops", 1), 3);
    EXPECT_THAT(rows("SELECT epoch, attempt, replayed FROM dead_letters"), ElementsAre("3|1|"));
}

}  // namespace
}  // namespace spillway::sqlite
