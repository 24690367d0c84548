#include "testing/driver_fixture.hpp"

namespace spillway::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Lists, and the plans that are made of them.
class PlanningTest : public DriverTest {
protected:
    void ask_for_lists(Duration every) {
        venue.on_prepare = [every](PlanWriter& out) {
            Poll lists;
            lists.channel = "instruments";
            lists.url = "https://api.example/instruments";
            lists.every = every;
            out.poll(lists);
        };
    }
    void answer(std::uint16_t status, const std::string& body) {
        network.on_request = [=](const Request&) { return FakeNetwork::reply(status, body); };
    }
};

TEST_F(PlanningTest, ListsComeBeforeThePlanAndNewListsChangeIt) {
    ask_for_lists(hour);
    venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) {
        EXPECT_EQ(replies.size(), 1U);
        out.socket(socket);
        for (const char& letter : replies[0].body) {
            out.topic({"feed", {&letter, 1}, Kind::price, 0, {}, 0});
        }
        return Status();
    };
    socket.silence = day;
    answer(200, "ab");
    start();
    EXPECT_EQ(network.connects, 0U);
    network.pass(second);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a b"));
    network.pass(2 * hour);
    EXPECT_THAT(link().sent, SizeIs(1));  // the same list: nothing happens
    answer(200, "bc");
    network.pass(hour + 10 * minute);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a b", "unsub 2 a", "sub 3 c"));
    EXPECT_EQ(network.connects, 1U);
    EXPECT_EQ(figures.plans.get(), 2U);
}

TEST_F(PlanningTest, ListsAreTriedAgainUntilTheyCome) {
    ask_for_lists(0);
    subscribe_to({"a"});
    socket.silence = hour;
    answer(500, "oops");
    start();
    network.pass(5 * minute);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(2));  // told once
    EXPECT_EQ(seen[0].status, 500);
    EXPECT_EQ(seen[1].type, FrameType::closed);  // all of the venue is out
    EXPECT_EQ(seen[1].channel, "toy");
    EXPECT_THAT(seen[1].bytes, HasSubstr("instruments: HTTP 500: oops"));
    EXPECT_GT(network.asked.size(), 4U);
    answer(200, "[]");
    network.pass(2 * minute);
    EXPECT_EQ(network.connects, 1U);
    EXPECT_EQ(story(), "response:0 opened:0 opened:1 subscribed:1");
}

TEST_F(PlanningTest, NewListsThatCannotBeReadLeaveTheOldPlanAsItIs) {
    ask_for_lists(minute);
    venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) -> Status {
        if (replies[0].body == "maintenance") return {Code::bad_record, "no list of instruments"};
        out.socket(socket);
        out.topic({"feed", "a", Kind::price, 0, {}, 0});
        return {};
    };
    socket.silence = day;
    answer(200, "good");
    start();
    network.pass(second);
    static_cast<void>(frames());
    answer(200, "maintenance");
    network.pass(10 * minute);
    EXPECT_GE(figures.plan_failures.get(), 1U);
    EXPECT_THAT(story(), testing::Not(HasSubstr("closed")));
    EXPECT_THAT(network.alive(), SizeIs(1));
}

TEST_F(PlanningTest, APlanThatCannotBeMadeIsToldOnceAndTriedAgain) {
    ask_for_lists(hour);
    answer(200, "maintenance");
    venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) -> Status {
        if (replies[0].body == "maintenance") return {Code::bad_record, "no list of instruments"};
        out.socket(socket);
        out.topic({"feed", "a", Kind::price, 0, {}, 0});
        return {};
    };
    start();
    network.pass(2 * minute);
    const auto outages = only(frames(), FrameType::closed);
    ASSERT_THAT(outages, SizeIs(1));
    EXPECT_EQ(outages[0].channel, "toy");
    EXPECT_THAT(outages[0].bytes, HasSubstr("no plan for toy: no list of instruments"));
    answer(200, "good");
    network.pass(2 * minute);
    EXPECT_GE(network.connects, 1U);
}

TEST_F(PlanningTest, AnEmptyPlanNamesWhatIsMissing) {
    venue.on_plan = [](std::span<const Reply>, PlanWriter& out) {
        out.missing("XYZ", "no perpetual contract");
        return Status();
    };
    start();
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_THAT(seen[0].bytes, HasSubstr("XYZ: no perpetual contract"));
}

TEST_F(PlanningTest, ASocketThatIsDeclaredOtherwiseIsConnectedAnew) {
    ask_for_lists(hour);
    venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) {
        const std::string url = "wss://" + std::string(replies[0].body) + ".example/ws";
        Socket other = socket;
        other.url = url;
        out.socket(other);
        out.topic({"feed", "a", Kind::price, 0, {}, 0});
        return Status();
    };
    socket.silence = day;
    answer(200, "one");
    start();
    network.pass(second);
    static_cast<void>(frames());
    answer(200, "two");
    network.pass(2 * hour);
    EXPECT_EQ(story(), "response:0 gap:2 opened:2 subscribed:2 response:0");
    ASSERT_THAT(network.alive(), SizeIs(1));
    EXPECT_EQ(network.alive()[0]->url, "wss://two.example/ws");
}

TEST_F(PlanningTest, StoppingWithoutAPlanIsAnotherReasonOfTheSameOutage) {
    ask_for_lists(0);
    answer(500, "oops");
    start();
    network.pass(minute);
    static_cast<void>(frames());
    driver->finish();
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].type, FrameType::gap);  // `closed` was told
    EXPECT_EQ(seen[0].bytes, "stopped");
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace spillway::live
