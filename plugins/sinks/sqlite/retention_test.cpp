#include "retention.hpp"

#include <gmock/gmock.h>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using testing::evening;
using testing::Events;
using ::testing::HasSubstr;

class RetentionOfRows : public testing::StoreTest {};

TEST_F(RetentionOfRows, IsOffByDefault) {
    Events events;
    events.liquidation(1, 1, evening - 5'000 * day);
    events.liquidation(2, 1);
    store_all(events);
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "2");
}

TEST_F(RetentionOfRows, DeletesTheOldestFirstInSmallSteps) {
    Events old, now;
    for (std::uint64_t id = 1; id <= 2'500; ++id) {
        old.liquidation(id, 1, evening - 100 * day + static_cast<Time>(id));
    }
    now.liquidation(9'999, 1);
    store_all(old);
    settings.retention = {{"liquidations", 90}};
    store.reset();
    store_all(now, 2);
    EXPECT_EQ(value("SELECT count(*), min(time) FROM liquidations"),
              "1500|" + std::to_string(evening - 100 * day + 1'002));
    // Every epoch with rows takes a step; the newest row stays.
    store_all(now, 3);
    store_all(now, 4);
    EXPECT_EQ(value("SELECT count(*), min(time) FROM liquidations"),
              "1|" + std::to_string(evening));
}

TEST_F(RetentionOfRows, KeepsWhatIsYoungEnough) {
    settings.retention = {{"liquidations", 90}, {"cascade_episodes", 90}, {"dead_letters", 1}};
    Events events;
    events.liquidation(1, 1, evening - 90 * day);
    events.liquidation(2, 1, evening);
    events.cascade({1, 1}, {});
    store_all(events);
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "2");
    EXPECT_EQ(value("SELECT count(*) FROM cascade_episodes"), "1");
}

TEST(RetentionOption, NamesTablesThatHaveATime) {
    EXPECT_TRUE(Retention::check({{"prices", 30}, {"liquidations_hourly", 365}}).ok());
    EXPECT_THAT(std::string(Retention::check({{"price", 30}}).message()), HasSubstr("'price'"));
    EXPECT_FALSE(Retention::check({{"prices", 0}}).ok());
    EXPECT_FALSE(Retention::check({{"prices", -1}}).ok());
}

}  // namespace
}  // namespace spillway::sqlite
