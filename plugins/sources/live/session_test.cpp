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
