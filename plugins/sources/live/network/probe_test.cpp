#include "probe.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe_clock.hpp"
#include "probe_words.hpp"
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

TEST(Probe, SaysWhatToDoOnce) {
    const Trust trust;
    const Server server(&trust.server, [](Peer& peer) {
        peer.receive_head();
        peer.send("HTTP/1.1 451 Unavailable\r\nContent-Length: 5\r\n\r\nTerms");
        peer.wait_for_end();
    });
    EXPECT_EQ(findings(trust.gateway(server.address()), "wss://stream.test/").back(),
              "failed WebSocket: HTTP 451 from stream.test (it says: Terms) -> it does not serve "
              "this country: name a `proxy` elsewhere, or leave the venue out of the pipeline");
    EXPECT_EQ(without_advice("wait; the venue says: no", "wait"), "the venue says: no");
    EXPECT_EQ(without_advice("refused; wait", "wait"), "refused");
    EXPECT_EQ(without_advice("refused", "wait"), "refused");
    EXPECT_EQ(without_advice("refused", ""), "refused");
}

TEST(Probe, AGatewayThatIsNotThereIsNoMatterOfFirewalls) {
    NetworkSettings settings;
    settings.gateway = "127.0.0.1:1";
    EXPECT_THAT(findings(settings, "https://api.test/").front(),
                ::testing::AllOf(HasSubstr("failed TCP: "), HasSubstr("-> see that `gateway`")));
}

TEST(Probe, SendsTheQueryThatItDoesNotShow) {
    std::string head;
    {
        const Server server(nullptr, [&](Peer& peer) {
            head = peer.receive_head();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            peer.wait_for_end();
        });
        findings(direct(), "http://" + server.address() + "/price?key=secret");
    }
    EXPECT_THAT(head, HasSubstr("GET /price?key=secret HTTP/1.1"));
}

TEST(Probe, TakesNoLongerThanItMay) {
    const auto first_fault = [](NetworkSettings settings, const std::string& url, Duration step,
                                Duration longest) {
        settings.connect_timeout = step;
        Lines out;
        const auto start = std::chrono::steady_clock::now();
        probe(settings, url, out, longest);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
        for (const std::string& line : out.lines) {
            if (line.starts_with("failed")) return line;
        }
        return std::string("none");
    };
    constexpr Duration soon = 300 * millisecond;
    const Server server(nullptr, [](Peer& peer) { peer.wait_for_end(); });
    const Trust trust;
    EXPECT_THAT(first_fault(direct(), "http://" + server.address() + "/", minute, 2 * second),
                HasSubstr("failed HTTP: not done when 2s were over -> it is there and does not "
                          "answer"));
    EXPECT_THAT(first_fault(direct(), "ws://" + server.address() + "/", soon, minute),
                HasSubstr("did not answer the WebSocket handshake within 300ms"));
    EXPECT_THAT(first_fault(trust.gateway(server.address()), "https://stream.test/", soon, minute),
                HasSubstr("failed TLS: no end of the TLS handshake within 300ms"));
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

// ---- clocks ----

constexpr Time noon = 1'770'033'600 * second;  // Mon, 02 Feb 2026 12:00:00 GMT

std::optional<ClockLead> lead(const std::string& date, const std::string& age = "",
                              Duration took = 0) {
    Response response;
    response.headers = {{"date", date}};
    if (!age.empty()) response.headers.emplace_back("age", age);
    response.took = took;
    return lead_by_date(response, noon);
}

TEST(LeadByDate, IsAsWideAsTheReplyWasLong) {
    const auto same = lead("Mon, 02 Feb 2026 12:00:00 GMT", "", 300 * millisecond);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->least, -1300 * millisecond);
    EXPECT_EQ(same->most, 0);
    const auto ahead = lead("Mon, 02 Feb 2026 11:59:00 GMT");
    ASSERT_TRUE(ahead);
    EXPECT_EQ(ahead->least, 59 * second);
    EXPECT_EQ(ahead->most, minute);
}

TEST(LeadByDate, WhatLayInACacheSaysLessOrNothing) {
    const auto cached = lead("Mon, 02 Feb 2026 11:59:30 GMT", "30");
    ASSERT_TRUE(cached);
    EXPECT_EQ(cached->least, -second);
    EXPECT_EQ(cached->most, 30 * second);
    EXPECT_FALSE(lead("Mon, 02 Feb 2026 11:00:00 GMT", "3600"));
}

TEST(LeadByDate, AnythingElseIsNoDate) {
    for (const std::string text :
         {"", "now", "Mon, 02 Feb 2026 12:00:00 CET", "Mon, 02 Feb 9026 12:00:00 GMT",
          "Mon, 02 Feb 1970 12:00:00 GMT"}) {
        EXPECT_FALSE(lead(text)) << text;
    }
}

}  // namespace
}  // namespace spillway::live::testing
