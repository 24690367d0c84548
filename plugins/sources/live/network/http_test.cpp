#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "testing/client.hpp"
#include "testing/server.hpp"
#include "testing/trust.hpp"

namespace spillway::live::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string answer(const std::string& status, const std::string& headers, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           headers + "\r\n" + body;
}

std::string url_of(const Server& server) { return "http://" + server.address() + "/a?key=secret"; }

/// What a request comes to if the server sends this and waits.
Response response_to(const std::string& bytes, Duration timeout = 20 * second) {
    const Server server(nullptr, [&](Peer& peer) {
        peer.receive_head();
        peer.send(bytes);
        peer.wait_for_end();
    });
    Client client(direct());
    return client.get(url_of(server), timeout);
}

TEST(Http, GetsOverTlsAndKeepsTheConnection) {
    const Trust trust;
    std::atomic<int> heads = 0;
    const Server server(&trust.server, [&](Peer& peer) {
        while (true) {
            const std::string head = peer.receive_head();
            EXPECT_THAT(head, AllOf(HasSubstr("GET /time?x=1 HTTP/1.1"),
                                    HasSubstr("Host: stream.test\r\n"), HasSubstr("gzip")));
            peer.send(answer("200 OK", "X-Used-Weight: 5\r\n", std::to_string(++heads)));
        }
    });
    Client client(trust.gateway(server.address()));
    for (const char* body : {"1", "2", "3"}) {
        const Response response = client.get("https://stream.test/time?x=1");
        ASSERT_FALSE(response.failure) << response.failure->why;
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.body, body);
        EXPECT_GE(response.body.capacity(), response.body.size() + 64);
        EXPECT_EQ(response.header("x-used-weight"), "5");
        EXPECT_GT(response.took, 0);
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST(Http, PostsABodyAndHeaders) {
    const Server server(nullptr, [](Peer& peer) {
        const std::string head = peer.receive_head();
        peer.send(answer("200 OK", "", head + peer.receive_exactly(7)));
    });
    Client client(direct());
    Request request;
    request.method = Method::post;
    request.url = url_of(server);
    request.body = "{\"a\":1}";
    request.headers = {{"x-key", "k"}};
    const Response response = client.start(std::move(request)).get();
    EXPECT_THAT(response.body,
                AllOf(HasSubstr("POST /a?key=secret"), HasSubstr("Content-Type: application/json"),
                      HasSubstr("x-key: k"), HasSubstr("{\"a\":1}")));
}

TEST(Http, StatusesAreAnswersAndRedirectsAreNotFollowed) {
    const Response limited = response_to(answer("429 Slow", "Retry-After: 3\r\n", "{\"code\":1}"));
    EXPECT_FALSE(limited.failure);
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.header("retry-after"), "3");
    EXPECT_EQ(limited.body, "{\"code\":1}");
    EXPECT_EQ(response_to(answer("451 No", "", "")).status, 451);
    const Response moved =
        response_to(answer("302 Found", "Location: https://elsewhere.test/x?key=secret\r\n", ""));
    ASSERT_TRUE(moved.failure);
    EXPECT_EQ(moved.failure->how, Ending::status);
    EXPECT_EQ(moved.failure->code, 302);
    EXPECT_THAT(moved.failure->why, AllOf(HasSubstr("https://elsewhere.test/x"),
                                          HasSubstr("not followed"), Not(HasSubstr("secret"))));
}

TEST(Http, RequestsThatBreakTheProtocolAreNotSent) {
    Client client(direct());
    Request request;
    request.url = "http://127.0.0.1:1/";
    request.headers = {{"x-key", "secret\n"}};
    const Response response = client.start(request).get();
    ASSERT_TRUE(response.failure);
    EXPECT_EQ(response.failure->how, Ending::malformed);
    EXPECT_THAT(response.failure->why,
                AllOf(HasSubstr("'x-key'"), HasSubstr("line break"), Not(HasSubstr("secret"))));
    EXPECT_THAT(client.get("wss://x.test/?key=secret").failure->why,
                AllOf(HasSubstr("needs https://"), Not(HasSubstr("secret"))));
}

TEST(Http, UnpacksGzip) {
    const std::string text(10'000, 'y');
    std::string gzip(1000, '\0');
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string input = text;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(gzip.data());
    stream.avail_out = static_cast<uInt>(gzip.size());
    deflate(&stream, Z_FINISH);
    gzip.resize(gzip.size() - stream.avail_out);
    deflateEnd(&stream);
    EXPECT_EQ(response_to(answer("200 OK", "Content-Encoding: gzip\r\n", gzip)).body, text);
    const Response damaged = response_to(
        answer("200 OK", "Content-Encoding: gzip\r\n", gzip.substr(0, gzip.size() - 10)));
    ASSERT_TRUE(damaged.failure);
    EXPECT_EQ(damaged.failure->how, Ending::malformed);
}

TEST(Http, ReadsChunks) {
    const Response response = response_to(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(response.body, "abcde");
}

TEST(Http, GarbageIsMalformedAndAHugeBodyTooLarge) {
    const Response garbage = response_to("\x16\x03\x01 what\r\n\r\n");
    ASSERT_TRUE(garbage.failure);
    EXPECT_EQ(garbage.failure->how, Ending::malformed);
    const Response huge = response_to("HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n");
    ASSERT_TRUE(huge.failure);
    EXPECT_EQ(huge.failure->how, Ending::too_large) << huge.failure->why;
    EXPECT_THAT(huge.failure->why, Not(HasSubstr("secret")));
}

TEST(Http, CutInTheMiddleIsLost) {
    const Server server(nullptr, [](Peer& peer) {
        peer.receive_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    Client client(direct());
    const Response response = client.get(url_of(server));
    ASSERT_TRUE(response.failure);
    EXPECT_EQ(response.failure->how, Ending::lost) << response.failure->why;
}

TEST(Http, ServerThatIsNotThereIsTold) {
    Client client(direct());
    const Response response = client.get("http://127.0.0.1:1/");
    ASSERT_TRUE(response.failure);
    EXPECT_EQ(response.failure->how, Ending::connect);
    EXPECT_GT(response.took, 0);
}

TEST(Http, KeptConnectionThatTheServerClosedIsReplaced) {
    const Server server(nullptr, [](Peer& peer) {
        peer.receive_head();
        peer.send(answer("200 OK", "", "once"));
    });
    Client client(direct());
    EXPECT_EQ(client.get(url_of(server)).body, "once");
    EXPECT_EQ(client.get(url_of(server)).body, "once");
    EXPECT_EQ(server.connections(), 2);
}

TEST(Http, SlowLorisEndsByTheTotalTime) {
    const Server server(nullptr, [](Peer& peer) {
        peer.receive_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (!peer.readable_within(5)) peer.send("x");
    });
    Client client(direct());
    const Response response = client.get(url_of(server), 200 * millisecond);
    ASSERT_TRUE(response.failure);
    EXPECT_EQ(response.failure->how, Ending::silent) << response.failure->why;
    EXPECT_GE(response.took, 200 * millisecond);
}

TEST(Http, ManyRequestsShareFewConnections) {
    const Server server(nullptr, [](Peer& peer) {
        while (true) {
            peer.receive_head();
            peer.send(answer("200 OK", "", "x"));
        }
    });
    Client client(direct());
    std::vector<std::future<Response>> responses;
    for (int i = 0; i < 50; ++i) {
        Request request;
        request.url = url_of(server);
        responses.push_back(client.start(std::move(request)));
    }
    for (auto& response : responses) EXPECT_EQ(response.get().body, "x");
    EXPECT_LE(server.connections(), 4);
}

}  // namespace
}  // namespace spillway::live::testing
