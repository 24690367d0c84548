#include "report/render_json.hpp"

#include <cmath>
#include <string_view>

#include "report/text_format.hpp"

namespace spillway::report {
namespace {

// Key and value in one call; JSON has no NaN or infinity, both are null.
class Members {
public:
    explicit Members(JsonWriter& out) : out_{out} {}

    void key(std::string_view name) {
        out_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        string(value);
    }
    void number(std::string_view name, const std::optional<double>& value) {
        key(name);
        if (!value || !std::isfinite(*value) || !out_.Double(*value)) {
            out_.Null();
        }
    }
    void count(std::string_view name, std::uint64_t value) {
        key(name);
        out_.Uint64(value);
    }
    void flag(std::string_view name, bool value) {
        key(name);
        out_.Bool(value);
    }
    void time(std::string_view name, Time value) { text(name, utc_iso(value)); }
    void time(std::string_view name, const std::optional<Time>& value) {
        value ? time(name, *value) : null(name);
    }
    void seconds(std::string_view name, const std::optional<double>& nanoseconds) {
        number(name, nanoseconds ? std::optional{*nanoseconds / static_cast<double>(second)}
                                 : std::nullopt);
    }
    void seconds(std::string_view name, Duration value) {
        seconds(name, std::optional{static_cast<double>(value)});
    }
    void string(std::string_view value) {
        out_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void strings(std::string_view name, const std::vector<std::string>& values) {
        list(name, values, [this](const std::string& value) { string(value); });
    }
    template <class List, class Write>
    void list(std::string_view name, const List& values, Write write) {
        key(name);
        out_.StartArray();
        for (const auto& value : values) {
            write(value);
        }
        out_.EndArray();
    }
    template <class Write>
    void object(Write write) {
        out_.StartObject();
        write();
        out_.EndObject();
    }
    template <class Write>
    void object(std::string_view name, Write write) {
        key(name);
        object(write);
    }
    void null(std::string_view name) {
        key(name);
        out_.Null();
    }

private:
    JsonWriter& out_;
};

void write_outcome(Members& to, const PriceOutcome& outcome) {
    to.number("price_at_peak", outcome.at_peak);
    to.number("price_after_15m", outcome.after_15m);
    to.number("price_after_60m", outcome.after_60m);
    to.number("price_after_4h", outcome.after_4h);
    to.number("change_after_15m", outcome.change(outcome.after_15m));
    to.number("change_after_60m", outcome.change(outcome.after_60m));
    to.number("change_after_4h", outcome.change(outcome.after_4h));
    to.number("worst_change_in_4h", outcome.worst);
    to.time("worst_time", outcome.worst_time);
    to.flag("complete", outcome.complete);
}

void write_episode(Members& to, const Episode& episode) {
    to.time("start", episode.start);
    to.time("end", episode.end);
    to.flag("open", episode.open);
    to.time("peak_time", episode.peak_time);
    to.number("peak", episode.peak);
    to.text("direction", name_of(episode.direction));
    to.list("contributions", episode.contributions, [&](const Contribution& part) {
        to.object([&] {
            to.text("component", part.component);
            to.number("points", part.points);
        });
    });
    if (episode.outcome) {
        to.object("price_after", [&] { write_outcome(to, *episode.outcome); });
    } else {
        to.null("price_after");
    }
}

void write_alert_counts(Members& to, const AlertCounts& alerts) {
    to.count("critical", alerts.by_highest_severity[2]);
    to.count("warning", alerts.by_highest_severity[1]);
    to.count("info", alerts.by_highest_severity[0]);
}

void write_level(Members& to, const LevelOutcome& outcome) {
    const Match& match = outcome.match;
    to.text("severity", name_of(outcome.level));
    to.count("onsets", match.events);
    to.count("found", match.found);
    to.count("missed", match.missed());
    to.count("true", match.right);
    to.count("late", match.late);
    to.count("false", match.wrong);
    to.count("unjudged", outcome.unjudged);
    to.number("precision", match.precision());
    to.number("recall", match.recall());
    to.number("f1", match.f1());
    to.number("false_per_market_day", outcome.false_per_day());
    to.seconds("lead_q10_s", quantile(match.leads, 0.10));
    to.seconds("lead_q25_s", quantile(match.leads, 0.25));
    to.seconds("lead_median_s", quantile(match.leads, 0.50));
    to.seconds("lead_q75_s", quantile(match.leads, 0.75));
}

void write_onsets(Members& to, const OnsetLabels& labels) {
    if (!labels.unavailable.empty()) {
        to.text("unavailable", labels.unavailable);
        return;
    }
    to.text("label", describe(labels.conditions));
    to.seconds("grid_s", labels.grid);
    to.time("labelled_from", labels.labelled_from);
    to.time("labelled_to", labels.labelled_to);
    to.seconds("labelled_s", labels.labelled_time);
    const auto write = [&](const Onset& onset) {
        to.object([&] {
            to.time("start", onset.start);
            to.time("end", onset.end);
            to.number("price_change_15m", onset.price_change);
            to.number("open_interest_change_15m", onset.interest_change);
            to.number("notional_5m_usd", onset.notional);
        });
    };
    to.list("down", labels.down, write);
    to.list("up", labels.up, write);
}

void write_levels(Members& to, const std::array<LevelOutcome, 3>& levels) {
    to.list("alerts_against_onsets", levels,
            [&](const LevelOutcome& outcome) { to.object([&] { write_level(to, outcome); }); });
}

void write_market(Members& to, const MarketReport& market) {
    to.text("market", market.market);
    if (const auto& price = market.price) {
        to.object("price", [&] {
            to.text("stream", price->stream);
            to.number("low", price->low);
            to.time("low_time", price->low_time);
            to.number("high", price->high);
            to.time("high_time", price->high_time);
            to.number("last", price->last);
        });
    } else {
        to.null("price");
    }
    to.flag("scored", market.scored);
    to.flag("warming_up", market.warming_up);
    to.count("episode_count", market.episode_count);
    to.list("highest_episodes", market.episodes,
            [&](const Episode& episode) { to.object([&] { write_episode(to, episode); }); });
    to.object("alerts", [&] { write_alert_counts(to, market.alerts); });
    to.object("onsets", [&] { write_onsets(to, market.onsets); });
    write_levels(to, market.levels);
    to.flag("history_trimmed", market.history_trimmed);
}

void write_cascades(Members& to, const RunReport& report) {
    to.list("cascades", report.cascades, [&](const CascadeSummary& sum) {
        to.object([&] {
            to.text("market", sum.market);
            to.text("side", name_of(sum.side));
            to.count("count", sum.count);
            to.count("open", sum.open);
            to.count("cross_exchange", sum.cross_exchange);
            to.count("liquidations", sum.liquidations);
            to.number("notional_usd", sum.notional);
            to.number("largest_usd", sum.largest);
            to.time("largest_start", sum.largest_start);
        });
    });
}

void write_data(Members& to, const RunReport& report) {
    to.list("coverage", report.coverage, [&](const ScoreCoverage& score) {
        const Coverage& coverage = score.coverage;
        const auto mean = coverage.mean();
        to.object([&] {
            to.text("score", score.score);
            to.number("mean", mean);
            to.number("minimum", mean ? std::optional{coverage.minimum} : std::nullopt);
            to.number("warming_up_share", coverage.share(coverage.warming_up));
            to.number("no_value_share", coverage.share(coverage.no_value));
        });
    });
    to.list("missing_inputs", report.missing, [&](const MissingInput& missing) {
        to.object([&] {
            to.text("kind", name_of(missing.kind));
            to.flag("everywhere", missing.everywhere);
            to.strings("markets", missing.markets);
        });
    });
    to.strings("not_scored", report.not_scored);
    to.list("liquidation_venues", report.liquidation_venues, [&](const LiquidationVenue& venue) {
        to.object([&] {
            to.text("venue", venue.venue);
            to.flag("on_chain", venue.on_chain);
            to.flag("sums", venue.sums);
            to.seconds("interval_s", venue.interval);
            to.count("records", venue.records);
            to.count("unknown_notional", venue.unknown_notional);
        });
    });
    to.list("sources_with_trouble", report.sources, [&](const SourceHealth& source) {
        to.object([&] {
            to.text("source", source.source);
            to.count("gaps", source.gaps);
            to.count("stale", source.stale);
            to.count("dropped", source.dropped);
        });
    });
    to.count("records_not_kept", report.records_not_kept);
    to.strings("data_notes", report.data_notes());
}

}  // namespace

void write_members(JsonWriter& out, const RunReport& report) {
    Members to{out};
    to.text("pipeline", report.facts.pipeline);
    to.time("first", report.first);
    to.time("last", report.last);
    to.count("records", report.facts.records);
    to.count("counted_from_epoch", report.facts.counted_from_epoch);
    to.number("wall_seconds", report.facts.wall_seconds);
    to.flag("interrupted", report.facts.interrupted);
    to.time("resumed_from", report.facts.resumed_from);
    to.number("episode_threshold", report.episode_threshold);
    to.list("markets", report.markets,
            [&](const MarketReport& market) { to.object([&] { write_market(to, market); }); });
    to.object("alerts", [&] {
        write_alert_counts(to, report.alerts);
        to.count("market_wide", report.market_wide_alerts);
        to.count("degraded_data", report.degraded_data_alerts);
    });
    to.text("onset_label", describe(report.label));
    to.flag("onset_label_varies", report.label_varies);
    write_levels(to, report.levels);
    write_cascades(to, report);
    write_data(to, report);
    to.strings("outputs", report.facts.outputs);
    to.strings("next_steps", report.facts.next_steps);
}

std::string render_json(const RunReport& report) {
    rapidjson::StringBuffer buffer;
    JsonWriter out{buffer};
    out.SetIndent(' ', 2);
    out.StartObject();
    write_members(out, report);
    out.EndObject();
    return std::string{buffer.GetString(), buffer.GetSize()} + "\n";
}

}  // namespace spillway::report
