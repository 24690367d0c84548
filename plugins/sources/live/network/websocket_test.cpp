#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/client.hpp"
#include "testing/server.hpp"
#include "testing/trust.hpp"

namespace spillway::live::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int text_frame = 1;
constexpr int binary_frame = 2;
constexpr int close_frame = 8;
constexpr int ping_frame = 9;
constexpr int pong_frame = 10;

std::string url_of(const Server& server) { return "ws://" + server.address() + "/v5?x=1"; }

/// What a connection to a server that accepts and then runs `script` comes to.
Ended end_of(const Server::Script& script, NetworkSettings settings = direct()) {
    const Server server(nullptr, [&](Peer& peer) {
        accept_websocket(peer);
        script(peer);
    });
    Client client(settings);
    Events events;
    auto connection = client.open(url_of(server), events);
    const Ended ended = events.wait_for_end();
    client.close(std::move(connection));
    return ended;
}

/// The same for a server that answers the handshake with this.
Ended answer_of(const std::string& answer) {
    const Server server(nullptr, [&](Peer& peer) {
        peer.receive_head();
        peer.send(answer);
        peer.wait_for_end();
    });
    Client client(direct());
    Events events;
    auto connection = client.open(url_of(server), events);
    const Ended ended = events.wait_for_end();
    client.close(std::move(connection));
    return ended;
}

TEST(WebSocket, OverTlsEchoesAndNamesHostAndAgent) {
    const Trust trust;
    std::promise<std::string> head;
    const Server server(&trust.server, [&](Peer& peer) {
        head.set_value(accept_websocket(peer));
        while (true) {
            const WebSocketFrame frame = receive_frame(peer);
            peer.send(websocket_frame(frame.opcode, frame.payload));
        }
    });
    Client client(trust.gateway(server.address()));
    Events events;
    auto connection = client.open("wss://stream.test/v5/linear", events);
    EXPECT_EQ(events.next(), "opened");
    const std::string large(100'000, 'x');
    client.run([&](Network&) {
        connection->send("one");
        connection->send(large);  // waits for the one before
        connection->send("three");
    });
    EXPECT_EQ(events.next(), "text:one");
    EXPECT_EQ(events.next(), "text:" + large);
    EXPECT_EQ(events.next(), "text:three");
    EXPECT_THAT(head.get_future().get(),
                AllOf(HasSubstr("GET /v5/linear HTTP/1.1"), HasSubstr("Host: stream.test\r\n"),
                      HasSubstr("User-Agent: spillway"), HasSubstr("permessage-deflate")));
    client.close(std::move(connection));
}

/// Says several things as soon as it can, as a subscriber does.
class Eager final : public SocketEvents {
public:
    void opened() override {
        for (const char* text : {"one", "two", "three"}) connection->send(text);
        events.opened();
    }
    void message(std::string_view bytes, bool binary) override { events.message(bytes, binary); }
    void heartbeat() override { events.heartbeat(); }
    void ended(const Ended& ended) override { events.ended(ended); }

    Events events;
    std::unique_ptr<Connection> connection;
};

TEST(WebSocket, SendsOnceWhatIsSaidBeforeAndWhileItOpens) {
    const Server server(nullptr, [&](Peer& peer) {
        accept_websocket(peer);
        while (true) {
            const WebSocketFrame frame = receive_frame(peer);
            peer.send(websocket_frame(frame.opcode, frame.payload));
        }
    });
    Client client(direct());
    Eager eager;
    client.run([&](Network& network) {
        eager.connection = network.open(url_of(server), eager);
        eager.connection->send("zero");
    });
    EXPECT_EQ(eager.events.next(), "opened");
    for (const std::string text : {"zero", "one", "two", "three"}) {
        EXPECT_EQ(eager.events.next(), "text:" + text);
    }
    client.close(std::move(eager.connection));
}

TEST(WebSocket, InflatesMessages) {
    const std::string text(50'000, 'a');
    const Server server(nullptr, [&](Peer& peer) {
        accept_websocket(peer, true);
        peer.send(websocket_frame(text_frame, deflated(text), true));
        peer.send(websocket_frame(binary_frame, "plain"));
        peer.wait_for_end();
    });
    Client client(direct());
    Events events;
    auto connection = client.open(url_of(server), events);
    EXPECT_EQ(events.next(), "opened");
    EXPECT_EQ(events.next(), "text:" + text);
    EXPECT_EQ(events.next(), "binary:plain");
    client.close(std::move(connection));
}

TEST(WebSocket, AnswersPingsAndHearsPongs) {
    const Server server(nullptr, [&](Peer& peer) {
        accept_websocket(peer);
        peer.send(websocket_frame(ping_frame, "hi"));
        const WebSocketFrame pong = receive_frame(peer);
        const bool good = pong.opcode == pong_frame && pong.payload == "hi";
        peer.send(websocket_frame(text_frame, good ? "good" : "bad"));
        const WebSocketFrame ping = receive_frame(peer);
        peer.send(websocket_frame(pong_frame, ping.payload));
        peer.wait_for_end();
    });
    Client client(direct());
    Events events;
    auto connection = client.open(url_of(server), events);
    EXPECT_EQ(events.next(), "opened");
    EXPECT_EQ(events.next(), "heartbeat");
    EXPECT_EQ(events.next(), "text:good");
    client.run([&](Network&) { connection->ping(); });
    EXPECT_EQ(events.next(), "heartbeat");
    client.close(std::move(connection));
}

TEST(WebSocket, ClosesInOrder) {
    std::promise<std::string> goodbye;
    const Server server(nullptr, [&](Peer& peer) {
        accept_websocket(peer);
        const WebSocketFrame frame = receive_frame(peer);
        goodbye.set_value(frame.opcode == close_frame ? frame.payload : "none");
        peer.send(websocket_frame(close_frame, frame.payload));
        peer.wait_for_end();
    });
    Client client(direct());
    Events events;
    auto connection = client.open(url_of(server), events);
    EXPECT_EQ(events.next(), "opened");
    client.run([&](Network&) { connection->close(); });
    EXPECT_EQ(events.wait_for_end().how, Ending::stopped);
    EXPECT_EQ(goodbye.get_future().get(), "\x03\xe8");  // 1000
    client.close(std::move(connection));
}

TEST(WebSocket, CanBeClosedBeforeItIsOpen) {
    const Server server(nullptr, [](Peer& peer) { peer.wait_for_end(); });
    Client client(direct());
    Events events;
    std::unique_ptr<Connection> connection;
    client.run([&](Network& network) {
        connection = network.open(url_of(server), events);
        connection->close();
    });
    EXPECT_EQ(events.wait_for_end().how, Ending::stopped);
    client.close(std::move(connection));
}

TEST(WebSocket, TellsTheCodeOfTheServersClose) {
    const Ended ended = end_of([](Peer& peer) {
        peer.send(websocket_frame(close_frame, std::string("\x03\xf0 slow\nreader", 14)));
        peer.wait_for_end();
    });
    EXPECT_EQ(ended.how, Ending::closed);
    EXPECT_EQ(ended.code, 1008);
    EXPECT_THAT(ended.why, HasSubstr("1008: slow reader"));
    const Ended silent = end_of([](Peer& peer) { peer.send(websocket_frame(close_frame, "")); });
    EXPECT_EQ(silent.code, 1005);
}

TEST(WebSocket, DroppedInTheMiddleOfAFrameIsLost) {
    const std::string frame = websocket_frame(text_frame, std::string(1000, 'x'));
    const Ended cut = end_of([&](Peer& peer) { peer.send(frame.substr(0, 300)); });
    EXPECT_EQ(cut.how, Ending::lost) << cut.why;
    const Ended reset = end_of([&](Peer& peer) {
        peer.send(frame.substr(0, 300));
        peer.reset();
    });
    EXPECT_EQ(reset.how, Ending::lost) << reset.why;
}

TEST(WebSocket, SendingToSomebodyWhoIsGoneEndsItWithoutASignal) {
    const Server server(nullptr, [](Peer& peer) {
        accept_websocket(peer);
        peer.reset();
    });
    Client client(direct());
    Events events;
    auto connection = client.open(url_of(server), events);
    for (int i = 0; i < 100; ++i) {
        client.run([&](Network&) {
            connection->send(std::string(10'000, 'x'));
            connection->ping();
        });
    }
    const Ended ended = events.wait_for_end();
    EXPECT_EQ(ended.how, Ending::lost) << ended.why;
    client.close(std::move(connection));
}

TEST(WebSocket, RefusesMessagesAboveTheLimit) {
    NetworkSettings settings = direct();
    settings.max_message = 10'000;
    const Ended ended = end_of(
        [](Peer& peer) {
            peer.send(websocket_frame(text_frame, std::string(10'001, 'x')));
            peer.wait_for_end();
        },
        settings);
    EXPECT_EQ(ended.how, Ending::too_large) << ended.why;
    EXPECT_EQ(ended.size, 10'001U);
    EXPECT_THAT(ended.head, StartsWith("xxx"));
    // Only the beginning of it ever comes.
    const Ended huge = end_of(
        [](Peer& peer) {
            peer.send(std::string("\x82\x7f\x00\x00\x01\x00\x00\x00\x00\x00 head", 15));
            peer.wait_for_end();
        },
        settings);
    EXPECT_EQ(huge.how, Ending::too_large) << huge.why;
    EXPECT_EQ(huge.size, std::uint64_t{1} << 40);
    EXPECT_EQ(huge.head, " head");
}

TEST(WebSocket, RefusesWhatUnpacksAboveTheLimit) {
    NetworkSettings settings = direct();
    settings.max_message = 10'000;
    const Server server(nullptr, [](Peer& peer) {
        accept_websocket(peer, true);
        peer.send(websocket_frame(text_frame, deflated(std::string(1 << 20, 'x')), true));
        peer.wait_for_end();
    });
    Client client(settings);
    Events events;
    auto connection = client.open(url_of(server), events);
    EXPECT_EQ(events.wait_for_end().how, Ending::too_large);
    client.close(std::move(connection));
}

TEST(WebSocket, TakesMessagesUpToTheLimitAndOfManyFrames) {
    NetworkSettings settings = direct();
    settings.max_message = 10'000;
    std::string first = websocket_frame(text_frame, std::string(9'999, 'x'));
    first[0] = static_cast<char>(text_frame);  // without the bit of the last frame
    const Ended ended = end_of(
        [&](Peer& peer) {
            peer.send(websocket_frame(text_frame, std::string(10'000, 'x')));
            peer.send(first + websocket_frame(ping_frame, "in between") + websocket_frame(0, "y"));
            peer.send(websocket_frame(text_frame, ""));
            peer.send(first + websocket_frame(0, "yz"));
            peer.wait_for_end();
        },
        settings);
    EXPECT_EQ(ended.how, Ending::too_large) << ended.why;
    EXPECT_EQ(ended.size, 10'001U);
}

TEST(WebSocket, ShowsTextThatIsNoUtf8) {
    for (const std::string& text : {std::string("abc\xff\xfe"), std::string("\xc3")}) {
        const Ended ended = end_of([&](Peer& peer) {
            peer.send(websocket_frame(text_frame, "a longer message before"));
            peer.send(websocket_frame(text_frame, text));
            peer.wait_for_end();
        });
        EXPECT_EQ(ended.how, Ending::malformed) << ended.why;
        EXPECT_EQ(ended.head, text);
        EXPECT_EQ(ended.size, text.size());
    }
}

TEST(WebSocket, RefusesInvalidUtf8AndBrokenFrames) {
    for (const std::string& bytes :
         {websocket_frame(text_frame, "\xff\xfe"), websocket_frame(3, "reserved opcode"),
          websocket_frame(text_frame, "compressed without agreement", true),
          websocket_frame(close_frame, "x"), std::string("HTTP/1.1 200 OK\r\n\r\n")}) {
        const Ended ended = end_of([&](Peer& peer) {
            peer.send(bytes);
            peer.wait_for_end();
        });
        EXPECT_EQ(ended.how, Ending::malformed) << ended.why;
    }
}

TEST(WebSocket, DeclinedTellsStatusAndWhenToComeBack) {
    const Ended limited = answer_of(
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 9\r\n\r\nslow down");
    EXPECT_EQ(limited.how, Ending::status);
    EXPECT_EQ(limited.code, 429);
    EXPECT_EQ(limited.retry_after, 7 * second);
    EXPECT_THAT(limited.why, HasSubstr("slow down"));
    const Ended dated = answer_of(
        "HTTP/1.1 503 No\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\nContent-Length: "
        "0\r\n\r\n");
    EXPECT_EQ(dated.code, 503);
    EXPECT_EQ(dated.retry_after, 0);
    const Ended blocked = answer_of("HTTP/1.1 451 Blocked\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(blocked.code, 451);
    EXPECT_EQ(blocked.retry_after, std::nullopt);
    EXPECT_THAT(blocked.why, HasSubstr("country"));
    const Ended moved = answer_of(
        "HTTP/1.1 301 Moved\r\nLocation: https://new.test/?key=secret\r\nContent-Length: "
        "0\r\n\r\n");
    EXPECT_EQ(moved.how, Ending::status);
    EXPECT_THAT(moved.why, AllOf(HasSubstr("https://new.test/,"), HasSubstr("not followed")));
}

TEST(WebSocket, HandshakeMustBeOne) {
    EXPECT_EQ(answer_of("SSH-2.0-OpenSSH_9.2\r\n\r\n").how, Ending::malformed);
    EXPECT_EQ(answer_of("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                        "Sec-WebSocket-Accept: bm8=\r\n\r\n")
                  .how,
              Ending::malformed);
    EXPECT_EQ(answer_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").how, Ending::status);
}

TEST(WebSocket, SilentHandshakeEndsInTime) {
    NetworkSettings settings = direct();
    settings.connect_timeout = 100 * millisecond;
    const Server server(nullptr, [](Peer& peer) { peer.wait_for_end(); });
    Client client(settings);
    Events events;
    auto connection = client.open(url_of(server), events);
    const Ended ended = events.wait_for_end();
    EXPECT_EQ(ended.how, Ending::silent) << ended.why;
    client.close(std::move(connection));
}

TEST(WebSocket, NeedsAWebSocketUrl) {
    Client client(direct());
    Events events;
    auto connection = client.open("https://x.test/?key=secret", events);
    EXPECT_EQ(events.wait_for_end().why, "a WebSocket needs wss://, not https://x.test/");
    client.close(std::move(connection));
}

}  // namespace
}  // namespace spillway::live::testing
