#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "rule.hpp"

namespace spillway::cascades {
namespace {

struct Record {
    Time received;
    Liquidation event;
};

/// Bursts and lulls on two sides and three venues; several orders share a time, some come late.
std::vector<Record> random_market(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t limit) {
        return static_cast<std::uint32_t>(random() % limit);
    };
    std::vector<Record> records;
    Time now = 1'770'000'000 * second;
    for (std::uint64_t id = 1; records.size() < 3000; ++id) {
        const std::uint32_t dice = below(100);
        if (dice < 2) {
            now += (60 + below(400)) * second;
        } else if (dice < 60) {
            now += below(8) * second;
        }
        Record record{now, {}};
        record.event.time = now - (below(10) == 0 ? below(90) * second : below(2) * second);
        record.event.id = {random(), id};
        record.event.side = below(3) == 0 ? Side::short_position : Side::long_position;
        record.event.venue = static_cast<std::uint16_t>(below(3));
        record.event.price = 60000 + below(5000);
        record.event.has_price = true;
        record.event.has_notional = below(50) != 0;
        record.event.notional = record.event.has_notional ? to_micro_usd(below(60'000)) : 0;
        records.push_back(record);
    }
    return records;
}

std::vector<Emission> run(const std::vector<Record>& records, const RuleOptions& options,
                          bool every_timer = false) {
    MarketRule rule;
    rule.set_market("BTC");
    std::vector<Emission> out;
    for (const Record& record : records) {
        while (every_timer && rule.next_due(options) <= record.received) {
            rule.advance(rule.next_due(options), options, out);
        }
        rule.advance(record.received, options, out);
        rule.observe(record.event, record.received, options);
    }
    rule.finish(options, out);
    return out;
}

std::string text(const std::vector<Emission>& emissions) {
    std::string text;
    for (const Emission& emission : emissions) {
        const Episode& episode = emission.episode;
        text += std::to_string(emission.at) + ' ' + std::to_string(episode.id.high) + ' ' +
                std::to_string(static_cast<int>(episode.state)) + ' ' +
                std::to_string(episode.members()) + ' ' + std::to_string(episode.total_usd()) +
                ' ' + std::to_string(episode.risk) + ' ' + std::to_string(episode.risk_peak);
        for (const Liquidation& member : episode.new_members) {
            text += ' ' + std::to_string(member.id.low);
        }
        text += '\n';
    }
    return text;
}

class CascadeProperties : public testing::TestWithParam<std::uint32_t> {};

TEST_P(CascadeProperties, OrderWithinAnInstantCannotBeSeen) {
    std::vector<Record> records = random_market(GetParam());
    for (const bool pooled : {false, true}) {
        RuleOptions options;
        options.pooled = pooled;
        const std::string expected = text(run(records, options));
        std::mt19937 random(GetParam() + 1);
        for (int round = 0; round < 5; ++round) {
            for (auto from = records.begin(); from != records.end();) {
                const auto to = std::find_if(from, records.end(), [&](const Record& record) {
                    return record.received != from->received;
                });
                std::shuffle(from, to, random);
                from = to;
            }
            EXPECT_EQ(text(run(records, options)), expected);
        }
    }
}

TEST_P(CascadeProperties, TimersMayFireOnTimeOrTogetherWithTheNextRecord) {
    const std::vector<Record> records = random_market(GetParam());
    EXPECT_EQ(text(run(records, {})), text(run(records, {}, true)));
}

TEST_P(CascadeProperties, OneIdAtATimeAndEveryMemberOnce) {
    const std::vector<Record> records = random_market(GetParam());
    const std::vector<Emission> emissions = run(records, {});
    EXPECT_GT(emissions.size(), 20U);

    std::map<Side, Id> open;
    std::set<Id> closed;
    std::set<Id> members;
    std::map<Id, std::uint32_t> count;
    for (const Emission& emission : emissions) {
        const Episode& episode = emission.episode;
        EXPECT_FALSE(closed.contains(episode.id)) << "an id never comes back";
        const auto [entry, fresh] = open.try_emplace(*episode.side, episode.id);
        EXPECT_EQ(entry->second, episode.id) << "two cascades open on one side";
        if (fresh) {
            EXPECT_EQ(episode.state, CascadeState::active);
            EXPECT_GE(episode.members(), 5U);
            EXPECT_GE(episode.total_usd(), 100e3);
        }
        for (const Liquidation& member : episode.new_members) {
            EXPECT_EQ(member.side, *episode.side);
            EXPECT_TRUE(members.insert(member.id).second) << "a member belongs to one cascade";
        }
        count[episode.id] += static_cast<std::uint32_t>(episode.new_members.size());
        EXPECT_EQ(count[episode.id], episode.members());
        EXPECT_GE(episode.risk_peak, episode.risk);
        EXPECT_LE(episode.risk_mean(), episode.risk_peak);
        EXPECT_LE(episode.start, episode.last);
        if (episode.state == CascadeState::closed) {
            closed.insert(episode.id);
            open.erase(*episode.side);
        }
    }
}

TEST_P(CascadeProperties, MemoryIsBoundedByTheWindow) {
    MarketRule rule;
    const RuleOptions options;
    std::vector<Emission> out;
    for (const Record& record : random_market(GetParam())) {
        rule.advance(record.received, options, out);
        rule.observe(record.event, record.received, options);
        for (const Liquidation& event : rule.window().events()) {
            EXPECT_GT(event.time, rule.newest() - options.window);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CascadeProperties, testing::Range(1U, 9U));

}  // namespace
}  // namespace spillway::cascades
