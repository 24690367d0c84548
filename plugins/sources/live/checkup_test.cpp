#include "checkup.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/feed_frames.hpp>

#include "advice.hpp"
#include "examination.hpp"
#include "network/http_words.hpp"
#include "testing/fake_network.hpp"
#include "testing/toy_venue.hpp"

namespace spillway::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Told {
    std::string endpoint, check, detail, fix;
    Outcome outcome;
};

class Notes final : public Examiner {
public:
    void report(const Finding& finding) noexcept override {
        told.push_back({std::string(finding.endpoint), std::string(finding.check),
                        std::string(finding.detail), std::string(finding.fix), finding.outcome});
    }
    [[nodiscard]] bool stopped() const noexcept override { return false; }
    [[nodiscard]] const Told& of(std::string_view check) const {
        static const Told none{};
        for (const Told& one : told) {
            if (one.check == check) return one;
        }
        ADD_FAILURE() << "nothing told about " << check;
        return none;
    }
    [[nodiscard]] bool has(std::string_view check) const {
        return std::any_of(told.begin(), told.end(),
                           [&](const Told& one) { return one.check == check; });
    }
    std::vector<Told> told;
};

class CheckupTest : public testing::Test {
protected:
    CheckupTest() {
        SocketPlan socket;
        socket.name = "feed";
        socket.url = "wss://feed.example/ws?key=secret";
        plan.sockets.push_back(socket);
        TopicPlan topic;
        topic.socket = "feed";
        topic.name = "a";
        topic.interval = second;
        plan.topics.push_back(topic);
        PollPlan poll;
        poll.channel = "oi";
        poll.url = "https://api.example/oi";
        poll.header = "x-key";
        plan.polls.push_back(poll);
    }
    void put(FrameType type, std::string_view channel, std::string_view bytes,
             std::uint16_t status = 0) {
        now += second;
        checkup.take({now, 0, bytes, 1, name_id(channel), VenueId::none, status, type, false});
    }
    const Notes& report() {
        checkup.report(figures, 0, notes);
        return notes;
    }
    ToyVenue venue;
    Plan plan;
    Checkup checkup{venue, "toy"};
    Figures figures;
    Notes notes;
    Time now = 1'770'000'000 * second;
};

TEST_F(CheckupTest, AllIsWell) {
    checkup.expect(plan);
    put(FrameType::opened, "feed", "");
    put(FrameType::data, "feed", "ok 1");
    EXPECT_FALSE(checkup.is_complete());
    put(FrameType::subscribed, "feed", "");
    put(FrameType::data, "feed", "data a 1");
    put(FrameType::response, "oi", "t=1770000005000 {}", 200);
    EXPECT_TRUE(checkup.is_complete());
    QuotaFigures& quota = figures.quota("weight");
    quota.amount.set(1200);
    quota.left.set(1199);
    for (const Told& told : report().told) {
        EXPECT_EQ(told.outcome, Outcome::good) << told.check << ": " << told.detail;
        EXPECT_THAT(told.endpoint, Not(HasSubstr("secret")));
    }
    EXPECT_THAT(notes.of("rate limit").detail, HasSubstr("1199 of 1200"));
    EXPECT_EQ(notes.of("key").detail, "accepted");
    EXPECT_EQ(notes.of("first data").endpoint, "wss://feed.example/ws");
}

TEST_F(CheckupTest, ARefusedSubscriptionIsShownInTheVenuesWords) {
    checkup.expect(plan);
    put(FrameType::opened, "feed", "");
    put(FrameType::data, "feed", "no 1");
    EXPECT_EQ(report().of("subscription").outcome, Outcome::failed);
    EXPECT_EQ(notes.of("subscription").detail, "no 1");
    EXPECT_EQ(notes.of("first data").outcome, Outcome::failed);
}

TEST_F(CheckupTest, AQuietTopicIsNoFault) {
    plan.topics[0].interval = 0;
    checkup.expect(plan);
    put(FrameType::opened, "feed", "");
    put(FrameType::subscribed, "feed", "");
    EXPECT_EQ(report().of("first data").outcome, Outcome::skipped);
}

TEST_F(CheckupTest, AnOutageAndAKeyThatIsNotAcceptedAreNamed) {
    checkup.expect(plan);
    put(FrameType::closed, "feed", "HTTP 451 from feed.example:443");
    put(FrameType::response, "oi", "bad key", 200);
    EXPECT_EQ(report().of("connection").detail, "HTTP 451 from feed.example:443");
    EXPECT_EQ(notes.of("key").outcome, Outcome::failed);
    EXPECT_EQ(notes.of("replies").outcome, Outcome::failed);
}

TEST_F(CheckupTest, AClockThatIsWrongIsNamed) {
    checkup.expect(plan);
    put(FrameType::response, "oi", "t=1769999940000 {}", 200);
    EXPECT_EQ(report().of("clock").outcome, Outcome::warning);
    EXPECT_THAT(notes.of("clock").detail, HasSubstr("1m1s after"));
    EXPECT_THAT(notes.of("clock").fix, HasSubstr("clock"));
}

TEST_F(CheckupTest, TheDateOfAReplyStandsInForATimeThatTheVenueDoesNotTell) {
    checkup.expect(plan);
    put(FrameType::response, "oi", "{}", 200);
    EXPECT_EQ(report().of("clock").outcome, Outcome::skipped);

    Response response;
    response.headers = {{"date", "Mon, 02 Feb 2026 02:40:00 GMT"}};  // as `now` began
    const Time answered = 1'770'000'000 * second + 300 * millisecond;
    notes.told.clear();
    checkup.hear("https://api.example/oi?key=secret", response, answered);
    EXPECT_EQ(report().of("clock").outcome, Outcome::good);
    EXPECT_EQ(notes.of("clock").detail, "within 1s of the date of the replies");

    // A reply that took long says less than the one before.
    response.took = 5 * second;
    checkup.hear("https://api.example/oi", response, answered + 5 * second);
    notes.told.clear();
    EXPECT_EQ(report().of("clock").detail, "within 1s of the date of the replies");
}

TEST_F(CheckupTest, AClockThatIsFarFromTheDateOfTheRepliesIsNamed) {
    checkup.expect(plan);
    Response response;
    response.headers = {{"date", "Mon, 02 Feb 2026 02:40:00 GMT"}};
    checkup.hear("https://api.example/oi", response, 1'770'000'060 * second);
    EXPECT_EQ(report().of("clock").outcome, Outcome::warning);
    EXPECT_EQ(notes.of("clock").detail, "59s to 1m ahead of the date of the replies");
    EXPECT_THAT(notes.of("clock").fix, HasSubstr("clock"));
    notes.told.clear();
    checkup.hear("https://api.example/oi", response, 1'769'999'940 * second);
    EXPECT_THAT(report().of("clock").detail, HasSubstr("1m1s behind"));
}

TEST_F(CheckupTest, WhatToDoIsSaidOnceAndInItsPlace) {
    checkup.expect(plan);
    const Over blocked{Cause::status, 451, describe_status(451, "feed.example", {}, {})};
    put(FrameType::closed, "feed", with_advice(blocked, "wss://feed.example/ws"));
    put(FrameType::response, "oi",
        std::string(advice_for(blocked)) + "; the venue says: not from\n<b>there</b>", 451);
    for (const std::string_view check : {"connection", "replies"}) {
        notes.told.clear();
        EXPECT_THAT(report().of(check).detail, HasSubstr("HTTP 451"));
        EXPECT_THAT(notes.of(check).detail, Not(HasSubstr("country")));
        EXPECT_EQ(notes.of(check).fix, advice_for(blocked));
    }
    EXPECT_EQ(notes.of("connection").detail, "HTTP 451 from feed.example");
    EXPECT_THAT(notes.of("replies").detail,
                HasSubstr("HTTP 451: the venue says: not from <b>there</b>"));
}

TEST_F(CheckupTest, ARequestWithoutAReplyIsNoFaultOfTheVenuesServers) {
    checkup.expect(plan);
    const Over lost{Cause::dns, 0, "no address"};
    put(FrameType::response, "oi", with_advice(lost, "https://api.example/oi"), no_reply);
    EXPECT_EQ(report().of("replies").fix, advice_for(lost));
    EXPECT_THAT(notes.of("replies").detail, HasSubstr("no address"));
    EXPECT_EQ(notes.of("key").outcome, Outcome::skipped);
    const Over silent{Cause::silent, 0, "no whole answer"};
    put(FrameType::response, "oi", with_advice(silent, "https://api.example/oi"), no_reply);
    notes.told.clear();
    EXPECT_THAT(report().of("replies").fix, HasSubstr("which of its steps failed"));
}

TEST_F(CheckupTest, EveryBadReplyHasSomethingToDo) {
    checkup.expect(plan);
    put(FrameType::response, "oi", "what?", 404);
    EXPECT_THAT(report().of("replies").fix, HasSubstr("newer version"));
    EXPECT_THAT(notes.of("replies").detail, HasSubstr("HTTP 404: what?"));
    put(FrameType::response, "oi", "oops", 503);
    notes.told.clear();
    EXPECT_THAT(report().of("replies").fix, HasSubstr("try again later"));
}

TEST_F(CheckupTest, AVenueThatWantsAKeySaysSo) {
    plan.polls[0].header.clear();
    checkup.expect(plan);
    put(FrameType::response, "oi", "who are you?", 401);
    EXPECT_EQ(report().of("key").outcome, Outcome::failed);
    EXPECT_EQ(notes.of("key").detail, "the venue wants a key");
}

TEST_F(CheckupTest, SilentAndRefusedTopicsAreNoMatterOfThePlan) {
    checkup.expect(plan);
    put(FrameType::opened, "feed", "");
    put(FrameType::data, "feed", "no 1");
    put(FrameType::subscribed, "feed", "");
    put(FrameType::gap, "refused.price", "refused: a");
    put(FrameType::gap, "stale.trade", "no data for three intervals: b");
    put(FrameType::gap, "stale.price", "no data for three intervals: c");
    put(FrameType::subscribed, "stale.price", "all topics deliver again");
    put(FrameType::gap, clock_channel, "the clock of the venue is 5s ahead");
    EXPECT_FALSE(checkup.is_out());
    EXPECT_FALSE(report().has("plan"));
    EXPECT_EQ(notes.of("subscription").outcome, Outcome::failed);
    std::vector<std::string> topics;
    for (const Told& told : notes.told) {
        if (told.check == "topics") topics.push_back(told.detail);
    }
    EXPECT_THAT(topics, ElementsAre("refused: a", "no data for three intervals: b"));
}

TEST_F(CheckupTest, ARefusalThatDidNotLastIsNone) {
    checkup.expect(plan);
    put(FrameType::data, "feed", "no 1");
    put(FrameType::subscribed, "feed", "");
    EXPECT_EQ(report().of("subscription").outcome, Outcome::good);
}

TEST_F(CheckupTest, WhyAConnectionWasLostOutlivesItsReturn) {
    checkup.expect(plan);
    put(FrameType::opened, "feed", "");
    put(FrameType::closed, "feed", "lost");
    put(FrameType::opened, "feed", "");
    put(FrameType::gap, "feed", "nothing was received from 10:00 to 10:01");
    put(FrameType::subscribed, "feed", "");
    EXPECT_EQ(report().of("connection").outcome, Outcome::warning);
    EXPECT_EQ(notes.of("connection").detail, "lost");
}

TEST_F(CheckupTest, ASocketWhoseListFailedWasNotTried) {
    Plan lists;
    PollPlan list;
    list.channel = "list";
    list.url = "https://api.example/list";
    lists.polls.push_back(list);
    checkup.expect_lists(lists);
    SocketPlan idle;
    idle.name = "idle";
    idle.url = "wss://idle.example/ws";
    plan.sockets.push_back(idle);
    checkup.expect(plan);
    put(FrameType::response, "list", "fault", 200);
    EXPECT_EQ(report().told[0].endpoint, "wss://idle.example/ws");
    EXPECT_EQ(notes.told[0].outcome, Outcome::skipped);
    EXPECT_EQ(notes.told[0].detail, "not tried: the instrument list failed");
    put(FrameType::response, "list", "all of them", 200);
    notes.told.clear();
    EXPECT_NE(report().told[0].endpoint, "wss://idle.example/ws");
}

TEST_F(CheckupTest, NoPlanAndMissingMarketsAreTold) {
    plan.missing.push_back({"XYZ", "no perpetual contract"});
    checkup.expect(plan);
    put(FrameType::gap, "toy", "no plan for toy: no list");
    put(FrameType::gap, missing_channel, "XYZ: no perpetual contract");
    EXPECT_THAT(report().of("plan").detail, HasSubstr("no list"));
    EXPECT_THAT(notes.of("market").detail, HasSubstr("XYZ"));
}

TEST_F(CheckupTest, AListWithoutUseIsNotOneThatFailed) {
    put(FrameType::closed, "toy", "no plan for toy: nothing to subscribe to");
    checkup.refuse({Code::bad_option, "nothing to subscribe to"});
    EXPECT_THAT(report().of("plan").fix, HasSubstr("`markets`"));
    checkup.do_without_lists(tl::make_unexpected(Status(Code::bad_record, "no list")));
    notes.told.clear();
    EXPECT_EQ(report().of("WebSocket").outcome, Outcome::skipped);
    EXPECT_THAT(notes.of("WebSocket").detail, HasSubstr("of no use"));
    put(FrameType::opened, "toy", "feed");
    checkup.expect(plan);
    notes.told.clear();
    EXPECT_FALSE(report().has("plan"));
}

/// A venue that is asked for a list before it is connected to.
class ExaminationTest : public testing::Test {
protected:
    ExaminationTest() {
        venue.on_prepare = [](PlanWriter& out) {
            Poll poll;
            poll.channel = "list";
            poll.url = "https://api.example/list?all=1";
            poll.every = hour;
            out.poll(poll);
        };
        venue.on_plan = [](std::span<const Reply> replies, PlanWriter& out) {
            for (const std::string_view name : {"a", "b", "c"}) {
                const std::string url = "wss://" + std::string(name) + ".example/ws?v=2";
                Socket socket;
                socket.name = name;
                socket.url = url;
                out.socket(socket);
                if (!replies.empty()) out.topic({name, "t", Kind::price, 0, {}, 0});
            }
            return Status();
        };
    }
    /// Every time that it is looked at, some time has passed.
    void examine(std::function<Response(const Request&)> answer) {
        auto owned = std::make_unique<FakeNetwork>();
        network = owned.get();
        network->passes_with_posts = second;
        network->on_request = std::move(answer);
        const Time start = network->steady();
        Driver::Settings settings;
        settings.venue = "toy";
        const Probe probe = [&](const std::string& url) {
            probed.push_back(url);
            network->pass(probe_takes);
            passed = network->steady() - start;
        };
        live::examine(std::move(owned), venue, settings, probe, notes);
    }

    ToyVenue venue;
    FakeNetwork* network = nullptr;
    Duration probe_takes = 100 * millisecond, passed = 0;
    std::vector<std::string> probed;
    Notes notes;
};

TEST_F(ExaminationTest, SocketsAreProbedEvenIfTheListFails) {
    examine([](const Request&) { return FakeNetwork::reply(500, "oops"); });
    EXPECT_THAT(probed, ElementsAre("https://api.example/list?all=1", "wss://a.example/ws?v=2",
                                    "wss://b.example/ws?v=2", "wss://c.example/ws?v=2"));
    EXPECT_EQ(notes.of("plan").outcome, Outcome::failed);
    EXPECT_EQ(notes.of("subscription").endpoint, "wss://a.example/ws");
    EXPECT_EQ(notes.of("subscription").outcome, Outcome::skipped);
    EXPECT_EQ(notes.of("subscription").detail, "not tried: the instrument list failed");
}

TEST_F(ExaminationTest, AVenueThatKnowsNoSocketWithoutItsListSaysSo) {
    venue.on_plan = [](std::span<const Reply>, PlanWriter&) {
        return Status(Code::bad_record, "no list");
    };
    examine([](const Request&) { return FakeNetwork::reply(500, "oops"); });
    EXPECT_THAT(probed, ElementsAre("https://api.example/list?all=1"));
    EXPECT_EQ(notes.of("WebSocket").outcome, Outcome::skipped);
    EXPECT_THAT(notes.of("WebSocket").detail, HasSubstr("the instrument list failed"));
}

TEST_F(ExaminationTest, TheDateOfAnyReplyIsHeard) {
    bool is_first = true;
    examine([&](const Request&) {
        Response response = FakeNetwork::reply(500, "oops");
        if (std::exchange(is_first, false)) {
            response.headers = {{"date", "Mon, 02 Feb 2026 02:40:00 GMT"}};  // as it begins
        }
        return response;
    });
    EXPECT_EQ(notes.of("clock").detail, "within 1s of the date of the replies");
}

TEST_F(ExaminationTest, AddressesThatHangDoNotHoldItUpForLong) {
    probe_takes = 7 * second;
    examine([](const Request&) { return FakeNetwork::reply(500, "oops"); });
    EXPECT_EQ(probed.size(), 3U);
    EXPECT_LE(passed, 28 * second);
    EXPECT_EQ(notes.of("connection").endpoint, "wss://c.example/ws");
    EXPECT_EQ(notes.of("connection").outcome, Outcome::skipped);
    EXPECT_THAT(notes.of("connection").detail, HasSubstr("not tried"));
}

}  // namespace
}  // namespace spillway::live
