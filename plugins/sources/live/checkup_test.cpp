#include "checkup.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/feed_frames.hpp>

#include "testing/toy_venue.hpp"

namespace spillway::live {
namespace {

using testing::HasSubstr;

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
    Checkup checkup{venue};
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
        EXPECT_THAT(told.endpoint, testing::Not(HasSubstr("secret")));
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

TEST_F(CheckupTest, NoPlanAndMissingMarketsAreTold) {
    plan.missing.push_back({"XYZ", "no perpetual contract"});
    checkup.expect(plan);
    put(FrameType::gap, "toy", "no plan for toy: no list");
    put(FrameType::gap, missing_channel, "XYZ: no perpetual contract");
    EXPECT_THAT(report().of("plan").detail, HasSubstr("no list"));
    EXPECT_THAT(notes.of("market").detail, HasSubstr("XYZ"));
}

}  // namespace
}  // namespace spillway::live
