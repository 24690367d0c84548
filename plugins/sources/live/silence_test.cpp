// When nothing comes: of a connection, of one topic.

#include "testing/driver_fixture.hpp"

namespace spillway::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SilenceTest : public DriverTest {};

TEST_F(SilenceTest, AConnectionOnWhichNothingComesIsDead) {
    socket.silence = 30 * second;
    subscribe_to({"a"});
    start();
    network.pass(29 * second);
    static_cast<void>(frames());
    network.pass(3 * second);
    const auto seen = frames();
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen[0].type, FrameType::closed);
    EXPECT_THAT(seen[0].bytes, HasSubstr("nothing arrived for 30s"));
    EXPECT_EQ(over(Cause::silent), 1U);
    EXPECT_EQ(network.connects, 2U);
}

TEST_F(SilenceTest, AClockThatIsSetNeitherKillsConnectionsNorKeepsDeadOnes) {
    socket.silence = 30 * second;
    socket.ping_every = 20 * second;
    subscribe_to({"a"}, 10 * second);
    start();
    for (const Duration by : {hour, -2 * hour}) {
        network.set_clock(by);
        network.pass(second);
        network.say(link(), "data a");
        network.pass(21 * second);
        network.say(link(), "data a");
    }
    EXPECT_EQ(network.connects, 1U);
    EXPECT_EQ(link().pings, 2U);
    EXPECT_THAT(only(frames(), FrameType::gap), IsEmpty());
    network.set_clock(-hour);
    network.pass(35 * second);
    EXPECT_EQ(over(Cause::silent), 1U);
    EXPECT_EQ(network.connects, 2U);
}

TEST_F(SilenceTest, HeartbeatsOfTheWebSocketLayerKeepItAlive) {
    socket.silence = 30 * second;
    subscribe_to({"a"});
    start();
    for (int i = 0; i < 10; ++i) {
        network.pass(20 * second);
        link().events->heartbeat();
    }
    EXPECT_EQ(network.connects, 1U);
}

TEST_F(SilenceTest, ATopicThatFallsSilentIsAGapThenAnotherSubscriptionThenAnotherConnection) {
    subscribe_to({"a", "b"}, second);
    start();
    const auto talk = [this](int seconds, bool of_b) {
        for (int i = 0; i < seconds; ++i) {
            for (Link* open : network.alive()) {
                network.say(*open, "data a");
                if (of_b) network.say(*open, "data b");
            }
            network.pass(second);
        }
    };
    network.pass(millisecond);
    talk(5, true);
    EXPECT_EQ(story(), "opened:1 subscribed:1");
    talk(5, false);
    const auto gaps = only(frames(), FrameType::gap);
    ASSERT_THAT(gaps, SizeIs(1));
    EXPECT_EQ(gaps[0].channel, "stale.price");
    EXPECT_THAT(gaps[0].bytes, HasSubstr(": b"));
    EXPECT_EQ(link().sent[link().sent.size() - 2], "unsub 2 b");
    EXPECT_EQ(link().sent.back(), "sub 3 b");
    EXPECT_EQ(network.connects, 1U);
    talk(12, false);
    EXPECT_EQ(over(Cause::stale), 1U);
    EXPECT_EQ(network.connects, 2U);
    // Over another connection b is still silent: that ends with its data, not with those of a.
    const auto is_end = [](const SeenFrame& frame) {
        return frame.type == FrameType::subscribed && frame.channel == "stale.price";
    };
    talk(1, false);
    const auto before = frames();
    EXPECT_TRUE(std::none_of(before.begin(), before.end(), is_end));
    talk(1, true);
    const auto after = frames();
    EXPECT_EQ(std::count_if(after.begin(), after.end(), is_end), 1);
}

TEST_F(SilenceTest, ASilentTopicThatIsNotWantedAnyMoreIsNoLongerMissed) {
    std::string wanted = "ab";
    Duration every = minute;
    venue.on_prepare = [&](PlanWriter& out) {
        Poll lists;
        lists.channel = "lists";
        lists.url = "https://api.example/lists";
        lists.every = every;
        out.poll(lists);
    };
    network.on_request = [&](const Request&) { return FakeNetwork::reply(200, wanted); };
    venue.on_plan = [&](std::span<const Reply> replies, PlanWriter& out) {
        out.socket(socket);
        for (const char& letter : replies[0].body) {
            out.topic({"feed", {&letter, 1}, Kind::funding_rate, second, {}, 0});
        }
        return Status();
    };
    start();
    const auto talk = [this](int seconds) {
        for (int i = 0; i < seconds; ++i) {
            for (Link* open : network.alive()) network.say(*open, "data a");
            network.pass(second);
        }
    };
    talk(10);
    EXPECT_THAT(only(frames(), FrameType::gap), SizeIs(1));
    wanted = "a";
    talk(150);
    const auto seen = frames();
    EXPECT_TRUE(std::any_of(seen.begin(), seen.end(), [](const SeenFrame& frame) {
        return frame.type == FrameType::subscribed && frame.channel == "stale.funding_rate";
    }));
}

TEST_F(SilenceTest, ATopicThatNeverSpokeDoesNotTakeTheOthersDown) {
    subscribe_to({"a", "dead"}, second);
    start();
    network.pass(millisecond);
    for (int i = 0; i < 3600; ++i) {
        network.say(link(), "data a");
        network.pass(second);
    }
    EXPECT_EQ(network.connects, 1U);
    EXPECT_THAT(only(frames(), FrameType::gap), SizeIs(1));
    EXPECT_LT(link().sent.size(), 60U);
}

TEST_F(SilenceTest, AConnectionThatOnlyAnswersHeartbeatsIsMadeAnew) {
    socket.ping_every = 5 * second;
    socket.ping = "ping";
    network.on_send = [this](Link& to, const std::string& text) {
        if (text == "ping") network.say(to, "pong");
        confirm(to, text);
    };
    subscribe_to({"a"}, second);
    start();
    network.pass(minute);
    EXPECT_GE(over(Cause::stale), 1U);
    EXPECT_GE(network.connects, 2U);
}

TEST_F(SilenceTest, DataWithoutANamedTopicSpeaksForAll) {
    subscribe_to({"a"}, second);
    start();
    for (int i = 0; i < 20; ++i) {
        network.pass(second);
        network.say(link(), "tick");
    }
    EXPECT_THAT(only(frames(), FrameType::gap), IsEmpty());
}

}  // namespace
}  // namespace spillway::live
