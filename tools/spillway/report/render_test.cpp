#include <algorithm>
#include <regex>
#include <sstream>

#include "report/collector.hpp"
#include "report/render_json.hpp"
#include "report/render_text.hpp"
#include "report/test_data.hpp"
#include "report/text_format.hpp"

namespace spillway::report {
namespace {

std::string market_of(const std::string& symbol) {
    if (symbol.ends_with("USDT")) {
        return symbol.substr(0, symbol.size() - 4);
    }
    for (const char* market : {"BTC", "ETH"}) {
        if (symbol.ends_with(market)) {
            return market;
        }
    }
    return symbol;
}

void add_row(Collector& to, const rapidjson::Document& row) {
    const std::string kind = row["kind"].GetString();
    const std::string market = market_of(row["symbol"].GetString());
    const std::string venue = row["venue"].GetString();
    const Time time = row["ts"].GetInt64() * 1'000'000;
    const Duration interval =
        row.HasMember("interval_ms") ? row["interval_ms"].GetInt64() * 1'000'000 : 0;
    if (kind == "price") {
        const auto field = [&](const char* name) {
            return row.HasMember(name) ? std::optional{row[name].GetDouble()} : std::nullopt;
        };
        const double price = row["price"].GetDouble();
        to.add(PriceRecord{time, market, venue, interval, price, field("high"), field("low")});
    } else if (kind == "open_interest") {
        const bool coins = row.HasMember("oi_base");
        to.add(
            OpenInterestRecord{time, market, venue, interval,
                               coins ? std::optional{row["oi_base"].GetDouble()} : std::nullopt});
    } else if (kind == "liquidation" && row.HasMember("side")) {
        const bool longs = std::string{row["side"].GetString()} == "long";
        to.add(LiquidationRecord{time, market, venue, longs ? Side::longs : Side::shorts,
                                 row["usd"].GetDouble(), venue.starts_with("aave")});
    } else if (kind == "liquidation") {
        to.add(LiquidationSumRecord{time, market, venue, interval, row["long_usd"].GetDouble(),
                                    row["short_usd"].GetDouble()});
    } else if (kind == "funding") {
        to.add(InputRecord{time, market, venue, InputKind::funding_rate});
    }
}

RunReport report_of_february_2026() {
    Collector collector;
    std::uint64_t rows = 0;
    for_each_line(replay_2026_02_05(), [&](const rapidjson::Document& row) {
        add_row(collector, row);
        ++rows;
    });
    const std::array<ContributionView, 3> parts{
        {{"ignition", 91.5}, {"open_interest", 30.0}, {"long_short", {}}}};
    const Time crash = 1'770'322'800 * second;  // 2026-02-05 20:20
    ScoreRecord risk{crash, "BTC", "risk", Direction::down};
    risk.value = 91.5;
    risk.coverage = 0.8;
    risk.contributions = parts;
    collector.add(risk);
    risk.headline = true;
    collector.add(risk);
    risk.time += 10 * minute;
    risk.value = 20.0;
    collector.add(risk);
    collector.add(AlertRecord{crash, "BTC", Direction::down, Severity::critical});
    collector.add(
        CascadeRecord{{1, 2}, "BTC", Side::longs, crash, crash + second, 30, 4.56e6, 1, true});
    RunFacts facts;
    facts.pipeline = "demo";
    facts.records = rows;
    facts.wall_seconds = 1.42;
    facts.outputs = {"spillway-demo/demo.db"};
    facts.next_steps = {"one", "two", "three"};
    return collector.report(std::move(facts));
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

TEST(RenderText, TellsTheRunInLinesOfAHundredColumns) {
    const std::string text = render_text(report_of_february_2026(), false);
    for (const auto& line : lines_of(text)) {
        EXPECT_LE(line.size(), 100u) << line;
        EXPECT_TRUE(line.empty() || line.back() != ' ') << '"' << line << '"';
    }
    for (const char* part :
         {"Run report: demo", "57,394 records in 1.42 s", "91.5  02-05 20:20  down",
          "ignition 91.5, open_interest 30.0, long_short missing",
          "reduced label: price, OI; no notional", "single liquidations are on-chain",
          "no long/short ratio and no stablecoin flow in this data",
          "prices every 60 min, the label needs 15 min or finer", "4.56 M", "  3. three"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
    }
}

/// The report of a run in which one market got a price and this score.
std::string text_with_score(std::optional<double> value, bool warming_up) {
    Collector collector;
    constexpr Time start = 1'770'322'800 * second;
    collector.add(PriceRecord{start, "BTC", "bybit", minute, 62'000.0});
    ScoreRecord risk{start + 20 * second, "BTC", "risk", Direction::down};
    risk.headline = true;
    risk.warming_up = warming_up;
    risk.value = value;
    collector.add(risk);
    return render_text(collector.report({}), false);
}

TEST(RenderText, SaysWhyThereIsNoScoreYet) {
    EXPECT_NE(text_with_score(20.0, false).find("risk stayed below 50"), std::string::npos);
    const std::string warming = text_with_score({}, true);
    EXPECT_NE(warming.find("no score yet: warming up"), std::string::npos) << warming;
    EXPECT_EQ(warming.find("stayed below"), std::string::npos) << warming;
    EXPECT_NE(text_with_score({}, false).find("its inputs were not there"), std::string::npos);
}

TEST(RenderText, OfARunWithoutMarketDataNamesNoTime) {
    const std::string text = render_text(Collector{}.report({}), false);
    EXPECT_NE(text.find("No market data, 0 records"), std::string::npos) << text;
    EXPECT_EQ(text.find("1970"), std::string::npos) << text;
}

TEST(RenderText, OfAResumedRunSaysWhatItCovers) {
    RunFacts facts;
    facts.resumed_from = 1'770'322'800 * second;
    const std::string text = render_text(Collector{}.report(facts), false);
    EXPECT_NE(text.find("Goes on from 2026-02-05 20:20 UTC"), std::string::npos) << text;
}

TEST(RenderText, ColourAddsNothingButColour) {
    const RunReport report = report_of_february_2026();
    const std::string plain = render_text(report, false);
    const std::string coloured = render_text(report, true);
    EXPECT_NE(plain, coloured);
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::regex_replace(coloured, std::regex{"\x1b\\[[0-9;]*m"}, ""), plain);
}

TEST(RenderJson, HoldsTheSameWithAStableKeyOrder) {
    const RunReport report = report_of_february_2026();
    const std::string text = render_json(report);
    EXPECT_EQ(text, render_json(report_of_february_2026()));
    rapidjson::Document json;
    json.Parse(text.c_str());
    ASSERT_FALSE(json.HasParseError());
    std::vector<std::string> keys;
    for (const auto& member : json.GetObject()) {
        keys.emplace_back(member.name.GetString());
    }
    const std::vector<std::string> expected{"pipeline",
                                            "first",
                                            "last",
                                            "records",
                                            "counted_from_epoch",
                                            "wall_seconds",
                                            "interrupted",
                                            "resumed_from",
                                            "episode_threshold",
                                            "markets",
                                            "alerts",
                                            "onset_label",
                                            "onset_label_varies",
                                            "alerts_against_onsets",
                                            "cascades",
                                            "coverage",
                                            "missing_inputs",
                                            "not_scored",
                                            "liquidation_venues",
                                            "sources_with_trouble",
                                            "records_not_kept",
                                            "data_notes",
                                            "outputs",
                                            "next_steps"};
    EXPECT_EQ(keys, expected);
    const auto& markets = json["markets"];
    ASSERT_EQ(markets.Size(), 5u);  // ARB AVAX BTC ETH HYPE
    EXPECT_STREQ(markets[2]["market"].GetString(), "BTC");
    const auto& episode = markets[2]["highest_episodes"][0];
    EXPECT_STREQ(episode["peak_time"].GetString(), "2026-02-05T20:20:00.000Z");
    EXPECT_TRUE(episode["contributions"][2]["points"].IsNull());
    EXPECT_EQ(json["alerts"]["critical"].GetInt(), 1);
    EXPECT_EQ(json["alerts_against_onsets"][2]["lead_median_s"].GetDouble(), 300.0);
    EXPECT_STREQ(markets[4]["onsets"]["unavailable"].GetString(),
                 "prices every 60 min, the label needs 15 min or finer");
}

TEST(RunFacts, SayWhichPartOfARunTheyCount) {
    RunFacts facts;
    facts.records = 1'200;
    facts.wall_seconds = 10;
    EXPECT_EQ(describe(facts), "1,200 records in 10.00 s");
    facts.counted_since = "the reload at epoch 12";
    facts.interrupted = true;
    EXPECT_EQ(describe(facts),
              "10.00 s, 1,200 records since the reload at epoch 12, stopped and drained");
}

TEST(RenderJson, AnEmptyRunIsStillWhole) {
    rapidjson::Document json;
    json.Parse(render_json(Collector{}.report({})).c_str());
    EXPECT_FALSE(json.HasParseError());
    EXPECT_FALSE(render_text(Collector{}.report({}), false).empty());
}

TEST(TextFormat, NumbersAndTimes) {
    EXPECT_EQ(utc_iso(1'770'322'800'123'000'000), "2026-02-05T20:20:00.123Z");
    EXPECT_EQ(utc_short(-1), "12-31 23:59");
    EXPECT_EQ(span_text(59 * second), "59 s");
    EXPECT_EQ(span_text(95 * minute), "1 h 35 min");
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(price_text(62345.123), "62,345.1");
    EXPECT_EQ(price_text(0.11035), "0.110350");
    EXPECT_EQ(usd_text(12'345.0), "12.3 k");
    EXPECT_EQ(percent_text(-0.0456), "-4.56%");
    EXPECT_EQ(percent_text({}), "-");
}

TEST(TextFormat, WrapsAtSpaces) {
    EXPECT_EQ(wrap("aa bb cc", 7, "- ", "  "), (std::vector<std::string>{"- aa bb", "  cc"}));
    EXPECT_EQ(wrap("abcdefgh", 3, "", ""), (std::vector<std::string>{"abcdefgh"}));
}

}  // namespace
}  // namespace spillway::report
