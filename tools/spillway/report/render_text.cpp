#include "report/render_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/text_format.hpp"

namespace spillway::report {
namespace {

constexpr std::size_t width = 100;

std::string number(const std::optional<double>& value, int decimals) {
    return value ? fmt::format("{:.{}f}", *value, decimals) : "-";
}

// Collects lines; knows the few styles of the report.
class Page {
public:
    explicit Page(bool colour) : colour_{colour} {}

    void line(const std::string& text) { text_ += text + "\n"; }

    void heading(const std::string& title, const std::string& remark = "") {
        line("");
        const std::string gap = remark.empty() ? "" : "  ";
        line(style("1", title) + gap + style("2", remark));
    }

    void paragraph(const std::string& text, std::size_t indent = 2) {
        const std::string margin(indent, ' ');
        for (const auto& part : wrap(text, width, margin, margin)) {
            line(part);
        }
    }

    void item(const std::string& text) {
        for (const auto& part : wrap(text, width, "  - ", "    ")) {
            line(part);
        }
    }

    void table(const TextTable& rows) {
        bool header = true;
        for (const auto& row : rows.lines()) {
            line("  " + (header ? style("2", row) : row));
            header = false;
        }
    }

    std::string style(const char* code, const std::string& text) const {
        return colour_ && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
    }

    std::string severity(double score, const std::string& text) const {
        return style(score >= 70.0 ? "31;1" : score >= 60.0 ? "33;1" : "36", text);
    }

    std::string take() { return std::move(text_); }

private:
    bool colour_;
    std::string text_;
};

// "ignition 96.1", "long_short missing".
std::string contributions_text(const Episode& episode) {
    std::vector<std::string> parts;
    parts.reserve(episode.contributions.size());
    for (const Contribution& part : episode.contributions) {
        parts.push_back(part.points ? fmt::format("{} {:.1f}", part.component, *part.points)
                                    : fmt::format("{} missing", part.component));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

void write_head(Page& page, const RunReport& report) {
    const std::string span =
        report.first && report.last
            ? fmt::format("{} to {} UTC ({} of events)", utc_minute(*report.first),
                          utc_minute(*report.last), span_text(*report.last - *report.first))
            : "No market data";
    page.line(page.style("1", fmt::format("Run report: {}", report.facts.pipeline)));
    page.line(fmt::format("{}, {}", span, describe(report.facts)));
}

// What there is to say of a market whose risk never reached the threshold.
std::string calm_text(const MarketReport& market, double threshold) {
    if (market.scored) return fmt::format("risk stayed below {:.0f}", threshold);
    if (market.warming_up) {
        return "no score yet: warming up, the scorer is still learning what is usual for this "
               "market";
    }
    return "no score: its inputs were not there";
}

void write_episodes(Page& page, const MarketReport& market, double threshold) {
    if (market.episodes.empty()) {
        page.paragraph(calm_text(market, threshold));
        return;
    }
    TextTable rows{{"peak", "at (UTC)", "dir", "lasted", "price", "+15 min", "+60 min", "+4 h",
                    "worst in 4 h"},
                   {1, 2}};
    for (const Episode& episode : market.episodes) {
        const auto lasted =
            span_text(episode.end - episode.start) + (episode.open ? ", still on" : "");
        std::vector<std::string> row{fmt::format("{:.1f}", episode.peak),
                                     utc_short(episode.peak_time), name_of(episode.direction),
                                     lasted};
        if (const auto& after = episode.outcome) {
            row.insert(row.end(),
                       {price_text(after->at_peak), percent_text(after->change(after->after_15m)),
                        percent_text(after->change(after->after_60m)),
                        percent_text(after->change(after->after_4h)),
                        percent_text(after->worst) + (after->complete ? "" : " so far")});
        } else {
            row.insert(row.end(), {"-", "-", "-", "-", "-"});
        }
        rows.add(std::move(row));
    }
    const auto lines = rows.lines();
    page.line("  " + page.style("2", lines[0]));
    for (std::size_t i = 0; i < market.episodes.size(); ++i) {
        page.line("  " + page.severity(market.episodes[i].peak, lines[i + 1]));
        if (!market.episodes[i].contributions.empty()) {
            page.paragraph(contributions_text(market.episodes[i]), 8);
        }
    }
}

void write_markets(Page& page, const RunReport& report) {
    page.heading(
        "Highest risk",
        fmt::format("headline score 0..100; an episode is risk >= {:.0f} until 30 min below",
                    report.episode_threshold));
    if (report.markets.empty()) page.paragraph("no market had a price");
    for (const MarketReport& market : report.markets) {
        page.line("");
        std::string title = page.style("1", market.market);
        if (market.price) {
            title += fmt::format("  low {} ({}), high {} ({})", price_text(market.price->low),
                                 utc_short(market.price->low_time), price_text(market.price->high),
                                 utc_short(market.price->high_time));
        }
        const std::size_t shown = market.episodes.size();
        if (market.episode_count > shown) {
            title += fmt::format(", {} of {} episodes", shown, market.episode_count);
        }
        page.line(title);
        write_episodes(page, market, report.episode_threshold);
    }
}

void write_alerts(Page& page, const RunReport& report) {
    page.heading("Alerts", "each counted once, at the highest severity that it reached");
    TextTable rows{{"market", "CRITICAL", "WARNING", "INFO"}};
    const auto add = [&](const std::string& name, const AlertCounts& counts) {
        const auto& by = counts.by_highest_severity;
        rows.add({name, grouped(by[2]), grouped(by[1]), grouped(by[0])});
    };
    for (const MarketReport& market : report.markets) {
        add(market.market, market.alerts);
    }
    add("all", report.alerts);
    page.table(rows);
    if (report.market_wide_alerts + report.degraded_data_alerts > 0) {
        page.paragraph(fmt::format("and {} market-wide, {} about degraded data",
                                   report.market_wide_alerts, report.degraded_data_alerts));
    }
}

void write_onsets(Page& page, const RunReport& report) {
    std::string label = describe(report.label);
    if (report.label_varies) {
        label += " (some markets have more)";
    }
    page.heading("Cascade onsets", label);
    TextTable onsets{{"market", "down", "up", "judged over"}};
    for (const MarketReport& market : report.markets) {
        if (market.onsets.unavailable.empty()) {
            onsets.add({market.market, grouped(market.onsets.down.size()),
                        grouped(market.onsets.up.size()), span_text(market.onsets.labelled_time)});
        }
    }
    if (onsets.empty()) {
        page.paragraph("no market could be labelled, so alerts are not judged");
        return;
    }
    page.table(onsets);
    page.line("");
    TextTable rows{{"level", "found", "missed", "true", "late", "false", "unjudged", "precision",
                    "recall", "F1", "false/day", "lead"}};
    for (const LevelOutcome& outcome : report.levels) {
        const Match& match = outcome.match;
        const auto lead = quantile(match.leads, 0.5);
        rows.add({name_of(outcome.level), grouped(match.found), grouped(match.missed()),
                  grouped(match.right), grouped(match.late), grouped(match.wrong),
                  grouped(outcome.unjudged), number(match.precision(), 2),
                  number(match.recall(), 2), number(match.f1(), 2),
                  number(outcome.false_per_day(), 2),
                  lead ? fmt::format("{:.0f} min", *lead / static_cast<double>(minute)) : "-"});
    }
    page.table(rows);
    page.paragraph(
        "True: an onset in that direction within 60 min. Late: inside an onset. False/day "
        "is per market. Lead: median from alert to onset. This is a nowcast: leads are "
        "minutes, not hours.");
}

void write_cascades(Page& page, const RunReport& report) {
    page.heading("Cascades", report.facts.cascade_rule);
    if (report.cascades.empty()) {
        page.paragraph("none");
        return;
    }
    TextTable rows{{"market", "side", "count", "liquidations", "USD", "largest", "at (UTC)",
                    "cross-exchange", "still open"},
                   {0, 1}};
    for (const CascadeSummary& sum : report.cascades) {
        rows.add({sum.market, name_of(sum.side), grouped(sum.count), grouped(sum.liquidations),
                  usd_text(sum.notional), usd_text(sum.largest), utc_short(sum.largest_start),
                  grouped(sum.cross_exchange), grouped(sum.open)});
    }
    page.table(rows);
}

void write_coverage(Page& page, const RunReport& report) {
    page.heading("Coverage", "share of each score's inputs that was there, over time");
    TextTable rows{{"score", "mean", "lowest", "warming up", "no value"}};
    for (const ScoreCoverage& score : report.coverage) {
        const Coverage& coverage = score.coverage;
        const auto mean = coverage.mean();
        rows.add({score.score, number(mean, 2),
                  mean ? fmt::format("{:.2f}", coverage.minimum) : "-",
                  fmt::format("{:.1f}%", 100.0 * coverage.share(coverage.warming_up)),
                  fmt::format("{:.1f}%", 100.0 * coverage.share(coverage.no_value))});
    }
    if (rows.empty()) {
        page.paragraph("no score was made");
    } else {
        page.table(rows);
    }
    const auto notes = report.data_notes();
    if (!notes.empty()) {
        page.heading("About this data");
        for (const auto& note : notes) {
            page.item(note);
        }
    }
}

}  // namespace

std::string render_text(const RunReport& report, bool colour) {
    Page page{colour};
    write_head(page, report);
    write_markets(page, report);
    write_alerts(page, report);
    write_onsets(page, report);
    write_cascades(page, report);
    write_coverage(page, report);
    if (!report.facts.outputs.empty()) {
        page.heading("Written");
        for (const auto& output : report.facts.outputs) {
            page.line("  " + output);
        }
    }
    if (!report.facts.next_steps.empty()) {
        page.heading("To try next");
        for (std::size_t i = 0; i < report.facts.next_steps.size(); ++i) {
            page.line(fmt::format("  {}. {}", i + 1, report.facts.next_steps[i]));
        }
    }
    return page.take();
}

}  // namespace spillway::report
