#include "inputs.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace spillway::liquidation_risk {
namespace {

constexpr Time start = 1'767'225'600 * second;

TEST(Staleness, ExactlyThreeIntervalsIsFresh) {
    Stream stream;
    EXPECT_FALSE(stream.fresh(start));
    stream.newest = start;
    EXPECT_TRUE(stream.fresh(start + 3 * minute));
    EXPECT_FALSE(stream.fresh(start + 3 * minute + 1));
    EXPECT_TRUE(stream.fresh(start + 24 * hour, 8 * hour));
    stream.declared = 5 * minute;
    EXPECT_TRUE(stream.fresh(start + 15 * minute));
    EXPECT_FALSE(stream.fresh(start + 15 * minute + 1));
}

TEST(Funding, IsTheMedianOfFreshVenuesPerEightHours) {
    Inputs in;
    const auto a = in.funding_stream("a", "x");
    const auto b = in.funding_stream("b", "x");
    const auto c = in.funding_stream("c", "x");
    EXPECT_FALSE(in.funding_8h(start).has_value());
    in.funding(a, start, 8 * hour, .0001, 8);
    in.funding(b, start, hour, .00005, 1);  // .0004 per 8 h
    in.funding(c, start, 4 * hour, .0001, 4);
    EXPECT_DOUBLE_EQ(*in.funding_8h(start), .0002);
    EXPECT_DOUBLE_EQ(*in.funding_as_sent(start), .0001);
    EXPECT_DOUBLE_EQ(*in.funding_8h(start + 3 * hour), .0002);
    EXPECT_DOUBLE_EQ(*in.funding_8h(start + 3 * hour + 1), .00015);  // b is stale
    EXPECT_DOUBLE_EQ(*in.funding_8h(start + 13 * hour), .0001);
    EXPECT_FALSE(in.funding_8h(start + 25 * hour).has_value());
}

TEST(Funding, VenueWithManyContractsHasOneVoice) {
    Inputs in;
    for (const char* contract : {"x", "y", "z"}) {
        in.funding(in.funding_stream("a", contract), start, 0, .001, 8);
    }
    in.funding(in.funding_stream("b", "x"), start, 0, .0001, 8);
    in.funding(in.funding_stream("c", "x"), start, 0, .0002, 8);
    EXPECT_DOUBLE_EQ(*in.funding_8h(start), .0002);
}

TEST(Duplicates, LargerMagnitudeCountsInAnyOrder) {
    for (const bool swapped : {false, true}) {
        Inputs in;
        const auto f = in.funding_stream("a", "x");
        in.funding(f, start, 0, swapped ? -.0003 : .0001, 8);
        in.funding(f, start, 0, swapped ? .0001 : -.0003, 8);
        EXPECT_DOUBLE_EQ(*in.funding_8h(start), -.0003);
        const auto bar = in.price_stream("a", "x");
        in.price(bar, {start, minute, {}, swapped ? 101.0 : 100.0, {}});
        in.price(bar, {start, minute, {}, swapped ? 100.0 : 101.0, {}});
        EXPECT_EQ(in.prices()[bar].price, 101.0);
    }
}

TEST(Duplicates, OlderRecordsAreIgnored) {
    Inputs in;
    const auto f = in.funding_stream("a", "x");
    in.funding(f, start, 0, .0001, 8);
    EXPECT_FALSE(in.funding(f, start - 1, 0, .01, 8));
    EXPECT_DOUBLE_EQ(*in.funding_8h(start), .0001);
}

TEST(OpenInterest, CoinsThenShortestIntervalThenLargestThenName) {
    Inputs in;
    const auto usd = in.open_interest_stream("a", "usd");
    in.open_interest(usd, start, minute, {}, 9e9);
    EXPECT_EQ(in.choose_open_interest(start), usd);
    const auto slow = in.open_interest_stream("b", "slow");
    in.open_interest(slow, start, hour, 9e6, 9e9);
    EXPECT_EQ(in.choose_open_interest(start), slow);
    const auto z = in.open_interest_stream("z", "x"), y = in.open_interest_stream("y", "x");
    in.open_interest(z, start, minute, 100.0, {});
    in.open_interest(y, start, minute, 100.0, {});
    EXPECT_EQ(in.choose_open_interest(start), y);
    in.open_interest(z, start + 1, minute, 101.0, {});
    EXPECT_EQ(in.choose_open_interest(start + 1), z);
    EXPECT_EQ(in.choose_open_interest(start + 4 * minute), slow);
    EXPECT_FALSE(in.choose_open_interest(start + 4 * hour).has_value());
}

TEST(Price, StreamWithLargestOpenInterestBreaksTies) {
    Inputs in;
    const auto a = in.price_stream("a", "x"), b = in.price_stream("b", "x");
    in.price(a, {start, 0, {}, 100.0, {}});
    in.price(b, {start, 0, {}, 101.0, {}});
    EXPECT_EQ(in.choose_price(start), a);
    in.open_interest(in.open_interest_stream("b", "x"), start, 0, 5.0, {});
    EXPECT_EQ(in.choose_price(start), b);
    const auto bar = in.price_stream("0", "bar");
    in.price(bar, {start, 5 * minute, {}, 99.0, {}});
    EXPECT_EQ(in.choose_price(start), b);
    EXPECT_EQ(in.choose_price(start + 10 * minute), bar);
    EXPECT_FALSE(in.choose_price(start + 10 * minute, minute).has_value());
}

TEST(Price, MarkIsNotMixedWithLast) {
    Inputs in;
    const auto p = in.price_stream("a", "x");
    in.price(p, {start, 0, 100.0, 100.5, 99.9});
    EXPECT_EQ(in.prices()[p].price, 100.0);
    EXPECT_DOUBLE_EQ(*in.prices()[p].basis, 100.0 / 99.9 - 1);
    EXPECT_FALSE(in.price(p, {start + second, 0, {}, 101.0, {}}));
    EXPECT_TRUE(in.price(p, {start + 4 * minute, 0, {}, 101.0, {}}));
    EXPECT_FALSE(in.prices()[p].basis.has_value());
    EXPECT_FALSE(in.price(p, {start + 5 * minute, 0, {}, -1.0, {}}));
}

TEST(LongShort, PopulationsAreNeverMixed) {
    Inputs in;
    const auto add = [&](const char* venue, Population population, double ratio, Time time) {
        in.long_short(in.long_short_stream(venue, "x", population), time, minute, ratio);
    };
    const auto ratio = [&](Time t) { return in.long_shorts()[*in.choose_long_short(t)].ratio; };
    add("a", Population::top_positions, 3, start + 2);
    EXPECT_EQ(ratio(start + 2), 3);
    add("a", Population::top_accounts, 2, start + 1);
    EXPECT_EQ(ratio(start + 2), 2);
    add("b", Population::global_accounts, 1, start);
    EXPECT_EQ(ratio(start + 2), 1);
    EXPECT_EQ(ratio(start + 3 * minute + 1), 2);
    EXPECT_EQ(ratio(start + 3 * minute + 2), 3);
}

TEST(Samples, TenthFromLast) {
    Samples samples;
    for (int i = 0; i < 10; ++i) samples.add(start + i * hour, 100 + i);
    EXPECT_FALSE(samples.change_over_ten(11).has_value());
    EXPECT_DOUBLE_EQ(*samples.change_over_ten(10), 9.0);
    samples.add(start + 10 * hour, 110);
    EXPECT_DOUBLE_EQ(*samples.change_over_ten(11), (110.0 - 101) / 101 * 100);
}

TEST(Samples, ReferenceIsTheNewestOfTheRightAge) {
    std::mt19937_64 random(5);
    Samples samples;
    std::vector<std::pair<Time, double>> all;
    Time time = start;
    for (int i = 0; i < 3000; ++i) {
        const bool pause = random() % 100 == 0;
        time += static_cast<Time>(random() % (pause ? 700 : 40)) * second + 1;
        const double value = 100 + static_cast<double>(random() % 1000) / 100;
        samples.add(time, value);
        all.emplace_back(time, value);
        std::optional<double> expected;
        for (std::size_t j = all.size(); j-- > 0;) {
            const Duration age = time - all[j].first;
            if (age < 270 * second) continue;
            if (age <= 600 * second) expected = (value - all[j].second) / all[j].second * 100;
            break;
        }
        ASSERT_EQ(samples.change_over_five_minutes(), expected) << i;
    }
}

}  // namespace
}  // namespace spillway::liquidation_risk
