#include <set>
#include <string>

#include "live/okx_trades.hpp"

namespace spillway::testing {
namespace {

/// Of venues that cut a connection after a day: here after less than a minute. OKX says so before.
TEST_F(LiveTest, AConnectionIsReplacedBeforeItsEndAndNothingIsMissedOrDoubled) {
    const MockExchange exchange({"--lifetime", "40"});
    PipelineRun run = live(exchange);
    run.overrides = {{"sources.okx.trades", "true"}};
    run.settings.record = path("recording");
    LivePipeline pipeline(run);
    const auto wait_for_trade = [&] {
        const std::size_t seen = pipeline.lines("events").size();
        return pipeline.wait_for("events", {venue("okx"), kind("trade")}, seen);
    };
    const auto is_replaced = [&] {
        return pipeline.metrics().find("cause=\"leaving\"} 1") != std::string::npos;
    };
    constexpr int patience = 300;
    for (int trades = 0; !is_replaced(); ++trades) {
        ASSERT_TRUE(wait_for_trade());
        ASSERT_LT(trades, patience) << pipeline.metrics();
    }
    EXPECT_TRUE(wait_for_trade());
    for (const std::string& line : pipeline.lines("events")) {
        if (line.find(kind("source_status")) == std::string::npos) continue;
        EXPECT_NE(line.find("\"state\":\"connected\""), std::string::npos) << line;
    }
    expect_balanced(pipeline.stop().final);

    const Numbers numbers = numbers_in(path("recording/okx"));
    ASSERT_EQ(numbers.size(), 2U) << "connections";
    const std::set<std::uint64_t>& before = numbers.begin()->second;
    const std::set<std::uint64_t>& after = numbers.rbegin()->second;
    EXPECT_GT(*after.rbegin(), *before.rbegin());
    std::set<std::uint64_t> all = before;
    all.insert(after.begin(), after.end());
    EXPECT_LT(all.size(), before.size() + after.size()) << "for a while both deliver";
    EXPECT_EQ(all.size(), *all.rbegin() - *all.begin() + 1) << "none is missing";
    const std::vector<std::string> events = pipeline.lines("events");
    EXPECT_EQ(ids_of(events, "trade").size(), all.size());
    EXPECT_FALSE(ids_of(events, "price").empty());
}

}  // namespace
}  // namespace spillway::testing
