#include "plan.hpp"

#include <deque>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quota.hpp"
#include "sharding.hpp"

namespace spillway::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Socket feed(std::string_view url = "wss://feed.example/ws") {
    Socket socket;
    socket.name = "feed";
    socket.url = url;
    return socket;
}

TEST(HostOf, NamesHostAndPort) {
    EXPECT_EQ(host_of("wss://a.b/c?d"), "a.b:443");
    EXPECT_EQ(host_of("https://a.b:8443"), "a.b:8443");
    EXPECT_EQ(host_of("ws://[::1]/x"), "[::1]:80");
    EXPECT_EQ(host_of("http://[::1]:81/x"), "[::1]:81");
    EXPECT_EQ(host_of("ftp://a.b/"), "");
    EXPECT_EQ(host_of("wss:///x"), "");
}

TEST(PlanBuilder, NamesWhatIsWrong) {
    const auto mistake = [](auto&& declare) {
        PlanBuilder builder;
        declare(builder);
        const Result<Plan> plan = builder.take();
        return plan ? std::string() : std::string(plan.error().message());
    };
    EXPECT_THAT(mistake([](PlanBuilder& out) { out.socket(feed("https://x/")); }),
                HasSubstr("'https://x/' is no WebSocket address"));
    EXPECT_THAT(mistake([](PlanBuilder& out) {
                    out.socket(feed());
                    out.socket(feed());
                }),
                HasSubstr("declared twice"));
    EXPECT_THAT(mistake([](PlanBuilder& out) {
                    out.topic({"nowhere", "a"});
                }),
                HasSubstr("socket 'nowhere', which is not declared"));
    EXPECT_THAT(mistake([](PlanBuilder& out) {
                    Poll poll;
                    poll.channel = "x";
                    poll.url = "api.example/secret?key=hidden";
                    out.poll(poll);
                }),
                testing::AllOf(HasSubstr("https://host/path"), testing::Not(HasSubstr("hidden"))));
    EXPECT_THAT(mistake([](PlanBuilder& out) {
                    Poll poll;
                    poll.channel = "x";
                    poll.url = "https://api.example/";
                    poll.quota = "weight";
                    out.poll(poll);
                }),
                HasSubstr("quota 'weight', which is not declared"));
    EXPECT_THAT(mistake([](PlanBuilder& out) {
                    out.quota({"weight", 0});
                }),
                HasSubstr("above zero"));
}

std::vector<TopicPlan> topics(std::size_t count, std::string_view prefix = "t") {
    std::vector<TopicPlan> result;
    for (std::size_t i = 0; i < count; ++i) {
        TopicPlan topic;
        topic.socket = "feed";
        topic.name = std::string(prefix) + std::to_string(i);
        result.push_back(topic);
    }
    return result;
}

TEST(Shards, SpreadsTopicsByCountAndBytes) {
    SocketPlan socket;
    socket.topics_per_connection = 100;
    Shards by_count;
    static_cast<void>(by_count.assign(socket, topics(250)));
    EXPECT_EQ(by_count.size(), 3U);
    EXPECT_EQ(by_count.topics_of(2), 50U);
    socket.topics_per_connection = 0;
    socket.topic_bytes_per_connection = 20;
    Shards by_bytes;
    static_cast<void>(by_bytes.assign(socket, topics(25)));  // 10 of 2 bytes, 15 of 3
    EXPECT_EQ(by_bytes.size(), 4U);
    EXPECT_EQ(by_bytes.topics_of(0), 10U);
}

TEST(Shards, CountsGroupsByThemselves) {
    std::vector<TopicPlan> all = topics(70, "trades.");
    for (TopicPlan& topic : all) {
        topic.group = "trades";
        topic.group_limit = 32;
    }
    const std::vector<TopicPlan> others = topics(5, "markets.");
    all.insert(all.end(), others.begin(), others.end());
    Shards shards;
    static_cast<void>(shards.assign({}, all));
    EXPECT_EQ(shards.size(), 3U);
    EXPECT_EQ(shards.topics_of(0), 37U);
    EXPECT_EQ(shards.topics_of(2), 6U);
}

TEST(Shards, TopicsKeepTheirPlaceWhenOthersComeAndGo) {
    SocketPlan socket;
    socket.topics_per_connection = 2;
    Shards shards;
    std::vector<TopicPlan> all = topics(4);
    static_cast<void>(shards.assign(socket, all));
    EXPECT_TRUE(shards.assign(socket, all).empty());
    all.erase(all.begin());  // t0
    all.push_back(topics(6).back());
    const auto changes = shards.assign(socket, all);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].shard, 0U);
    EXPECT_THAT(changes[0].removed, ElementsAre("t0"));
    ASSERT_EQ(changes[0].added.size(), 1U);
    EXPECT_EQ(changes[0].added[0].name, "t5");
}

TEST(Shards, TopicsMoveWhenALimitShrinks) {
    SocketPlan socket;
    socket.topics_per_connection = 4;
    Shards shards;
    const std::vector<TopicPlan> all = topics(4);
    static_cast<void>(shards.assign(socket, all));
    socket.topics_per_connection = 3;
    const auto changes = shards.assign(socket, all);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_THAT(changes[0].removed, ElementsAre("t3"));
    EXPECT_TRUE(changes[0].added.empty());
    ASSERT_EQ(changes[1].added.size(), 1U);
    EXPECT_EQ(changes[1].added[0].name, "t3");
}

TEST(Bucket, NeverGivesMoreThanItsAmountInAnySpanOfItsLength) {
    struct Case {
        double amount;
        Duration per;
        double weight;
    };
    for (const Case& c : {Case{2400, minute, 1}, Case{5, 2 * second, 1}, Case{3, second, 1},
                          Case{1, second, 1}, Case{60, minute, 40}, Case{1000, 5 * minute, 10}}) {
        Bucket bucket(c.amount, c.per, c.weight);
        std::deque<Time> sent;
        Time now = 1'000 * second;
        double most = 0;
        const Time end = now + 5 * c.per;
        while (now < end) {
            const Time ready = bucket.ready(c.weight, now);
            if (ready > now) {
                now = ready;
                continue;
            }
            bucket.spend(c.weight, now);
            sent.push_back(now);
            while (sent.front() <= now - c.per) sent.pop_front();
            most = std::max(most, static_cast<double>(sent.size()) * c.weight);
        }
        EXPECT_LE(most, c.amount) << c.amount << " per " << c.per;
        EXPECT_GE(most, 0.5 * std::min(c.amount, c.amount / c.weight * c.weight)) << c.amount;
    }
}

TEST(Bucket, BelievesTheVenuesHeaders) {
    Bucket bucket(1200, minute, 1);
    EXPECT_LE(bucket.ready(1, 0), 0);
    bucket.correct_used(1200);
    EXPECT_GT(bucket.ready(1, 0), 0);
    EXPECT_EQ(bucket.left(), 0);
}

TEST(Bucket, NoHeaderMakesItWaitLongerThanItsLength) {
    constexpr double most = std::numeric_limits<double>::max();
    for (const double used : {1201.0, 2400.0, 1e18, most}) {
        Bucket bucket(1200, minute, 1);
        EXPECT_LE(bucket.ready(1, 0), 0);
        bucket.correct_used(used);
        EXPECT_GT(bucket.ready(1, 0), 0) << used;
        EXPECT_LE(bucket.ready(300, 0), minute + 1) << used;
    }
}

TEST(Bucket, AbsurdNumbersDoNotStopItForEver) {
    for (const double used : {5000.0, 1e30, std::numeric_limits<double>::max()}) {
        Bucket bucket(1200, minute, 1);
        bucket.correct_used(used);
        EXPECT_GT(bucket.ready(1, 0), 0) << used;
        EXPECT_LT(bucket.ready(1, 0), 2 * minute) << used;
    }
    Bucket slow(1e-12, day, 1);
    slow.spend(1, 0);
    EXPECT_LE(slow.ready(1, 0), day + 1);
    EXPECT_EQ(gap_of(1e-300, minute), day);
}

TEST(Penalties, GrowAndObeyRetryAfter) {
    EXPECT_EQ(pause_after(429, 0, 7 * second), 7 * second);
    EXPECT_EQ(pause_after(429, 0, {}), minute);
    EXPECT_EQ(pause_after(429, 2, {}), 4 * minute);
    EXPECT_EQ(pause_after(429, 30, {}), 15 * minute);
    EXPECT_EQ(pause_after(418, 0, {}), 2 * minute);
    EXPECT_EQ(pause_after(418, 0, hour), hour);
    EXPECT_EQ(pause_after(418, 1, second), 4 * minute);
    EXPECT_EQ(pause_after(451, 0, {}), 10 * minute);
    EXPECT_EQ(pause_after(403, 5, {}), 10 * minute);
}

TEST(Backoff, DrawsFromAllOfARangeThatDoublesUpToAMinute) {
    Random random(3);
    Duration longest = 0, shortest = minute;
    for (int run = 0; run < 200; ++run) {
        Backoff backoff;
        for (std::uint32_t i = 0; i < 12; ++i) {
            const Duration wait = backoff.next(random);
            EXPECT_LE(wait, std::min(minute, second << i));
            if (i == 11) {
                longest = std::max(longest, wait);
                shortest = std::min(shortest, wait);
            }
        }
    }
    EXPECT_GT(longest, 55 * second);
    EXPECT_LT(shortest, 5 * second);
}

TEST(Backoff, TheLongestWaitFollowsTheFirst) {
    Random random(3);
    Backoff backoff(100 * millisecond);
    Duration longest = 0;
    EXPECT_LE(backoff.next(random), 100 * millisecond);
    for (int i = 0; i < 300; ++i) longest = std::max(longest, backoff.next(random));
    EXPECT_LE(longest, 6 * second);
    EXPECT_GT(longest, 5 * second);
}

}  // namespace
}  // namespace spillway::live
