#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/alert_log.hpp"
#include "report/coverage.hpp"
#include "report/episodes.hpp"
#include "report/match.hpp"
#include "report/onsets.hpp"
#include "report/records.hpp"

// What one run found, ready to be rendered. Plain values; fractions are 0..1, USD is notional.
namespace spillway::report {

// What only the runner knows.
struct RunFacts {
    std::string pipeline;
    std::uint64_t records = 0;  // read from all sources
    double wall_seconds = 0.0;
    std::string counted_since = {};  // records: only since "the reload at epoch 12"
    std::uint64_t counted_from_epoch = 0;
    bool interrupted = false;             // Ctrl-C, drained
    std::optional<Time> resumed_from{};   // the run went on where an earlier one stood then
    std::vector<std::string> outputs;     // where the results lie
    std::vector<std::string> next_steps;  // "three things to try next", one line each
    std::string cascade_rule = {};        // what the pipeline calls a cascade; may be empty
};

// "57,394 records in 1.42 s"
std::string counted(const RunFacts& facts);

// "57,394 records in 1.42 s, stopped and drained; ..": the last says what a resumed run's report
// leaves out.
std::string describe(const RunFacts& facts);

struct PriceRange {
    std::string stream;
    double low = 0.0;
    double high = 0.0;
    double last = 0.0;
    Time low_time = 0;
    Time high_time = 0;
};

struct AlertCounts {
    std::array<std::uint64_t, 3> by_highest_severity{};  // indexed by Severity
    std::uint64_t total() const;
    AlertCounts& operator+=(const AlertCounts& other);
};

// Alerts that entered a level, judged by the onsets of their market and direction.
struct LevelOutcome {
    Severity level = Severity::info;
    Match match;
    std::uint64_t unjudged = 0;  // no label at their time, or the run ended within their hour
    Duration labelled_time = 0;  // of all markets judged
    std::optional<double> false_per_day() const;  // per day and market, both directions
    LevelOutcome& operator+=(const LevelOutcome& other);
};

struct MarketReport {
    std::string market;
    std::optional<PriceRange> price;
    bool scored = false;      // there was a value of the headline score
    bool warming_up = false;  // there is none: too little history
    std::size_t episode_count = 0;
    std::vector<Episode> episodes;  // the highest, highest first
    AlertCounts alerts;
    OnsetLabels onsets;
    std::array<LevelOutcome, 3> levels;
    bool history_trimmed = false;  // labels and outcomes cover only the newest part of the run
};

struct CascadeSummary {
    std::string market;
    std::optional<Side> side;  // absent: sides pooled
    std::uint64_t count = 0;
    std::uint64_t open = 0;
    std::uint64_t cross_exchange = 0;  // more than one venue
    std::uint64_t liquidations = 0;
    double notional = 0.0;
    double largest = 0.0;
    Time largest_start = 0;
};

struct ScoreCoverage {
    std::string score;
    Coverage coverage;  // all markets and directions
};

struct MissingInput {
    InputKind kind = InputKind::price;
    bool everywhere = false;
    std::vector<std::string> markets;
};

struct LiquidationVenue {
    std::string venue;
    bool on_chain = false;
    bool sums = false;
    Duration interval = 0;  // of sums
    std::uint64_t records = 0;
    std::uint64_t unknown_notional = 0;  // contract size unknown
};

struct SourceHealth {
    std::string source;
    std::uint64_t gaps = 0;
    std::uint64_t stale = 0;
    std::uint64_t dropped = 0;
};

struct RunReport {
    RunFacts facts;
    std::optional<Time> first;  // event time; absent if nothing came
    std::optional<Time> last;
    double episode_threshold = 0.0;
    std::vector<MarketReport> markets;  // those with a price or a score, by name
    std::array<LevelOutcome, 3> levels;
    LabelConditions label;      // the poorest of all markets that have labels
    bool label_varies = false;  // markets differ in their conditions
    AlertCounts alerts;
    std::uint64_t market_wide_alerts = 0;
    std::uint64_t degraded_data_alerts = 0;
    std::vector<CascadeSummary> cascades;
    std::vector<ScoreCoverage> coverage;
    std::vector<MissingInput> missing;
    std::vector<std::string> not_scored;  // markets seen in the data without any price
    std::vector<LiquidationVenue> liquidation_venues;
    std::vector<SourceHealth> sources;   // only those with trouble
    std::uint64_t records_not_kept = 0;  // beyond the collector's bounds

    // The same in sentences: what was missing, what kind of data this is, what was cut.
    std::vector<std::string> data_notes() const;
};

}  // namespace spillway::report
