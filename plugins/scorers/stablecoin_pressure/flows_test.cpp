#include "flows.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace spillway::stablecoin_pressure {
namespace {

constexpr Time t0 = 1'770'000'000 * second;

class StablecoinFlows : public testing::Test {
protected:
    void flow(Time at, FlowType type, double amount, Duration interval = 0,
              std::string_view token = "USDT", std::string_view source = "ethereum") {
        flows.advance(t0 + at, options);
        flows.observe({t0 + at, type, amount, interval, source, token, "ethereum"}, t0 + at,
                      options);
    }
    Amounts amounts(Time at) {
        flows.advance(t0 + at, options);
        return flows.assess(t0 + at, options);
    }
    double outflow(Time at) { return amounts(at).net_outflow.value(); }
    double mint(Time at) { return amounts(at).net_mint.value(); }

    Options options;
    Flows flows;
};

TEST_F(StablecoinFlows, NothingReceivedIsUnknown) {
    EXPECT_FALSE(amounts(0).net_outflow);
    EXPECT_FALSE(amounts(0).net_mint);
    flow(0, FlowType::exchange_inflow, 5e6);
    EXPECT_EQ(outflow(0), -5e6);
    EXPECT_FALSE(amounts(0).net_mint) << "inflow tells nothing about minting";
}

TEST_F(StablecoinFlows, SingleTransfersCountFromTheFloorForFourHours) {
    flow(0, FlowType::exchange_outflow, 1e6);
    flow(0, FlowType::exchange_outflow, 999'999);
    flow(hour, FlowType::exchange_inflow, 3e6);
    flow(hour, FlowType::whale_transfer, 50e6);
    flow(hour, FlowType::exchange_transfer, 50e6);
    EXPECT_EQ(outflow(hour), -2e6);
    EXPECT_EQ(amounts(hour).large_transfers, 4U);
    EXPECT_EQ(outflow(4 * hour - 1), -2e6);
    EXPECT_EQ(flows.next_change(t0 + hour, options), t0 + 4 * hour);
    EXPECT_EQ(outflow(4 * hour), -3e6) << "(t - 4 h, t]";
}

TEST_F(StablecoinFlows, MintMinusBurn) {
    flow(0, FlowType::mint, 100e6);
    flow(second, FlowType::burn, 30e6);
    EXPECT_EQ(mint(minute), 70e6);
    EXPECT_FALSE(amounts(minute).net_outflow);
}

TEST_F(StablecoinFlows, ShortBarsCountInFullAndHaveNoFloor) {
    flow(0, FlowType::exchange_inflow, 1e3, hour);
    flow(hour, FlowType::exchange_inflow, 2e3, hour);
    EXPECT_EQ(outflow(hour), -3e3);
    EXPECT_EQ(outflow(4 * hour), -2e3);
    flow(4 * hour, FlowType::exchange_outflow, 7e3, 4 * hour);
    EXPECT_EQ(outflow(4 * hour), 5e3);
}

TEST_F(StablecoinFlows, LongBarsAreSpreadOverOneInterval) {
    flow(0, FlowType::exchange_inflow, 600e6, day);
    EXPECT_DOUBLE_EQ(outflow(0), -100e6);
    EXPECT_DOUBLE_EQ(outflow(day - 1), -100e6);
    EXPECT_EQ(outflow(day), 0) << "over, but its source is still fresh";
    EXPECT_EQ(outflow(3 * day), 0) << "exactly three intervals are fresh";
    EXPECT_FALSE(amounts(3 * day + 1).net_outflow);
}

TEST_F(StablecoinFlows, TheNextLongBarReplacesTheLast) {
    flow(0, FlowType::exchange_inflow, 600e6, day);
    flow(0, FlowType::exchange_outflow, 300e6, day);
    flow(day - hour, FlowType::exchange_inflow, 60e6, day);
    EXPECT_DOUBLE_EQ(outflow(day - hour), 50e6 - 10e6);
    flow(day - hour, FlowType::exchange_inflow, 60e6, day);
    EXPECT_DOUBLE_EQ(outflow(day - hour), 50e6 - 20e6) << "two exchanges at one time are both kept";
}

TEST_F(StablecoinFlows, AllIsPreferredToItsParts) {
    flow(0, FlowType::exchange_inflow, 60e6, day, "USDC", "agg");
    EXPECT_DOUBLE_EQ(outflow(0), -10e6);
    flow(0, FlowType::exchange_inflow, 240e6, day, "ALL", "agg");
    flow(0, FlowType::exchange_inflow, 120e6, day, "DAI", "agg");
    EXPECT_DOUBLE_EQ(outflow(0), -40e6);
    flow(0, FlowType::exchange_inflow, 60e6, day, "USDC", "other");
    EXPECT_DOUBLE_EQ(outflow(0), -50e6) << "only for the source that sends ALL";
}

TEST_F(StablecoinFlows, SupplyCountsByItsDifferencePerToken) {
    flow(0, FlowType::supply, 138e9, day, "USDT", "supply");
    EXPECT_FALSE(amounts(0).net_mint) << "a first value is no difference";
    flow(0, FlowType::supply, 48e9, day, "USDC", "supply");
    flow(day, FlowType::supply, 138.6e9, day, "USDT", "supply");
    EXPECT_DOUBLE_EQ(mint(day), 100e6);
    flow(day, FlowType::supply, 47.7e9, day, "USDC", "supply");
    EXPECT_DOUBLE_EQ(mint(day), 50e6);
    EXPECT_EQ(amounts(day).large_transfers, 0U);
}

TEST_F(StablecoinFlows, SupplyAfterAHoleIsSpreadOverTheHole) {
    flow(0, FlowType::supply, 100e9, day);
    flow(2 * day, FlowType::supply, 101.2e9, day);
    EXPECT_DOUBLE_EQ(mint(2 * day), 100e6);
    EXPECT_EQ(mint(3 * day), 0);
}

TEST_F(StablecoinFlows, FrequentSupplyCountsInFull) {
    for (int i = 0; i <= 60; ++i) {
        flow(i * minute, FlowType::supply, 100e9 + 1e6 * i, minute);
    }
    EXPECT_NEAR(mint(hour), 60e6, 1);
    EXPECT_NEAR(mint(hour + 3 * minute), 60e6, 1);
    EXPECT_FALSE(amounts(hour + 3 * minute + 1).net_mint) << "stale after three intervals";
}

TEST_F(StablecoinFlows, ADisconnectedSourceIsMissing) {
    flow(0, FlowType::exchange_inflow, 5e6);
    flow(0, FlowType::exchange_outflow, 60e6, day, "ALL", "agg");
    EXPECT_DOUBLE_EQ(outflow(0), 5e6);
    flows.set_connected("ethereum", false);
    EXPECT_DOUBLE_EQ(outflow(minute), 10e6);
    flows.set_connected("ethereum", true);
    EXPECT_DOUBLE_EQ(outflow(2 * minute), 5e6);
    flows.set_connected("agg", false);
    flows.set_connected("ethereum", false);
    EXPECT_FALSE(amounts(3 * minute).net_outflow);
}

TEST_F(StablecoinFlows, SilenceOfAConnectedSourceIsZero) {
    flow(0, FlowType::exchange_inflow, 5e6);
    EXPECT_EQ(outflow(4 * hour), 0);
    EXPECT_FALSE(amounts(4 * hour + 1).net_outflow) << "nobody says that it is connected";
    flows.set_connected("ethereum", true);
    EXPECT_EQ(outflow(day), 0);
}

TEST_F(StablecoinFlows, OrderOfTransfersCannotBeSeenAndSumsDoNotDrift) {
    std::mt19937 random(4);
    std::vector<Flow> transfers;
    for (int i = 0; i < 3000; ++i) {
        Flow flow;
        flow.time = t0 + static_cast<Duration>(random() % 14'400) * second;
        flow.type = random() % 2 == 0 ? FlowType::exchange_inflow : FlowType::exchange_outflow;
        flow.amount = 1e6 + static_cast<double>(random() % 10'000'000) / 7;
        flow.source = random() % 2 == 0 ? "ethereum" : "tron";
        transfers.push_back(flow);
    }
    std::optional<double> expected;
    for (int round = 0; round < 3; ++round) {
        Flows fresh;
        for (const Flow& flow : transfers) fresh.observe(flow, t0 + 4 * hour, options);
        fresh.advance(t0 + 4 * hour, options);
        const double sum = fresh.assess(t0 + 4 * hour, options).net_outflow.value();
        if (!expected) expected = sum;
        EXPECT_NEAR(sum, *expected, 1e-3);
        fresh.advance(t0 + 8 * hour, options);
        EXPECT_EQ(fresh.assess(t0 + 8 * hour, options).net_outflow, 0);
        std::shuffle(transfers.begin(), transfers.end(), random);
    }
}

}  // namespace
}  // namespace spillway::stablecoin_pressure
