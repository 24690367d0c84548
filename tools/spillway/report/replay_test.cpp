// Onset labels on real 5-minute data against a second implementation that looks everything up
// afresh at every close.
#include <cmath>
#include <map>

#include "report/match.hpp"
#include "report/onsets.hpp"
#include "report/test_data.hpp"

namespace spillway::report {
namespace {

struct Columns {
    std::vector<Sample> prices;
    std::vector<Sample> interest;
};

std::map<std::string, Columns> load() {
    std::map<std::string, Columns> markets;
    for_each_line(replay_2026_02_05(), [&](const rapidjson::Document& row) {
        const std::string symbol = row["symbol"].GetString();
        if (std::string{row["venue"].GetString()} != "binance" || symbol.size() < 7) {
            return;
        }
        const std::string kind = row["kind"].GetString();
        Columns& columns = markets[symbol.substr(0, symbol.size() - 4)];
        const Time time = row["ts"].GetInt64() * 1'000'000;
        if (kind == "price") {
            columns.prices.push_back({time, row["price"].GetDouble()});
        } else if (kind == "open_interest") {
            columns.interest.push_back({time, row["oi_base"].GetDouble()});
        }
    });
    return markets;
}

// Close numbers that qualify: written from the rule, quadratic, two-pass deviation.
std::vector<EventSpan> naive_onsets(const Columns& columns, double side, bool with_interest) {
    std::map<Time, double> price;
    std::map<Time, double> interest;
    for (const Sample& s : columns.prices) {
        price[s.time] = s.value;
    }
    for (const Sample& s : columns.interest) {
        interest[s.time] = s.value;
    }
    std::vector<std::pair<Time, double>> returns;
    for (const auto& [t, p] : price) {
        if (price.contains(t - 15 * minute)) {
            returns.emplace_back(t, p / price.at(t - 15 * minute) - 1.0);
        }
    }
    std::vector<EventSpan> events;
    for (const auto& [t, r] : returns) {
        if (r * side < 0.015) {
            continue;
        }
        double n = 0.0;
        double sum = 0.0;
        for (const auto& [s, past] : returns) {
            if (s > t - 30 * day && s < t) {
                n += 1.0;
                sum += past;
            }
        }
        double squares = 0.0;
        for (const auto& [s, past] : returns) {
            if (s > t - 30 * day && s < t) {
                squares += (past - sum / n) * (past - sum / n);
            }
        }
        if (n < 288.0 || r * side < 4.0 * std::sqrt(squares / (n - 1.0))) {
            continue;
        }
        if (with_interest && interest.at(t) / interest.at(t - 15 * minute) - 1.0 > -0.01) {
            continue;
        }
        if (!events.empty() && t - events.back().end < 25 * minute) {
            events.back().end = t + 5 * minute;
        } else {
            events.push_back({t, t + 5 * minute});
        }
    }
    return events;
}

void expect_equal(const std::vector<Onset>& found, const std::vector<EventSpan>& expected,
                  const std::string& what) {
    ASSERT_EQ(found.size(), expected.size()) << what;
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].start, expected[i].start) << what << ' ' << i;
        EXPECT_EQ(found[i].end, expected[i].end) << what << ' ' << i;
    }
}

TEST(Replay, OnsetsOfFebruary2026AgreeWithANaiveLabel) {
    const auto markets = load();
    ASSERT_EQ(markets.size(), 4u);
    std::size_t with_interest = 0;
    std::size_t price_only = 0;
    for (const auto& [market, columns] : markets) {
        ASSERT_EQ(columns.prices.size(), 5472u) << market;
        const OnsetLabels labels = label_onsets({columns.prices, columns.interest, {}, 0});
        EXPECT_EQ(describe(labels.conditions), "reduced label: price, OI; no notional");
        EXPECT_EQ(labels.grid, 5 * minute);
        expect_equal(labels.down, naive_onsets(columns, -1.0, true), market + " down");
        expect_equal(labels.up, naive_onsets(columns, 1.0, true), market + " up");
        with_interest += labels.down.size() + labels.up.size();

        const OnsetLabels by_price = label_onsets({columns.prices, {}, {}, 0});
        expect_equal(by_price.down, naive_onsets(columns, -1.0, false), market + " price down");
        expect_equal(by_price.up, naive_onsets(columns, 1.0, false), market + " price up");
        price_only += by_price.down.size() + by_price.up.size();
        RecordProperty(market, static_cast<int>(labels.down.size() + labels.up.size()));
    }
    EXPECT_GT(with_interest, 0u);
    EXPECT_GT(price_only, with_interest);
}

}  // namespace
}  // namespace spillway::report
