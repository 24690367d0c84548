#include <spillway/feed_frames.hpp>

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
    EXPECT_EQ(story(), "response:0 opened:1 subscribed:1");
    EXPECT_THAT(told_plans, ElementsAre("feed"));
}

TEST_F(PlanningTest, AListThatFailsDoesNotKeepTheOthersOut) {
    venue.on_prepare = [](PlanWriter& out) {
        for (const std::string_view name : {"good", "bad"}) {
            const std::string url = "https://" + std::string(name) + ".example/list";
            Poll lists;
            lists.channel = name;
            lists.url = url;
            lists.every = hour;
            out.poll(lists);
        }
    };
    venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) {
        out.socket(socket);
        for (const Reply& reply : replies)
            out.topic({"feed", reply.channel, Kind::price, 0, {}, 0});
        return Status();
    };
    socket.silence = day;
    std::uint16_t status = 503;
    network.on_request = [&](const Request& request) {
        return FakeNetwork::reply(request.url.find("bad") != std::string::npos ? status : 200,
                                  "[]");
    };
    start();
    network.pass(second);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 good"));
    EXPECT_THAT(story(), testing::Not(HasSubstr("closed")));
    network.pass(10 * minute);
    EXPECT_EQ(figures.plans.get(), 1U) << "the same failure makes no new plan";
    status = 200;
    network.pass(2 * minute);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 good", "sub 2 bad"));
    status = 451;  // later: the list that is known goes on
    network.pass(3 * hour);
    EXPECT_THAT(story(), testing::Not(HasSubstr("closed")));
    EXPECT_THAT(network.alive(), SizeIs(1));
}

TEST_F(PlanningTest, ABlockedHostOfAllListsIsAnOutageThatIsTold) {
    venue.on_prepare = [](PlanWriter& out) {
        for (const std::string_view name : {"a", "b", "c", "d", "e", "f"}) {
            Poll lists;
            lists.channel = name;
            lists.about = Kind::instrument;
            lists.url = "https://api.example/lists";
            lists.every = hour;
            out.poll(lists);
        }
    };
    subscribe_to({"a"});
    answer(451, "not here");
    start();
    network.pass(hour);
    EXPECT_EQ(story(), "response:0 closed:0");
}

TEST_F(PlanningTest, NobodyWaitsForASocketWithoutTopics) {
    ask_for_lists(hour);
    venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) {
        Socket other = socket;
        other.name = "other";
        out.socket(socket);
        out.socket(other);
        out.topic({"feed", "a", Kind::price, 0, {}, 0});
        if (replies[0].body == "both") out.topic({"other", "b", Kind::price, 0, {}, 0});
        return Status();
    };
    socket.silence = day;
    answer(200, "one");
    start();
    network.pass(second);
    static_cast<void>(frames());
    EXPECT_THAT(told_plans, ElementsAre("feed"));
    EXPECT_EQ(network.connects, 1U);
    answer(200, "both");
    network.pass(2 * hour);
    EXPECT_EQ(network.connects, 2U);
    static_cast<void>(frames());
    network.on_connect = [this](Link& to) { network.end(to, Ending::connect); };
    network.end(*network.alive().back(), Ending::lost);
    answer(200, "one");
    network.pass(2 * hour);
    const auto seen = frames();
    ASSERT_THAT(only(seen, FrameType::closed), SizeIs(1));
    ASSERT_THAT(only(seen, FrameType::subscribed), SizeIs(1)) << "its outage is over";
    EXPECT_EQ(only(seen, FrameType::subscribed)[0].channel, "other");
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

TEST_F(PlanningTest, AMarketThatTheVenueLacksIsToldOnce) {
    ask_for_lists(minute);
    answer(200, "a list");
    venue.on_plan = [this](std::span<const Reply>, PlanWriter& out) {
        out.socket(socket);
        out.topic({"feed", "a", Kind::price, 0, {}, 0});
        out.missing("XYZ", "no perpetual contract");
        return Status();
    };
    socket.silence = day;
    start();
    network.pass(second);
    answer(200, "another list");  // leads to another plan
    network.pass(5 * minute);
    const auto seen = frames();
    const auto gaps = only(seen, FrameType::gap);
    ASSERT_THAT(gaps, SizeIs(1));
    EXPECT_EQ(gaps[0].channel, missing_channel);
    EXPECT_EQ(gaps[0].bytes, "XYZ: no perpetual contract");
    EXPECT_THAT(told_plans, SizeIs(1)) << "nothing was out";
}

/// A socket whose address and topics stand in a list, as those of venues that take no messages.
class RedeclaredTest : public PlanningTest {
protected:
    RedeclaredTest() {
        ask_for_lists(hour);
        venue.on_plan = [this](std::span<const Reply> replies, PlanWriter& out) {
            Socket other = socket;
            const std::string url = "wss://feed.example/" + std::string(replies[0].body);
            other.url = url;
            out.socket(other);
            for (const char& letter : replies[0].body) {
                out.topic({"feed", {&letter, 1}, Kind::price, 0, {}, 0});
            }
            return Status();
        };
        socket.silence = day;
        answer(200, "ab");
    }
    /// Until the new list is there; it is asked for every hour.
    void pass_to_new_list(const std::string& names) {
        answer(200, names);
        const std::uint64_t plans = figures.plans.get();
        for (int i = 0; i < 7200 && figures.plans.get() == plans; ++i) network.pass(second);
        EXPECT_EQ(figures.plans.get(), plans + 1);
    }
    /// Only this address can be reached; others hang.
    void open_only(std::string_view url_end) {
        network.on_connect = [this, end = std::string(url_end)](Link& link) {
            if (link.url.ends_with(end)) network.accept(link);
        };
    }
};

TEST_F(RedeclaredTest, ItsConnectionDeliversUntilItsSuccessorIsSubscribed) {
    start();
    network.pass(second);
    static_cast<void>(frames());
    network.on_send = {};  // subscriptions are not confirmed yet
    pass_to_new_list("bc");
    network.pass(5 * second);
    ASSERT_THAT(network.alive(), SizeIs(2));
    Link& before = *network.alive()[0];
    Link& after = *network.alive()[1];
    EXPECT_EQ(before.url, "wss://feed.example/ab");
    EXPECT_THAT(before.sent, ElementsAre("sub 1 a b"));
    EXPECT_EQ(after.url, "wss://feed.example/bc");
    EXPECT_THAT(after.sent, ElementsAre("sub 1 b c"));
    network.say(before, "data a 1");
    EXPECT_THAT(only(frames(), FrameType::data), SizeIs(1));
    network.say(after, "ok 1");
    network.say(before, "data a 2");
    network.pass(3 * second);
    EXPECT_THAT(network.alive(), ElementsAre(&after));
    const auto told = frames();
    EXPECT_THAT(only(told, FrameType::data), SizeIs(2));  // the confirmation as well
    EXPECT_THAT(only(told, FrameType::subscribed), SizeIs(1));
    EXPECT_THAT(only(told, FrameType::closed), SizeIs(0));
    EXPECT_THAT(only(told, FrameType::gap), SizeIs(0));
    EXPECT_EQ(over(Cause::redeclared), 1U);
    EXPECT_EQ(figures.socket("feed").open.get(), 1);
    EXPECT_EQ(figures.socket("feed").topics.get(), 2);
}

TEST_F(RedeclaredTest, ASuccessorThatCannotConnectIsTriedAgainWhileTheOldOneDelivers) {
    start();
    network.pass(second);
    static_cast<void>(frames());
    network.on_connect = [this](Link& link) { network.end(link, Ending::connect); };
    pass_to_new_list("bc");
    network.pass(minute);
    EXPECT_EQ(story(), "response:0");
    network.say(*network.links[0], "data a 1");
    EXPECT_THAT(only(frames(), FrameType::data), SizeIs(1));
    network.on_connect = {};
    network.pass(5 * minute);
    ASSERT_THAT(network.alive(), SizeIs(1));
    EXPECT_EQ(network.alive()[0]->url, "wss://feed.example/bc");
}

TEST_F(RedeclaredTest, AReplacementUnderWayGoesToTheNewAddress) {
    start();
    network.pass(second);
    open_only("/bc");
    network.say(link(), "bye");
    pass_to_new_list("bc");
    network.pass(10 * second);
    ASSERT_THAT(network.alive(), SizeIs(1));
    EXPECT_EQ(network.alive()[0]->url, "wss://feed.example/bc");
}

TEST_F(RedeclaredTest, WhatIsNotOpenYetIsOpenedAtTheNewAddress) {
    open_only("/bc");
    start();
    network.pass(second);
    pass_to_new_list("bc");
    network.pass(second);
    EXPECT_EQ(network.connects, 2U);
    EXPECT_THAT(story(), HasSubstr("opened:2 subscribed:2"));
    EXPECT_EQ(figures.socket("feed").open.get(), 1);
}

TEST_F(RedeclaredTest, IfTheOldOneIsLostMeanwhileTheOutageIsTold) {
    start();
    network.pass(second);
    static_cast<void>(frames());
    network.on_connect = [this](Link& link) { network.end(link, Ending::connect); };
    pass_to_new_list("bc");
    network.pass(minute);
    network.on_connect = {};
    network.end(*network.links[0], Ending::lost);
    network.pass(5 * minute);
    EXPECT_THAT(story(), testing::MatchesRegex("response:0 closed:1 opened:[0-9]+ gap:[0-9]+ "
                                               "subscribed:[0-9]+"));
    EXPECT_EQ(link().url, "wss://feed.example/bc");
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
    EXPECT_EQ(seen[0].bytes, stop_reason);
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace spillway::live
