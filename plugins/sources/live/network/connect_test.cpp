#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/client.hpp"
#include "testing/server.hpp"
#include "testing/trust.hpp"

namespace spillway::live::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

void greet(Peer& peer) {
    accept_websocket(peer);
    peer.wait_for_end();
}

/// What comes of a connection: an Ended with `stopped` if it opened.
Ended outcome(const NetworkSettings& settings, const std::string& url) {
    Client client(settings);
    Events events;
    auto connection = client.open(url, events);
    Ended ended = events.wait_for_end_or("opened");
    client.close(std::move(connection));
    return ended;
}

/// The outcome with a server of this identity, reached as stream.test.
Ended outcome_with(const Trust& trust, const Identity& identity,
                   const std::string& url = "wss://stream.test/") {
    const Server server(&identity, greet);
    return outcome(trust.gateway(server.address()), url);
}

TEST(Tls, TrustsTheCertificateOfTheGateway) {
    const Trust trust;
    EXPECT_EQ(outcome_with(trust, trust.server).how, Ending::stopped);
    const Identity wildcard = trust.issue({.name = "x", .hosts = {"*.stream.test"}});
    EXPECT_EQ(outcome_with(trust, wildcard, "wss://a.stream.test/").how, Ending::stopped);
    EXPECT_EQ(outcome_with(trust, wildcard, "wss://a.b.stream.test/").how, Ending::tls);
}

TEST(Tls, TrustsTheFileOfTheOptionAndAddressesInCertificates) {
    const Trust trust;
    const Server server(&trust.server, greet);
    NetworkSettings settings = direct();
    settings.ca_file = trust.ca_file;
    EXPECT_EQ(outcome(settings, "wss://" + server.address() + "/").how, Ending::stopped);
}

TEST(Tls, RefusesAnotherHostsCertificate) {
    const Trust trust;
    const Ended ended =
        outcome_with(trust, trust.issue({.name = "other.test", .hosts = {"other.test"}}));
    EXPECT_EQ(ended.how, Ending::tls);
    EXPECT_THAT(ended.why, AllOf(HasSubstr("wrong host"), HasSubstr("for other.test"),
                                 HasSubstr("not for stream.test")));
}

TEST(Tls, RefusesExpiredAndFutureCertificates) {
    const Trust trust;
    const Ended expired = outcome_with(
        trust, trust.issue({.name = "x", .hosts = {"stream.test"}, .from_day = -9, .to_day = -2}));
    EXPECT_EQ(expired.how, Ending::tls);
    EXPECT_THAT(expired.why, AllOf(HasSubstr("has expired on 20"), HasSubstr("clock")));
    const Ended future = outcome_with(
        trust, trust.issue({.name = "x", .hosts = {"stream.test"}, .from_day = 2, .to_day = 9}));
    EXPECT_EQ(future.how, Ending::tls);
    EXPECT_THAT(future.why, HasSubstr("not valid before"));
}

TEST(Tls, RefusesSelfSignedAndUnknownIssuers) {
    const Trust trust;
    const Ended self_signed =
        outcome_with(trust, make_identity({.name = "stream.test", .hosts = {"stream.test"}}));
    EXPECT_EQ(self_signed.how, Ending::tls);
    EXPECT_THAT(self_signed.why, AllOf(HasSubstr("self-signed"), HasSubstr("ca_file")));

    const Identity stranger = make_identity({.name = "Stranger", .hosts = {}, .authority = true});
    const Ended unknown = outcome_with(
        trust, make_identity({.name = "stream.test", .hosts = {"stream.test"}}, &stranger));
    EXPECT_EQ(unknown.how, Ending::tls);
    EXPECT_THAT(unknown.why,
                AllOf(HasSubstr("unknown issuer, Stranger"), HasSubstr("ca-certificates")));
}

TEST(Tls, ServerWithoutTlsIsNamed) {
    const Trust trust;
    const Server server(nullptr, [](Peer& peer) {
        peer.receive();
        peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.wait_for_end();
    });
    const Ended ended = outcome(trust.gateway(server.address()), "wss://stream.test/");
    EXPECT_EQ(ended.how, Ending::tls);
    EXPECT_THAT(ended.why, HasSubstr("does not speak TLS"));
}

TEST(Tls, SilentServerEndsInTime) {
    const Trust trust;
    const Server server(nullptr, [](Peer& peer) { peer.wait_for_end(); });
    NetworkSettings settings = trust.gateway(server.address());
    settings.connect_timeout = 100 * millisecond;
    EXPECT_EQ(outcome(settings, "wss://stream.test/").how, Ending::silent);
}

TEST(Connect, RefusedAndUnknownHostsAreToldApart) {
    std::string gone;
    {
        const Server server(nullptr, greet);
        gone = server.address();
    }
    const Ended refused = outcome(direct(), "ws://" + gone + "/");
    EXPECT_EQ(refused.how, Ending::connect);
    EXPECT_THAT(refused.why, AllOf(HasSubstr(gone), HasSubstr("refused")));
    const Ended unknown = outcome(direct(), "wss://nothing.invalid/?key=secret");
    EXPECT_EQ(unknown.how, Ending::dns);
    EXPECT_THAT(unknown.why, AllOf(HasSubstr("nothing.invalid"), Not(HasSubstr("secret"))));
}

TEST(Connect, TriesAllAddressesOfAName) {
    // localhost is usually ::1 as well, where nobody listens.
    const Server server(nullptr, greet);
    const std::string url = "ws://localhost:" + std::to_string(server.port()) + "/";
    EXPECT_EQ(outcome(direct(), url).how, Ending::stopped);
}

TEST(Connect, UnusableSettingsEndEveryConnection) {
    NetworkSettings settings;
    settings.gateway = "nonsense";
    const Ended ended = outcome(settings, "wss://stream.test/");
    EXPECT_EQ(ended.how, Ending::connect);
    EXPECT_THAT(ended.why, HasSubstr("'nonsense' is not of the form host:port"));
}

TEST(Tunnel, LeadsThroughTheProxy) {
    const Trust trust;
    const Server server(&trust.server, greet);
    std::promise<std::string> head;
    const Server proxy(nullptr, [&](Peer& peer) {
        head.set_value(peer.receive_head());
        peer.send("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
        peer.connect_through_to(server.port());
    });
    NetworkSettings settings;
    settings.ca_file = trust.ca_file;
    settings.proxy = "http://user:word@" + proxy.address();
    EXPECT_EQ(outcome(settings, "wss://stream.test:8443/").how, Ending::stopped);
    EXPECT_THAT(head.get_future().get(),
                AllOf(HasSubstr("CONNECT stream.test:8443 HTTP/1.1\r\nHost: stream.test:8443\r\n"),
                      HasSubstr("Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n")));
}

TEST(Tunnel, RefusalIsTheProxysFault) {
    const Server proxy(nullptr, [&](Peer& peer) {
        peer.receive_head();
        peer.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        peer.wait_for_end();
    });
    NetworkSettings settings;
    settings.proxy = "http://user:sesame@" + proxy.address();
    const Ended refused = outcome(settings, "wss://stream.test/");
    EXPECT_EQ(refused.how, Ending::proxy);
    EXPECT_THAT(refused.why,
                AllOf(HasSubstr("407"), HasSubstr("user and password"), Not(HasSubstr("sesame"))));

    const Server garbage(nullptr, [&](Peer& peer) {
        peer.receive_head();
        peer.send("SSH-2.0\r\n\r\n");
        peer.wait_for_end();
    });
    settings.proxy = garbage.address();
    EXPECT_THAT(outcome(settings, "wss://stream.test/").why, HasSubstr("does not answer in HTTP"));

    std::string gone;
    {
        const Server server(nullptr, greet);
        gone = server.address();
    }
    settings.proxy = gone;
    EXPECT_EQ(outcome(settings, "wss://stream.test/").how, Ending::proxy);
}

}  // namespace
}  // namespace spillway::live::testing
