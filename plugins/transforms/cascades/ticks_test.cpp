// The rule on recorded liquidations: episodes by market and side.

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <zlib.h>

#include "rule.hpp"

namespace spillway::cascades {
namespace {

/// Just enough for the symbols in these files; `normalise` has the full mapping.
std::string market_of(std::string symbol) {
    for (const std::string_view quote : {"USDT", "USDC"}) {
        if (symbol.size() > quote.size() && symbol.ends_with(quote)) {
            symbol.resize(symbol.size() - quote.size());
            break;
        }
    }
    for (const char* name : {"WBTC", "cbBTC", "LBTC", "tBTC"}) {
        if (symbol == name) return "BTC";
    }
    for (const char* name : {"WETH", "weETH", "wstETH", "cbETH"}) {
        if (symbol == name) return "ETH";
    }
    for (const std::string_view multiple : {"1000000", "1000"}) {
        if (symbol.starts_with(multiple)) return symbol.substr(multiple.size());
    }
    return symbol;
}

struct Counted {
    std::map<std::string, std::uint64_t> episodes;  ///< by "market side"
    std::uint64_t total = 0;
    std::uint64_t orders = 0;
};

Counted count_episodes(const std::string& path, const RuleOptions& options = {}) {
    Counted counted;
    const gzFile file = gzopen((SPILLWAY_SOURCE_DIR + ("/" + path)).c_str(), "rb");
    if (file == nullptr) {
        ADD_FAILURE() << "cannot open " << path << " below " << SPILLWAY_SOURCE_DIR;
        return counted;
    }
    std::map<std::string, MarketRule> markets;
    std::map<Id, std::string> seen;
    std::vector<Emission> out;
    std::vector<char> line(1U << 16U);
    std::uint64_t ordinal = 0;
    while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
        rapidjson::Document row;
        row.Parse(line.data());
        const bool single = row.HasMember("side") && row["kind"] == "liquidation";
        if (!single) continue;
        ++counted.orders;
        const std::string market = market_of(row["symbol"].GetString());
        MarketRule& rule = markets[market];
        rule.set_market(market);

        Liquidation event;
        event.time = row["ts"].GetInt64() * millisecond;
        event.id = {hash_text(line.data()), ++ordinal};
        event.venue = static_cast<std::uint16_t>(rule.venues.position_of(row["venue"].GetString()));
        event.side = row["side"] == "long" ? Side::long_position : Side::short_position;
        event.price = row["price"].GetDouble();
        event.has_price = true;
        event.notional = to_micro_usd(row["usd"].GetDouble());
        event.has_notional = true;
        rule.advance(event.time, options, out);
        EXPECT_EQ(rule.observe(event, event.time, options), Verdict::accepted);
    }
    gzclose(file);
    std::map<Id, std::string> names;
    for (auto& [market, rule] : markets) {
        rule.finish(options, out);
        counted.total += rule.opened();
    }
    // Ids tell the episodes apart; every one is found again by its emissions.
    for (const Emission& emission : out) {
        const std::optional<Side> side = emission.episode.side;
        seen.try_emplace(emission.episode.id, side ? name_in(side_names, *side) : "all");
    }
    EXPECT_EQ(seen.size(), counted.total);
    for (auto& [market, rule] : markets) {
        if (rule.opened() != 0) counted.episodes[market] = rule.opened();
    }
    for (const auto& [id, side] : seen) ++counted.episodes[side];
    return counted;
}

TEST(RecordedTicks, BinanceBitcoinDecember2024) {
    const Counted counted = count_episodes("tests/data/ticks/binance-btcusdt-2024-12.jsonl.gz");
    EXPECT_EQ(counted.orders, 1828U);
    EXPECT_EQ(counted.total, 22U);
    EXPECT_EQ(counted.episodes.at("short"), 14U);
    EXPECT_EQ(counted.episodes.at("long"), 8U);
}

TEST(RecordedTicks, BinanceFragments) {
    EXPECT_EQ(count_episodes("tests/data/ticks/binance-usdm-fragments.jsonl.gz").total, 5U);
}

TEST(RecordedTicks, Pacifica) {
    EXPECT_EQ(count_episodes("tests/data/ticks/pacifica-2026-03-04.jsonl.gz").total, 5U);
}

TEST(RecordedTicks, AaveEthereum) {
    const Counted counted = count_episodes("tests/data/ticks/aave-ethereum-btc-2020-2026.jsonl.gz");
    EXPECT_EQ(counted.total, 85U);
    EXPECT_EQ(counted.episodes.at("long"), 85U);
}

TEST(RecordedTicks, AaveBase) {
    EXPECT_EQ(count_episodes("tests/data/ticks/aave-base-2025-10_2026-01.jsonl.gz").total, 6U);
}

TEST(RecordedTicks, CalmHoursOfEther) {
    const Counted counted = count_episodes("tests/data/ticks/multi-venue-eth-2026-04-03.jsonl.gz");
    EXPECT_EQ(counted.orders, 73U);
    EXPECT_EQ(counted.total, 0U);
}

TEST(RecordedTicks, ReplayOfFebruary2026) {
    const Counted counted = count_episodes("pipelines/data/replay-2026-02-05.jsonl.gz");
    EXPECT_EQ(counted.orders, 2365U);
    EXPECT_EQ(counted.total, 34U);
    EXPECT_EQ(counted.episodes.at("BTC"), 30U);
    EXPECT_EQ(counted.episodes.at("ETH"), 4U);
    EXPECT_EQ(counted.episodes.at("long"), 34U);
}

}  // namespace
}  // namespace spillway::cascades
