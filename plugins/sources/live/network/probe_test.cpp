#include "probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/server.hpp"
#include "testing/trust.hpp"

namespace spillway::live::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Findings as lines: "good DNS: 2 addresses ... -> fix".
class Lines final : public Examiner {
public:
    void report(const Finding& finding) noexcept override {
        static constexpr const char* names[] = {"good", "warning", "failed", "skipped"};
        std::string line = std::string(names[static_cast<int>(finding.outcome)]) + " " +
                           std::string(finding.check) + ": " + std::string(finding.detail);
        if (!finding.fix.empty()) line += " -> " + std::string(finding.fix);
        EXPECT_THAT(std::string(finding.endpoint), Not(HasSubstr("secret")));
        lines.push_back(std::move(line));
    }
    [[nodiscard]] bool stopped() const noexcept override { return stop; }

    std::vector<std::string> lines;
    bool stop = false;
};

std::vector<std::string> findings(const NetworkSettings& settings, const std::string& url) {
    Lines out;
    probe(settings, url, out);
    return out.lines;
}

void greet(Peer& peer) {
    accept_websocket(peer);
    peer.wait_for_end();
}

TEST(Probe, FindsEveryStepOfAWebSocketGood) {
    const Trust trust;
    const Server server(&trust.server, greet);
    NetworkSettings settings = trust.gateway("localhost:" + std::to_string(server.port()));
    EXPECT_THAT(findings(settings, "wss://stream.test/?key=secret"),
                ElementsAre(HasSubstr("good DNS: "), HasSubstr("good TCP: 127.0.0.1:"),
                            HasSubstr("good TLS: TLSv1.3, issued by Test Authority, valid for "),
                            "good WebSocket: HTTP 101, open"));
}

TEST(Probe, WarnsOfACertificateThatSoonExpires) {
    const Trust trust;
    const Identity old = trust.issue({.name = "x", .hosts = {"stream.test"}, .to_day = 3});
    const Server server(&old, greet);
    EXPECT_THAT(findings(trust.gateway(server.address()), "wss://stream.test/"),
                ElementsAre(HasSubstr("good TCP"), HasSubstr("warning TLS"), HasSubstr("good")));
}

TEST(Probe, StopsAtTheFirstFailure) {
    const Trust trust;
    const Identity wrong = trust.issue({.name = "x", .hosts = {"other.test"}});
    const Server server(&wrong, greet);
    EXPECT_THAT(findings(trust.gateway(server.address()), "wss://stream.test/"),
                ElementsAre(HasSubstr("good TCP"),
                            ::testing::AllOf(HasSubstr("failed TLS: wrong host"),
                                             HasSubstr(" -> check the clock")),
                            HasSubstr("skipped WebSocket")));
    EXPECT_THAT(
        findings(direct(), "https://nothing.invalid/"),
        ElementsAre(::testing::AllOf(HasSubstr("failed DNS"), HasSubstr(" -> check the "
                                                                        "resolver")),
                    HasSubstr("skipped TCP"), HasSubstr("skipped TLS"), HasSubstr("skipped HTTP")));
}

TEST(Probe, SaysWhatToDoAboutABlockedCountry) {
    const Trust trust;
    const Server server(&trust.server, [](Peer& peer) {
        peer.receive_head();
        peer.send("HTTP/1.1 451 Unavailable\r\nContent-Length: 0\r\n\r\n");
        peer.wait_for_end();
    });
    const NetworkSettings settings = trust.gateway(server.address());
    EXPECT_THAT(findings(settings, "wss://stream.test/").back(),
                ::testing::AllOf(HasSubstr("failed WebSocket: HTTP 451"), HasSubstr("country")));
    EXPECT_THAT(findings(settings, "https://stream.test/").back(),
                ::testing::AllOf(HasSubstr("failed HTTP: HTTP 451"), HasSubstr("country")));
}

TEST(Probe, ServerThatAnswersIsGoodAndOneWithAFaultAWarning) {
    const auto last = [](const std::string& status) {
        const Server server(nullptr, [&](Peer& peer) {
            peer.receive_head();
            peer.send("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
            peer.wait_for_end();
        });
        return findings(direct(), "http://" + server.address() + "/?key=secret").back();
    };
    EXPECT_EQ(last("200 OK"), "good HTTP: HTTP 200");
    EXPECT_EQ(last("400 Bad Request"), "good HTTP: HTTP 400");
    EXPECT_THAT(last("503 No"), HasSubstr("warning HTTP: HTTP 503 -> the fault is on its side"));
    EXPECT_THAT(last("302 Found\r\nLocation: /other"), HasSubstr("failed HTTP: HTTP 302"));
}

TEST(Probe, EndsWhenTheUserDoesNotWant) {
    const Server server(nullptr, [](Peer& peer) { peer.wait_for_end(); });
    Lines out;
    out.stop = true;
    probe(direct(), "http://" + server.address() + "/", out);
    EXPECT_TRUE(out.lines.empty());
}

TEST(Probe, NamesUnusableUrls) {
    EXPECT_THAT(findings(direct(), "http://x.test/?key=secret"),
                ElementsAre(HasSubstr("failed URL")));
}

}  // namespace
}  // namespace spillway::live::testing
