#include <spillway/feed_frames.hpp>

#include "poll_times.hpp"
#include "testing/driver_fixture.hpp"

namespace spillway::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class PollerTest : public DriverTest {
protected:
    void answer(std::uint16_t status, const std::string& body,
                std::vector<std::pair<std::string, std::string>> headers = {}) {
        network.on_request = [=](const Request&) {
            Response response = FakeNetwork::reply(status, body);
            response.headers = headers;
            return response;
        };
    }
    std::vector<Time> times_of(std::string_view url) const {
        std::vector<Time> result;
        for (const auto& asked : network.asked) {
            if (asked.request.url == url) result.push_back(asked.at);
        }
        return result;
    }
};

TEST_F(PollerTest, RepliesBecomeFramesAndARepeatedOneAsWell) {
    answer(200, "t=1769999999900 {}");
    ask("openInterest?symbol=X", "https://api.example/oi?symbol=X", 10 * second);
    start();
    network.pass(35 * second);
    const auto seen = frames();
    ASSERT_GE(seen.size(), 3U);
    EXPECT_EQ(seen[0].type, FrameType::response);
    EXPECT_EQ(seen[0].channel, "openInterest?symbol=X");
    EXPECT_EQ(seen[0].status, 200);
    EXPECT_EQ(seen[0].session, 0U);
    EXPECT_EQ(seen[1].bytes, seen[0].bytes);
}

TEST_F(PollerTest, PeriodsAreAskedForALittleAfterTheirEnd) {
    answer(200, "{}");
    ask("ratio", "https://api.example/ratio", 5 * minute);
    polls[0].after_period = 3 * second;
    start();
    network.pass(hour);
    const auto times = times_of("https://api.example/ratio");
    ASSERT_GE(times.size(), 12U);
    for (std::size_t i = 1; i < times.size(); ++i) {
        const Duration after = times[i] - floor_to(times[i], 5 * minute);
        EXPECT_GE(after, 3 * second);
        EXPECT_LE(after, 14 * second);
    }
}

TEST_F(PollerTest, AClockThatIsSetMovesPeriodsButNoWaits) {
    answer(429, "", {{"retry-after", "120"}});
    ask("ratio", "https://api.example/ratio", 5 * minute);
    polls[0].after_period = 3 * second;
    start();
    network.pass(10 * second);
    network.set_clock(-hour);
    answer(200, "{}");
    network.pass(2 * minute);
    EXPECT_THAT(network.asked, SizeIs(2));
    network.set_clock(hour + 90 * second);
    network.pass(20 * minute);
    const Time last = network.asked.back().at + 90 * second;
    EXPECT_GE(last - floor_to(last, 5 * minute), 3 * second);
    EXPECT_LE(last - floor_to(last, 5 * minute), 14 * second);
}

TEST_F(PollerTest, FiveHundredPollsAreSpreadAndKeepTheQuota) {
    answer(200, "{}");
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i)
        names.push_back("https://api.example/oi?symbol=S" + std::to_string(i));
    quotas.push_back({"weight", 240, minute});
    for (const std::string& name : names) {
        ask(std::string_view(name).substr(20), name, 5 * minute);
        polls.back().quota = "weight";
    }
    start();
    network.pass(20 * minute);
    std::vector<Time> times;
    std::map<std::string, int> counts;
    for (const auto& asked : network.asked) {
        times.push_back(asked.at);
        ++counts[asked.request.url];
    }
    std::size_t from = 0, most = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        while (times[i] - times[from] >= minute) ++from;
        most = std::max(most, i - from + 1);
    }
    EXPECT_LE(most, 240U);
    EXPECT_EQ(counts.size(), 500U);
    for (const auto& [name, count] : counts) {
        EXPECT_GE(count, 3) << name;
        EXPECT_LE(count, 5) << name;
    }
    // Once in step, no second has more than a few.
    std::map<Time, int> by_second;
    for (const Time time : times) {
        if (time > times.front() + 6 * minute) ++by_second[floor_to(time, second)];
    }
    for (const auto& [time, count] : by_second) EXPECT_LE(count, 8);
}

TEST_F(PollerTest, PagesFollowOneAnother) {
    venue.on_prepare = [](PlanWriter& out) {
        Poll lists;
        lists.channel = "instruments";
        lists.url = "https://api.example/instruments?limit=2";
        lists.max_pages = 5;
        out.poll(lists);
    };
    std::vector<std::string> given;
    venue.on_plan = [&](std::span<const Reply> replies, PlanWriter& out) {
        for (const Reply& reply : replies) given.emplace_back(reply.body);
        out.socket(socket);
        out.topic({"feed", "a", Kind::price, 0, {}, 0});
        return Status();
    };
    network.on_request = [](const Request& request) {
        if (request.url.ends_with("cursor=two"))
            return FakeNetwork::reply(200, "second next=three");
        if (request.url.ends_with("cursor=three")) return FakeNetwork::reply(200, "third");
        return FakeNetwork::reply(200, "first next=two");
    };
    start();
    network.pass(second);
    EXPECT_THAT(given, ElementsAre("first next=two", "second next=three", "third"));
    EXPECT_EQ(network.asked[1].request.url, "https://api.example/instruments?limit=2&cursor=two");
    EXPECT_THAT(only(frames(), FrameType::response), SizeIs(3));
}

TEST_F(PollerTest, AFailureIsAFrameOnceAndTheFirstGoodReplyFollows) {
    network.on_request = [](const Request&) {
        Response response;
        response.failure = Ended{Ending::connect, 0, "connection refused", {}, {}, 0};
        return response;
    };
    ask("oi", "https://api.example/oi?key=secret", minute);
    start();
    network.pass(10 * minute);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].status, no_reply);
    EXPECT_THAT(seen[0].bytes, HasSubstr("connection refused"));
    EXPECT_THAT(seen[0].bytes, testing::Not(HasSubstr("secret")));
    answer(200, "{}");
    network.pass(minute);
    const auto after = frames();
    ASSERT_GE(after.size(), 1U);
    EXPECT_EQ(after[0].status, 200);
}

TEST_F(PollerTest, RetryAfterIsObeyedForAllThatSharesTheQuota) {
    quotas.push_back({"weight", 6000, minute});
    for (const char* const name : {"a", "b", "c"}) {
        ask(name, "https://api.example/", 10 * second);
        polls.back().quota = "weight";
    }
    answer(429, "slow down", {{"retry-after", "120"}});
    start();
    network.pass(11 * second);
    const std::size_t asked = network.asked.size();
    EXPECT_LE(asked, 3U);
    network.pass(100 * second);
    EXPECT_EQ(network.asked.size(), asked);
    answer(200, "{}");
    network.pass(30 * second);
    EXPECT_GE(network.asked.size(), asked + 3);
}

TEST_F(PollerTest, RetryAfterMayBeADate) {
    ask("a", "https://api.example/", second);
    answer(429, "slow down", {{"retry-after", "Mon, 02 Feb 2026 02:50:00 GMT"}});
    start();
    const Duration until = 1'770'000'600 * second - network.now();
    ASSERT_GT(until, minute);
    network.pass(until - second);
    EXPECT_THAT(network.asked, SizeIs(1));
    network.pass(10 * second);
    EXPECT_GE(network.asked.size(), 2U);
}

TEST_F(PollerTest, ASourceThatOnlyAsksTellsWhatWasMissedAndWhenItStopped) {
    answer(200, "{}");
    ask("a", "https://api.example/", 10 * second);
    start({0, network.now() - hour});
    network.pass(12 * second);
    auto seen = frames();
    ASSERT_GE(seen.size(), 2U);
    EXPECT_EQ(seen[0].type, FrameType::gap);
    EXPECT_EQ(seen[0].channel, "toy");
    EXPECT_EQ(seen[0].session, 0U);
    EXPECT_THAT(seen[0].bytes, HasSubstr("the pipeline was down"));
    EXPECT_THAT(told_plans, testing::ElementsAre(""));  // without sockets
    EXPECT_THAT(only(seen, FrameType::gap), SizeIs(1));
    network.pass(5 * second);
    static_cast<void>(frames());
    driver->finish();
    seen = frames();
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].type, FrameType::closed);
    EXPECT_EQ(seen[0].channel, "toy");
    EXPECT_EQ(seen[0].bytes, "stopped");
    EXPECT_EQ(seen[0].time, network.now());
    EXPECT_TRUE(ended);
}

TEST_F(PollerTest, Without429sRetryAfterTheWaitsDoubleFromAMinute) {
    ask("a", "https://api.example/", second);
    answer(429, "");
    start();
    network.pass(2 * second);
    EXPECT_THAT(network.asked, SizeIs(1));
    network.pass(minute);
    EXPECT_THAT(network.asked, SizeIs(2));
    network.pass(minute);
    EXPECT_THAT(network.asked, SizeIs(2));
    network.pass(minute + 5 * second);
    EXPECT_THAT(network.asked, SizeIs(3));
}

TEST_F(PollerTest, ABanStopsTheWholeHostAndOneRequestFindsOutWhetherItIsOver) {
    quotas.push_back({"one", 600, minute});
    quotas.push_back({"two", 600, minute});
    for (const char* const name : {"a", "b", "c", "d"}) {
        ask(name, "https://api.example/", 10 * second);
        polls.back().quota = name[0] < 'c' ? "one" : "two";
    }
    ask("other", "https://other.example/", 10 * second);
    network.on_request = [](const Request& request) {
        const bool banned = request.url == "https://api.example/";
        return FakeNetwork::reply(banned ? 418 : 200, "{}");
    };
    start();
    network.pass(10 * second);
    const std::size_t asked = times_of("https://api.example/").size();
    EXPECT_EQ(asked, 1U);
    network.pass(100 * second);
    EXPECT_EQ(times_of("https://api.example/").size(), asked);
    EXPECT_GE(times_of("https://other.example/").size(), 10U);
    network.pass(30 * second);
    EXPECT_EQ(times_of("https://api.example/").size(), asked + 1);
}

TEST_F(PollerTest, AHostThatHangsDoesNotHoldUpTheOthers) {
    for (int i = 0; i < 10; ++i) {
        static constexpr std::string_view names = "0123456789";
        ask(names.substr(static_cast<std::size_t>(i), 1), "https://stuck.example/", second);
    }
    ask("other", "https://other.example/", second);
    start();  // nobody answers
    network.pass(5 * second);
    EXPECT_THAT(times_of("https://stuck.example/"), SizeIs(4));
    EXPECT_THAT(times_of("https://other.example/"), SizeIs(1));
}

TEST_F(PollerTest, ABlockIsToldOnceForEachKindAndTriedEveryTenMinutes) {
    for (const char* const name : {"a", "b", "c"}) ask(name, "https://api.example/", second);
    polls[2].about = Kind::open_interest;
    answer(451, "Service unavailable from a restricted location");
    start();
    network.pass(2 * hour);
    const auto seen = frames();
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].status, 451);
    EXPECT_THAT(seen[0].bytes, HasSubstr("name a `proxy`"));
    EXPECT_NE(seen[0].channel, seen[1].channel);
    EXPECT_LE(network.asked.size(), 13U);
}

TEST_F(PollerTest, AFaultInAGoodReplyIsAFailure) {
    ask("a", "https://api.example/", second);
    answer(200, "limited");
    start();
    network.pass(30 * second);
    EXPECT_THAT(network.asked, SizeIs(1));
    EXPECT_THAT(frames(), SizeIs(1));  // the decoder reads it
    answer(200, "bad key");
    network.pass(10 * minute);
    EXPECT_THAT(network.asked, SizeIs(2));
    EXPECT_EQ(figures.poll_failures.get(), 2U);
}

TEST_F(PollerTest, HeadersOfTheVenueCorrectTheQuota) {
    quotas.push_back({"weight", 1200, minute, "X-MBX-USED-WEIGHT-1M", {}});
    for (const char* const name : {"a", "b"}) {
        ask(name, "https://api.example/", second);
        polls.back().quota = "weight";
    }
    answer(200, "{}", {{"x-mbx-used-weight-1m", "1200"}});  // somebody else used it up
    start();
    network.pass(10 * second);
    EXPECT_LE(network.asked.size(), 170U);
    EXPECT_EQ(figures.quota("weight").left.get(), 0);
    const std::size_t before = network.asked.size();
    network.pass(second);
    EXPECT_LE(network.asked.size() - before, 16U);
}

TEST_F(PollerTest, AReplyThatComesAfterTheEndIsHarmless) {
    ask("a", "https://api.example/", second);
    start();
    network.pass(2 * second);
    ASSERT_THAT(network.asked, SizeIs(1));
    auto done = network.asked[0].done;
    driver->finish();
    done(FakeNetwork::reply(200, "{}"));
    network.pass(second);
    EXPECT_EQ(story(), "closed:0");
    driver.reset();
    done(FakeNetwork::reply(200, "{}"));
    EXPECT_TRUE(ended);
}

TEST(PollTimes, PlacesOfAnyFirstPollsLieEvenly) {
    for (const std::uint64_t count : {7U, 50U, 500U}) {
        std::vector<int> tenths(10);
        for (std::uint64_t i = 0; i < count; ++i) {
            ++tenths[static_cast<std::size_t>(place_of(i) * 10)];
        }
        for (const int there : tenths) EXPECT_NEAR(there, static_cast<double>(count) / 10, 1.5);
    }
}

}  // namespace
}  // namespace spillway::live
