#include <set>

#include <spillway/feed_frames.hpp>

#include "testing/driver_fixture.hpp"

namespace spillway::live {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class StreamTest : public DriverTest {
protected:
    void refuse(std::uint16_t status, std::optional<Duration> retry_after = {}) {
        network.on_connect = [this, status, retry_after](Link& link) {
            network.end(link, {Ending::status, status, "refused", retry_after, {}, 0});
        };
    }
};

TEST_F(StreamTest, ReconnectsAfterTheVenueClosed) {
    socket.silence = hour;
    subscribe_to({"a"});
    start();
    for (const std::uint16_t code : std::initializer_list<std::uint16_t>{1000, 1001, 1006, 1011}) {
        network.pass(2 * minute);
        network.end(link(), Ending::closed, code);
        network.pass(2 * second);
    }
    EXPECT_EQ(over(Cause::closed), 4U);
    EXPECT_EQ(figures.socket("feed").connects.get(), 5U);
    EXPECT_EQ(figures.socket("feed").open.get(), 1);
}

TEST_F(StreamTest, AnOutageIsToldOnceAndOnceMoreWhenItsReasonChanges) {
    socket.silence = hour;
    subscribe_to({"a"});
    start();
    network.pass(second);
    network.on_connect = [this](Link& link) { network.end(link, Ending::connect); };
    network.end(link(), Ending::lost);
    network.pass(5 * minute);
    EXPECT_EQ(story(), "opened:1 subscribed:1 closed:1 gap:2");
    EXPECT_GT(network.connects, 5U);
    EXPECT_LT(network.connects, 60U);  // the waits grow
    network.on_connect = [this](Link& link) { network.end(link, Ending::dns); };
    network.pass(5 * minute);
    EXPECT_THAT(story(), testing::StartsWith("gap:"));
    network.on_connect = {};
    network.pass(2 * minute);
    const auto back = frames();
    const auto missed = only(back, FrameType::gap);
    ASSERT_THAT(missed, SizeIs(1));
    EXPECT_THAT(missed[0].bytes, testing::MatchesRegex("nothing was received from .* to .*"));
    EXPECT_EQ(back.back().type, FrameType::subscribed);
}

TEST_F(StreamTest, ASocketListensWhenAllOfItsConnectionsDo) {
    socket.topics_per_connection = 1;
    socket.silence = hour;
    subscribe_to({"a", "b"});
    int tries = 0;
    network.on_connect = [&](Link& to) {
        if (++tries == 2) return network.end(to, Ending::connect);
        network.accept(to);
    };
    start();
    network.pass(100 * millisecond);
    EXPECT_EQ(story(), "opened:1 closed:2");
    network.pass(minute);
    EXPECT_EQ(story(), "opened:3 subscribed:3");
    network.end(*network.links[0], Ending::lost);
    network.pass(minute);
    EXPECT_EQ(story(), "closed:1 opened:4 gap:4 subscribed:4");
    EXPECT_EQ(figures.socket("feed").gaps.get(), 1U);
}

TEST_F(StreamTest, AVenueThatWasNeverReachedIsToldToo) {
    network.on_connect = [this](Link& link) { network.end(link, Ending::tls); };
    subscribe_to({"a"});
    start();
    network.pass(hour);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].type, FrameType::closed);
    EXPECT_THAT(seen[0].bytes, HasSubstr("ca_file"));
}

TEST_F(StreamTest, ABlockedCountryIsReportedOnceWithWhatToDoAndTriedSeldom) {
    refuse(451);
    subscribe_to({"a"});
    start();
    network.pass(3 * hour);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_THAT(seen[0].bytes, HasSubstr("HTTP 451"));
    EXPECT_THAT(seen[0].bytes, HasSubstr("name a `proxy`"));
    EXPECT_LE(network.connects, 19U);
    EXPECT_GE(network.connects, 15U);
}

TEST_F(StreamTest, LimitsAndBansAreObeyed) {
    refuse(429, 30 * second);
    subscribe_to({"a"});
    start();
    network.pass(29 * second);
    EXPECT_EQ(network.connects, 1U);
    network.pass(5 * second);
    EXPECT_EQ(network.connects, 2U);
    refuse(418);
    network.pass(10 * minute);
    // 2, 4, 8 minutes and so on.
    EXPECT_LE(network.connects, 5U);
}

TEST_F(StreamTest, BurstsOf5xxAreRiddenOut) {
    refuse(503);
    subscribe_to({"a"});
    start();
    network.pass(minute);
    EXPECT_EQ(story(), "closed:1");
    network.on_connect = {};
    network.pass(2 * minute);
    EXPECT_THAT(story(), HasSubstr("opened"));
}

TEST_F(StreamTest, BeforeTheVenueCutsItAConnectionIsReplacedAndNothingIsMissed) {
    socket.lifetime = 24 * hour;
    socket.silence = 48 * hour;
    subscribe_to({"a"});
    start();
    network.pass(second);
    std::uint64_t number = 0;
    Time lived = 0;
    while (network.links.size() == 1 && lived < 25 * hour) {
        network.say(*network.links[0], "data a " + std::to_string(++number));
        network.pass(minute);
        lived += minute;
    }
    EXPECT_GT(lived, 20 * hour);
    EXPECT_LT(lived, 23 * hour);
    // Both deliver for a while; the frames of both are there.
    for (int i = 0; i < 50; ++i) {
        ++number;
        for (Link* open : network.alive()) {
            if (!open->goodbye) network.say(*open, "data a " + std::to_string(number));
        }
        network.pass(100 * millisecond);
    }
    EXPECT_THAT(network.alive(), SizeIs(1));
    EXPECT_EQ(network.alive()[0], network.links[1].get());
    const auto seen = frames();
    std::set<std::string> numbers;
    std::string changes;
    for (const SeenFrame& frame : seen) {
        if (frame.type != FrameType::data) {
            changes +=
                std::to_string(static_cast<int>(frame.type)) + std::to_string(frame.session) + " ";
        } else if (frame.bytes.starts_with("data")) {
            numbers.insert(frame.bytes);
        }
    }
    EXPECT_EQ(numbers.size(), number);
    EXPECT_EQ(changes, "01 11 12 ");  // opened, subscribed; subscribed: no `closed`
    EXPECT_EQ(over(Cause::lifetime), 1U);
    EXPECT_EQ(figures.socket("feed").open.get(), 1);
}

TEST_F(StreamTest, AReplacementThatFailsIsTriedAgainWhileTheOldOneDelivers) {
    socket.lifetime = hour;
    socket.silence = day;
    subscribe_to({"a"});
    start();
    network.pass(minute);
    static_cast<void>(frames());
    network.on_connect = [this](Link& link) { network.end(link, Ending::connect); };
    network.pass(59 * minute);
    EXPECT_EQ(story(), "");
    network.say(*network.links[0], "data a 1");
    EXPECT_THAT(frames(), SizeIs(1));
    network.on_connect = {};
    network.pass(2 * minute);
    EXPECT_THAT(network.alive(), SizeIs(1));
    EXPECT_NE(network.alive()[0], network.links[0].get());
}

TEST_F(StreamTest, AReplacementThatIsRefusedWaitsAsLongAsTheVenueAsks) {
    socket.silence = day;
    subscribe_to({"a"});
    start();
    network.pass(second);
    refuse(429, 5 * minute);
    network.say(link(), "bye");
    network.pass(second);
    EXPECT_EQ(network.connects, 2U);
    network.pass(2 * minute);
    EXPECT_EQ(network.connects, 2U);
    network.end(*network.links[0], Ending::closed, 1001);  // it holds without the old one as well
    network.pass(2 * minute);
    EXPECT_EQ(network.connects, 2U);
    network.on_connect = {};
    network.pass(2 * minute);
    EXPECT_EQ(network.connects, 3U);
}

TEST_F(StreamTest, ReplacementsAreSpacedAsWellAndDoNotHoldUpOthersBeforeTheirTime) {
    socket.lifetime = hour;
    socket.silence = day;
    socket.connects_per_minute = 0.1;
    socket.topics_per_connection = 1;
    subscribe_to({"a", "b", "c"});
    std::vector<Time> times;
    network.on_connect = [&](Link& link) {
        times.push_back(network.now());
        network.accept(link);
    };
    start();
    network.pass(25 * minute);
    EXPECT_THAT(times, SizeIs(3));
    network.pass(80 * minute);
    EXPECT_GE(times.size(), 6U);
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 10 * minute);
}

TEST_F(StreamTest, AVenueThatSaysGoodbyeIsLeftInTime) {
    subscribe_to({"a"});
    start();
    network.pass(second);
    network.say(link(), "bye");
    network.say(link(), "bye");
    network.pass(second);
    EXPECT_THAT(network.alive(), SizeIs(2));
    network.pass(3 * second);
    EXPECT_THAT(network.alive(), SizeIs(1));
    EXPECT_EQ(story(), "opened:1 subscribed:1 subscribed:2");
    EXPECT_EQ(over(Cause::leaving), 1U);
    EXPECT_EQ(over(Cause::stopped), 0U) << "a replaced connection is counted once";
}

TEST_F(StreamTest, WhatAReplacementMissesTheOldOneHas) {
    subscribe_to({"a"});
    start();
    network.pass(second);
    static_cast<void>(frames());
    network.on_send = {};  // no answers any more
    network.say(link(), "bye");
    for (int i = 0; i < 30; ++i) {
        network.pass(second);
        network.say(*network.links[0], "data a");
    }
    EXPECT_GE(network.connects, 2U);
    EXPECT_EQ(story(), "") << "the old one delivers";
    network.on_send = [this](Link& to, const std::string& text) { confirm(to, text); };
    for (int i = 0; i < 30 && !network.links[0]->goodbye; ++i) {
        network.pass(second);
        network.say(*network.links[0], "data a");
    }
    static_cast<void>(frames());
    // Garbage that the old one sends on its way out is of no interest.
    network.end(*network.links[0], {Ending::too_large, 0, "too large", {}, "{", 50'000'000});
    EXPECT_EQ(story(), "");
    EXPECT_EQ(letters, 0U);
}

TEST_F(StreamTest, IfTheOldOneBreaksDuringTheReplacementTheNewOneGoesOnAlone) {
    subscribe_to({"a"});
    start();
    network.pass(second);
    network.say(link(), "bye");
    network.pass(second);
    network.end(*network.links[0], Ending::closed, 1001);
    network.pass(second);
    EXPECT_EQ(network.connects, 2U);
    EXPECT_EQ(story(), "opened:1 subscribed:1 subscribed:2");  // nothing was missed
}

TEST_F(StreamTest, ConnectionsAreSpacedAsTheVenueWants) {
    socket.connects_per_minute = 12;
    socket.topics_per_connection = 1;
    subscribe_to({"a", "b", "c", "d"});
    start();
    network.pass(millisecond);
    EXPECT_EQ(network.connects, 1U);
    network.pass(15 * second);
    EXPECT_EQ(network.connects, 4U);
}

TEST_F(StreamTest, OneStuckConnectionDoesNotDisturbTheOthers) {
    socket.topics_per_connection = 1;
    socket.silence = 20 * second;
    subscribe_to({"a", "b", "c"});
    start();
    network.pass(second);
    Link* const stuck = network.links[1].get();
    for (int i = 0; i < 60; ++i) {
        for (Link* open : network.alive()) {
            if (open != stuck) network.say(*open, "data x");
        }
        network.pass(second);
    }
    EXPECT_EQ(network.connects, 4U);
    EXPECT_EQ(over(Cause::silent), 1U);
    EXPECT_THAT(only(frames(), FrameType::closed), SizeIs(1));
}

TEST_F(StreamTest, AThousandReconnectsLeaveNothingBehind) {
    subscribe_to({"a", "b"}, second);
    start();
    std::size_t most_pending = 0;
    for (int i = 0; i < 1000; ++i) {
        for (int wait = 0; network.alive().empty() && wait < 100; ++wait) network.pass(second);
        network.say(link(), "data a");
        network.end(link(), Ending::lost);
        network.pass(2 * second);
        network.forget_ended();
        static_cast<void>(frames());
        most_pending = std::max(most_pending, network.pending());
    }
    EXPECT_EQ(over(Cause::lost), 1000U);
    EXPECT_LE(most_pending, 8U);
    EXPECT_LE(network.links.size(), 2U);
    EXPECT_LE(figures.socket("feed").open.get(), 1);
    EXPECT_EQ(mailbox.waiting_bytes(), 0U);
}

TEST_F(StreamTest, TheWaitsBetweenReconnectsCanBeSet) {
    settings.reconnect_wait = 20 * millisecond;
    network.on_connect = [this](Link& link) { network.end(link, Ending::connect); };
    subscribe_to({"a"});
    start();
    network.pass(minute);
    EXPECT_GT(network.connects, 50U);  // waits of up to 1.2 s
}

TEST_F(StreamTest, FinishSaysGoodbyeAndThenEnds) {
    socket.topics_per_connection = 1;
    subscribe_to({"a", "b"});
    start();
    network.pass(second);
    static_cast<void>(frames());
    driver->finish();
    network.pass(second);
    EXPECT_TRUE(network.links[0]->goodbye);
    const auto seen = frames();
    EXPECT_THAT(only(seen, FrameType::closed), SizeIs(3));  // two connections and the venue
    for (const SeenFrame& frame : seen) EXPECT_EQ(frame.bytes, stop_reason);
    EXPECT_TRUE(ended);
}

TEST_F(StreamTest, FinishDoesNotWaitForEverForAVenueThatDoesNotAnswer) {
    network.answers_goodbye = false;
    subscribe_to({"a"});
    start();
    network.pass(second);
    static_cast<void>(frames());
    driver->finish();
    network.pass(6 * second);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].session, 1U);
    EXPECT_EQ(seen[0].bytes, stop_reason);
    EXPECT_EQ(seen[1].session, 0U);
    EXPECT_TRUE(ended);
    network.say(*network.links[0], "data a");
    network.end(*network.links[0], Ending::lost);
    EXPECT_EQ(story(), "") << "nothing comes behind the end";
}

TEST_F(StreamTest, AfterARestartWhatWasMissedIsToldForEachSocket) {
    subscribe_to({"a"});
    const Time before = network.now() - hour;
    start({41, before});
    network.pass(second);
    const auto seen = frames();
    EXPECT_THAT(told_plans, SizeIs(1));  // ends the `closed` of the run before
    ASSERT_THAT(seen, SizeIs(4));
    EXPECT_EQ(seen[0].type, FrameType::gap);
    EXPECT_THAT(seen[0].bytes, HasSubstr("the pipeline was down"));
    EXPECT_EQ(seen[0].session, 42U);
    EXPECT_EQ(seen[1].type, FrameType::opened);
    EXPECT_EQ(seen[1].session, 42U);
    EXPECT_EQ(seen[3].type, FrameType::subscribed);
}

}  // namespace
}  // namespace spillway::live
