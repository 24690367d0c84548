#include <gmock/gmock.h>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using ::testing::ElementsAre;
using testing::evening;
using testing::Events;

constexpr const char* labels =
    "SELECT hex(substr(event_id, 16)), is_cascade, cascade_id, cascade_event_count, risk_score "
    "FROM liquidations_significant ORDER BY event_id";
constexpr Id episode{0xC, 1};
constexpr const char* labelled_1 = "01|1|00000000-0000-000c-0000-000000000001|7|0.5";
constexpr const char* labelled_2 = "02|1|00000000-0000-000c-0000-000000000001|7|0.5";

class Labels : public testing::StoreTest {
protected:
    static void add_rows(Events& events) {
        events.liquidation(1, 150'000);
        events.liquidation(2, 250'000);
        events.liquidation(3, 350'000);  // no member
        events.liquidation(4, 50'000);   // not significant
    }
    static void add_cascade(Events& events) {
        events.cascade(episode, {Events::member(1, 150'000), Events::member(2, 250'000),
                                 Events::member(4, 50'000)});
    }
};

TEST_F(Labels, ReachRowsThatCameBefore) {
    Events events;
    add_rows(events);
    add_cascade(events);
    store_all(events);
    EXPECT_THAT(rows(labels), ElementsAre(labelled_1, labelled_2, "03|0|||"));
    EXPECT_EQ(value("SELECT count(*) FROM cascade_labels_waiting"), "0");
}

TEST_F(Labels, WaitForRowsThatComeAfter) {
    Events events;
    add_cascade(events);
    add_rows(events);
    store_all(events);
    EXPECT_THAT(rows(labels), ElementsAre(labelled_1, labelled_2, "03|0|||"));
    EXPECT_EQ(value("SELECT count(*) FROM cascade_labels_waiting"), "0");
}

TEST_F(Labels, WaitThroughARestart) {
    Events first, second;
    add_cascade(first);
    add_rows(second);
    store_all(first);
    EXPECT_EQ(value("SELECT count(*) FROM cascade_labels_waiting"), "2");
    store.reset();
    store_all(second, 2);
    EXPECT_THAT(rows(labels), ElementsAre(labelled_1, labelled_2, "03|0|||"));
}

TEST_F(Labels, SurviveAReplay) {
    Events events;
    add_rows(events);
    add_cascade(events);
    store_all(events);
    const auto before = rows(labels);
    store_all(events, 2);
    EXPECT_EQ(rows(labels), before);
    EXPECT_EQ(value("SELECT count(*) FROM cascade_labels_waiting"), "0");
}

TEST_F(Labels, KeepTheRiskOfTheEmissionThatNamedThem) {
    Events events;
    add_rows(events);
    events.cascade(episode, {Events::member(1, 150'000)}, 0.4);
    events.cascade(episode, {Events::member(2, 250'000)}, 0.9);
    store_all(events);
    EXPECT_THAT(rows("SELECT risk_score FROM liquidations_significant WHERE is_cascade = 1 "
                     "ORDER BY event_id"),
                ElementsAre("0.4", "0.9"));
}

TEST_F(Labels, AreForgottenWhenTheRowDoesNotComeWithinADay) {
    Events first, later;
    add_cascade(first);
    later.liquidation(9, 1, evening + day + 1);
    store_all(first);
    store_all(later, 2);
    EXPECT_EQ(value("SELECT count(*) FROM cascade_labels_waiting"), "0");
}

}  // namespace
}  // namespace spillway::sqlite
