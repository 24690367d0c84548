#include "report/report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/text_format.hpp"

namespace spillway::report {
namespace {

constexpr std::size_t names_in_note = 12;

const char* plain_name(InputKind kind) {
    switch (kind) {
        case InputKind::price:
            return "price";
        case InputKind::funding_rate:
            return "funding rate";
        case InputKind::open_interest:
            return "open interest";
        case InputKind::long_short_ratio:
            return "long/short ratio";
        case InputKind::liquidation:
            return "liquidations";
        case InputKind::liquidation_sum:
            return "liquidation sums";
        case InputKind::stablecoin_flow:
            return "stablecoin flow";
    }
    return "input";
}

void note_missing(const std::vector<MissingInput>& missing, std::vector<std::string>& notes) {
    std::string everywhere;
    for (const MissingInput& input : missing) {
        if (input.everywhere) {
            everywhere +=
                fmt::format("{}no {}", everywhere.empty() ? "" : " and ", plain_name(input.kind));
        }
    }
    if (!everywhere.empty()) {
        notes.push_back(everywhere + " in this data");
    }
    for (const MissingInput& input : missing) {
        if (!input.everywhere) {
            notes.push_back(fmt::format("no {} for {}", plain_name(input.kind),
                                        fmt::join(input.markets, ", ")));
        }
    }
}

void note_liquidations(const std::vector<LiquidationVenue>& venues,
                       std::vector<std::string>& notes) {
    std::vector<std::string> on_chain;
    bool exchange = false;
    std::uint64_t unknown = 0;
    for (const LiquidationVenue& venue : venues) {
        if (!venue.sums && venue.on_chain) {
            on_chain.push_back(venue.venue);
        }
        exchange = exchange || (!venue.sums && !venue.on_chain);
        unknown += venue.unknown_notional;
    }
    if (!on_chain.empty()) {
        notes.push_back(
            fmt::format("{}single liquidations are on-chain ({}): calls of lending "
                        "protocols, not forced orders of an exchange",
                        exchange ? "some " : "", fmt::join(on_chain, ", ")));
    }
    for (const LiquidationVenue& venue : venues) {
        if (venue.sums) {
            notes.push_back(
                fmt::format("liquidations of {} are sums over {} min, not single orders",
                            venue.venue, venue.interval / minute));
        }
    }
    if (unknown > 0) {
        notes.push_back(
            fmt::format("{} liquidations of unknown contract size are in no USD figure", unknown));
    }
}

}  // namespace

std::string counted(const RunFacts& facts) {
    if (facts.counted_since.empty()) {
        return fmt::format("{} records in {:.2f} s", grouped(facts.records), facts.wall_seconds);
    }
    return fmt::format("{:.2f} s, {} records since {}", facts.wall_seconds, grouped(facts.records),
                       facts.counted_since);
}

std::string describe(const RunFacts& facts) {
    std::string text = counted(facts) + (facts.interrupted ? ", stopped and drained" : "");
    if (facts.resumed_from) {
        text += fmt::format("\nGoes on from {} UTC: what came before is in the report of that run",
                            utc_minute(*facts.resumed_from));
    }
    return text;
}

std::uint64_t AlertCounts::total() const {
    return by_highest_severity[0] + by_highest_severity[1] + by_highest_severity[2];
}

AlertCounts& AlertCounts::operator+=(const AlertCounts& other) {
    for (std::size_t i = 0; i < by_highest_severity.size(); ++i) {
        by_highest_severity[i] += other.by_highest_severity[i];
    }
    return *this;
}

std::optional<double> LevelOutcome::false_per_day() const {
    if (labelled_time <= 0) {
        return std::nullopt;
    }
    return static_cast<double>(match.wrong) * static_cast<double>(day) /
           static_cast<double>(labelled_time);
}

LevelOutcome& LevelOutcome::operator+=(const LevelOutcome& other) {
    match += other.match;
    unjudged += other.unjudged;
    labelled_time += other.labelled_time;
    return *this;
}

std::vector<std::string> RunReport::data_notes() const {
    std::vector<std::string> notes;
    note_missing(missing, notes);
    note_liquidations(liquidation_venues, notes);
    for (const MarketReport& market : markets) {
        if (!market.onsets.unavailable.empty()) {
            notes.push_back(fmt::format("no onset labels for {}: {}", market.market,
                                        market.onsets.unavailable));
        }
        if (market.history_trimmed) {
            notes.push_back(fmt::format(
                "{}: onsets cover only the newest part of the run, older prices were given up",
                market.market));
        }
    }
    if (!not_scored.empty()) {
        const std::size_t shown = std::min(not_scored.size(), names_in_note);
        const auto end = not_scored.begin() + static_cast<std::ptrdiff_t>(shown);
        notes.push_back(
            fmt::format("not scored, no price: {}{}", fmt::join(not_scored.begin(), end, ", "),
                        shown < not_scored.size()
                            ? fmt::format(" and {} more markets", not_scored.size() - shown)
                            : ""));
    }
    for (const SourceHealth& source : sources) {
        notes.push_back(fmt::format("source {}: gaps: {}, times stale: {}, records dropped: {}",
                                    source.source, source.gaps, source.stale, source.dropped));
    }
    if (records_not_kept > 0) {
        notes.push_back(
            fmt::format("{} records are left out of this report only, which follows at most four "
                        "series of prices, and four of open interest, of a market",
                        records_not_kept));
    }
    return notes;
}

}  // namespace spillway::report
