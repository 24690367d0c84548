#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "report/alert_log.hpp"
#include "report/coverage.hpp"
#include "report/episodes.hpp"
#include "report/records.hpp"
#include "report/report.hpp"
#include "report/streams.hpp"

namespace spillway::report {

struct CollectorOptions {
    EpisodeOptions episodes;
    OnsetOptions onsets;
    MatchOptions match;
    std::size_t minutes_kept =
        std::size_t{45} * 24 * 60;       // a series; 16 bytes a minute, only what it uses
    std::size_t streams_per_market = 4;  // of price, and again of open interest
    std::size_t max_markets = 500;
    std::size_t max_open_cascades = 10'000;
    std::size_t max_sources = 256;
    Duration longest_sum_for_label =
        5 * minute;  // longer liquidation sums cannot be placed in time
};

// Gathers from the stream of a run what its report needs, in bounded memory: prices, open interest
// and exchange liquidations by the minute, the three highest episodes a market, and counts. What is
// beyond a bound is counted in RunReport::records_not_kept. Not thread-safe.
class Collector {
public:
    explicit Collector(const CollectorOptions& options = {});

    void add(const ScoreRecord& record);
    void add(const PriceRecord& record);
    void add(const OpenInterestRecord& record);
    void add(const LiquidationRecord& record);
    void add(const LiquidationSumRecord& record);
    void add(const InputRecord& record);
    void add(const CascadeRecord& record);
    void add(const AlertRecord& record);
    void add(const SourceStatusRecord& record);

    // The report so far; the run may go on.
    RunReport report(RunFacts facts) const;

private:
    struct Market {
        explicit Market(const CollectorOptions& options);

        StreamSet prices;
        StreamSet interest;
        MinuteSums notional;
        bool exchange_liquidations = false;  // fine enough for the onset label
        EpisodeTracker episodes;
        bool scored = false;      // by a value of the headline score
        bool warming_up = false;  // as its newest record says
        std::map<std::pair<std::string, Direction>, CoverageMeter, std::less<>> coverage;
        std::array<AlertLog, 3> alerts;  // indexed by Direction
        std::array<bool, input_kinds> seen{};
    };
    struct OpenCascade {
        std::pair<std::string, std::optional<Side>> key;
        Time start = 0;
        std::uint64_t liquidations = 0;
        double notional = 0.0;
        std::uint32_t venues = 1;

        void add_to(CascadeSummary& sum) const;
    };

    Market* market(std::string_view name);
    void advance(Time time);
    void see(Market& market, InputKind kind, Time time);
    LiquidationVenue* liquidation_venue(std::string_view name, bool sums);

    MarketReport market_report(const std::string& name, const Market& market) const;
    void add_missing(RunReport& report) const;
    void add_coverage(RunReport& report) const;
    void add_cascades(RunReport& report) const;

    CollectorOptions options_;
    std::map<std::string, Market, std::less<>> markets_;  // "*" is market-wide
    std::map<Id128, OpenCascade> open_cascades_;
    std::map<std::pair<std::string, std::optional<Side>>, CascadeSummary> closed_cascades_;
    std::map<std::pair<std::string, bool>, LiquidationVenue> liquidation_venues_;
    std::map<std::string, SourceHealth, std::less<>> sources_;
    std::optional<Time> first_;  // of the inputs
    std::optional<Time> last_;   // of all records
    std::uint64_t market_wide_alerts_ = 0;
    std::uint64_t degraded_data_alerts_ = 0;
    std::uint64_t not_kept_ = 0;
};

}  // namespace spillway::report
