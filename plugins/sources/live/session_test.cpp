#include <zlib.h>

#include "testing/driver_fixture.hpp"

namespace spillway::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SessionTest : public DriverTest {};

TEST_F(SessionTest, OpensSubscribesAndDelivers) {
    subscribe_to({"a", "b"});
    socket.hello = "hello";
    start();
    network.pass(second);
    EXPECT_THAT(link().sent, ElementsAre("hello", "sub 1 a b"));
    network.say(link(), "data a 1");
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(4));
    EXPECT_EQ(seen[0].type, FrameType::opened);
    EXPECT_EQ(seen[0].channel, "feed");
    EXPECT_EQ(seen[1].bytes, "ok 1");
    EXPECT_EQ(seen[2].type, FrameType::subscribed);
    EXPECT_EQ(seen[3].bytes, "data a 1");
    EXPECT_EQ(seen[3].time, network.now());
    EXPECT_EQ(seen[3].session, 1U);
}

TEST_F(SessionTest, MessagesKeepTheVenuesLimits) {
    socket.topics_per_message = 2;
    socket.messages_per_second = 2;
    subscribe_to({"a", "b", "c", "d", "e", "f", "g"});
    start();
    network.pass(millisecond);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a b"));
    network.pass(second);
    EXPECT_THAT(link().sent, SizeIs(3));
    network.pass(second);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a b", "sub 2 c d", "sub 3 e f", "sub 4 g"));
    EXPECT_EQ(story(), "opened:1 subscribed:1");
}

TEST_F(SessionTest, BytesOfTopicsInAMessageAreLimitedToo) {
    socket.topic_bytes_per_message = 6;
    subscribe_to({"aaa", "bbb", "ccc"});
    start();
    network.pass(second);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 aaa bbb", "sub 2 ccc"));
}

TEST_F(SessionTest, AnswersMayNameTopics) {
    network.on_send = {};
    subscribe_to({"a", "b"});
    start();
    network.pass(second);
    network.say(link(), "ok topic b");
    EXPECT_EQ(story(), "opened:1");
    network.say(link(), "ok topic a");
    EXPECT_EQ(story(), "subscribed:1");
}

TEST_F(SessionTest, AVenueThatNeverAnswersIsNotBelieved) {
    network.on_send = {};
    subscribe_to({"a"});
    start();
    network.pass(9 * second);
    EXPECT_EQ(story(), "opened:1");
    network.pass(2 * second);
    EXPECT_EQ(story(), "gap:1");
    network.pass(hour);
    EXPECT_THAT(story(), testing::Not(HasSubstr("subscribed")));
    EXPECT_GE(over(Cause::unanswered), 2U);
}

TEST_F(SessionTest, DataOfATopicIsAnAnswer) {
    network.on_send = {};
    subscribe_to({"a"});
    start();
    network.pass(second);
    network.say(link(), "data a 1");
    EXPECT_EQ(story(), "opened:1 subscribed:1");
}

TEST_F(SessionTest, OneAnswerThatIsMissingIsAGapThenAnotherTryThenAnotherConnection) {
    socket.topics_per_message = 1;
    network.on_send = [this](Link& to, const std::string& text) {
        if (text.find(" b") == std::string::npos) confirm(to, text);
    };
    subscribe_to({"a", "b"});
    start();
    network.pass(11 * second);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a", "sub 2 b", "sub 3 b"));
    const auto gaps = only(frames(), FrameType::gap);
    ASSERT_THAT(gaps, SizeIs(1));
    EXPECT_THAT(gaps[0].bytes, HasSubstr("no answer to the subscription of b"));
    network.pass(15 * second);
    EXPECT_EQ(over(Cause::unanswered), 1U);
    EXPECT_EQ(network.connects, 2U);
}

TEST_F(SessionTest, ABadTopicIsFoundInItsMessageAndTheOthersAreSubscribed) {
    network.on_send = [this](Link& to, const std::string& text) {
        if (text.find(" bad") == std::string::npos) return confirm(to, text);
        network.say(to, "no");
    };
    subscribe_to({"a", "b", "bad", "c", "d"});
    start();
    network.pass(second);
    // The refusal itself reaches the decoder, which knows what it is about.
    EXPECT_EQ(figures.socket("feed").refused.get(), 1);
    const auto told = frames();
    ASSERT_THAT(only(told, FrameType::gap), SizeIs(1));
    EXPECT_EQ(only(told, FrameType::gap)[0].channel, "refused.price");
    EXPECT_EQ(only(told, FrameType::gap)[0].bytes, "refused: bad");
    EXPECT_EQ(told.back().type, FrameType::subscribed);  // the others are there
    EXPECT_EQ(told.back().channel, "feed");
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a b bad c d", "sub 2 a b", "sub 3 bad c d",
                                         "sub 4 bad", "sub 5 c d"));
    // Listed at last: it is asked for again.
    network.on_send = [this](Link& to, const std::string& text) { confirm(to, text); };
    socket.silence = hour;
    for (int i = 0; i < 11 * 60; ++i) {
        network.say(link(), "data a");
        network.pass(second);
    }
    const auto end = only(frames(), FrameType::subscribed);
    ASSERT_THAT(end, SizeIs(1));
    EXPECT_EQ(end[0].channel, "refused.price");
    EXPECT_EQ(figures.socket("feed").refused.get(), 0);
}

TEST_F(SessionTest, ATopicWithoutWordsIsRefusedByUs) {
    venue.refuses_to_write = "x";
    subscribe_to({"a", "x"});
    start();
    network.pass(second);
    EXPECT_EQ(figures.socket("feed").refused.get(), 1);
    EXPECT_THAT(link().sent, ElementsAre("sub 2 a"));
}

TEST_F(SessionTest, SaysThatItIsAlive) {
    socket.ping_every = 20 * second;
    socket.ping = "ping";
    subscribe_to({"a"});
    start();
    network.on_send = [this](Link& to, const std::string& text) {
        if (text == "ping") network.say(to, "pong");
        confirm(to, text);
    };
    network.pass(61 * second);
    EXPECT_EQ(std::count(link().sent.begin(), link().sent.end(), "ping"), 3);
    EXPECT_EQ(network.connects, 1U);  // pongs are a sign of life as well
    EXPECT_THAT(only(frames(), FrameType::data), SizeIs(4));
}

TEST_F(SessionTest, WithoutATextItPingsOnTheWebSocketLayer) {
    socket.ping_every = 20 * second;
    subscribe_to({"a"});
    start();
    network.pass(50 * second);
    EXPECT_EQ(link().pings, 2U);
}

TEST_F(SessionTest, AnswersTheVenuesPingBeforeAllElse) {
    socket.messages_per_second = 1;
    socket.topics_per_message = 1;
    subscribe_to({"a", "b", "c"});
    start();
    network.pass(millisecond);
    network.say(link(), "ping 17");
    network.pass(second);
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a", "17"));
}

TEST_F(SessionTest, AConnectionOnWhichNothingComesIsDead) {
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

TEST_F(SessionTest, AClockThatIsSetNeitherKillsConnectionsNorKeepsDeadOnes) {
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

TEST_F(SessionTest, HeartbeatsOfTheWebSocketLayerKeepItAlive) {
    socket.silence = 30 * second;
    subscribe_to({"a"});
    start();
    for (int i = 0; i < 10; ++i) {
        network.pass(20 * second);
        link().events->heartbeat();
    }
    EXPECT_EQ(network.connects, 1U);
}

TEST_F(SessionTest, AHoleInTheNumbersIsAGapAndANewConnection) {
    subscribe_to({"a"});
    start();
    network.pass(second);
    network.say(link(), "seq 1 a");
    network.say(link(), "seq 2 a");
    network.say(link(), "seq 2 a");  // a double is the decoder's
    static_cast<void>(frames());
    network.say(link(), "seq 5 a");
    network.pass(3 * second);
    const auto seen = frames();
    ASSERT_GE(seen.size(), 3U);
    EXPECT_EQ(seen[0].type, FrameType::gap);
    EXPECT_THAT(seen[0].bytes, HasSubstr("messages 3 to 4"));
    EXPECT_EQ(seen[1].bytes, "seq 5 a");
    EXPECT_EQ(seen[2].type, FrameType::closed);
    EXPECT_EQ(over(Cause::hole), 1U);
    EXPECT_EQ(network.connects, 2U);
    network.say(link(), "seq 1 a");  // numbers begin anew
    EXPECT_EQ(network.connects, 2U);
}

TEST_F(SessionTest, ATopicThatFallsSilentIsAGapThenAnotherSubscriptionThenAnotherConnection) {
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

TEST_F(SessionTest, ASilentTopicThatIsNotWantedAnyMoreIsNoLongerMissed) {
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

TEST_F(SessionTest, TheAnswerToTheEndOfASubscriptionIsNotThatToTheNextOne) {
    network.on_send = {};
    subscribe_to({"a", "b"}, second);
    start();
    network.pass(millisecond);
    network.say(link(), "ok topic a");
    network.say(link(), "ok topic b");
    for (int i = 0; i < 5; ++i) {
        network.say(link(), "data a");
        if (i == 0) network.say(link(), "data b");
        network.pass(second);
    }
    EXPECT_THAT(link().sent, ElementsAre("sub 1 a b", "unsub 2 b", "sub 3 b"));
    network.say(link(), "ok topic b");  // to 2
    static_cast<void>(frames());
    for (int i = 0; i < 11; ++i) {
        network.say(link(), "data a");
        network.pass(second);
    }
    const auto gaps = only(frames(), FrameType::gap);
    ASSERT_THAT(gaps, SizeIs(1));
    EXPECT_THAT(gaps[0].bytes, HasSubstr("no answer to the subscription of b"));
    EXPECT_EQ(link().sent.back(), "sub 4 b");
}

TEST_F(SessionTest, ATopicThatNeverSpokeDoesNotTakeTheOthersDown) {
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

TEST_F(SessionTest, AConnectionThatOnlyAnswersHeartbeatsIsMadeAnew) {
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

TEST_F(SessionTest, DataWithoutANamedTopicSpeaksForAll) {
    subscribe_to({"a"}, second);
    start();
    for (int i = 0; i < 20; ++i) {
        network.pass(second);
        network.say(link(), "tick");
    }
    EXPECT_THAT(only(frames(), FrameType::gap), IsEmpty());
}

std::string gzip(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

TEST_F(SessionTest, GzipIsUnpackedUpToTheLimit) {
    socket.gzip = true;
    subscribe_to({"a"});
    start();
    network.pass(second);
    static_cast<void>(frames());
    const std::string large = "data a " + std::string(200'000, 'x');
    network.say(link(), gzip("data a 1"), true);
    network.say(link(), gzip(large), true);
    network.say(link(), gzip("data a 2"), true);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(3));
    EXPECT_EQ(seen[0].bytes, "data a 1");
    EXPECT_EQ(seen[1].bytes, large);
    EXPECT_EQ(seen[2].bytes, "data a 2");
    network.say(link(), gzip(std::string(3U << 20U, 'x')), true);
    EXPECT_EQ(over(Cause::malformed), 1U);
    static_cast<void>(frames());
    EXPECT_EQ(letters, 1U);
}

TEST_F(SessionTest, DamagedGzipIsALetterAndANewConnection) {
    socket.gzip = true;
    subscribe_to({"a"});
    start();
    for (const std::string& bad : {std::string("no gzip"), gzip("data a").substr(0, 12)}) {
        network.pass(5 * second);
        network.say(link(), bad, true);
    }
    network.pass(5 * second);
    EXPECT_EQ(over(Cause::malformed), 2U);
    static_cast<void>(frames());
    EXPECT_EQ(letters, 2U);
    EXPECT_EQ(network.connects, 3U);
}

TEST_F(SessionTest, AMessageThatIsTooLargeIsALetterAndAGap) {
    subscribe_to({"a"});
    start();
    network.pass(second);
    static_cast<void>(frames());
    network.end(link(),
                {Ending::too_large, 0, "a message of 50000000 bytes", {}, "{\"x\":", 50'000'000});
    EXPECT_EQ(story(), "gap:1 closed:1");
    EXPECT_EQ(letters, 1U);
}

}  // namespace
}  // namespace spillway::live
