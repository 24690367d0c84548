#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include <spillway/testing/conformance/altered.hpp>
#include <spillway/testing/conformance/behaviour.hpp>

namespace spillway::testing {

namespace detail {
/// Scores differ by less than this through rounding alone.
inline constexpr double rounding = 1e-9;

[[nodiscard]] inline bool more(double a, double b) noexcept {
    return a > b + rounding * std::max({1.0, std::abs(a), std::abs(b)});
}

/// One emitted score, by what tells it apart from others.
using ScoreKey = std::tuple<std::string, std::string, Direction, bool, Time>;

struct SeenScore {
    bool has_value = false;
    double value = 0, low = 0, high = 0, coverage = 0;
};
using SeenScores = std::map<ScoreKey, SeenScore>;

[[nodiscard]] inline std::string number_text(double number) {
    PodVector<char> out;
    append_json_number(out, number);
    return std::isnan(number) ? "NaN" : std::isinf(number) ? "infinite" : std::string(view(out));
}

[[nodiscard]] inline std::span<const Contribution> parts_of(const Batch& out, const Event& event) {
    const std::size_t count = event.score.contributions;
    const auto* first = out.blob_as<Contribution>(event, 0, count);
    return {first, first != nullptr ? count : 0};
}

/// The declared score that has this event's name and components. One that is not ready has its
/// reason as the only contribution.
[[nodiscard]] inline const ScoreShape* shape_of(const Subject& subject, const Event& event,
                                                std::span<const Contribution> parts) {
    for (const ScoreShape& shape : subject.scores) {
        if (shape.name != text_of(event.score.name)) continue;
        if (shape.directed != (event.score.direction != Direction::none)) continue;
        if (!event.has(field::score::value) && parts.size() == 1) return &shape;
        const bool same =
            std::equal(parts.begin(), parts.end(), shape.components.begin(), shape.components.end(),
                       [](const Contribution& part, const ScoreShape::Component& component) {
                           return text_of(part.component) == component.name;
                       });
        if (same) return &shape;
    }
    return nullptr;
}

/// What every emitted score must keep, whatever the input.
class ScoreRules {
public:
    ScoreRules(const Subject& subject, Findings& findings)
        : subject_(subject), findings_(findings) {}

    /// Checks the scores of a run, and returns them.
    SeenScores check(const Batch& out, const std::string& place) {
        SeenScores seen;
        for (const Event& event : out.events()) {
            if (event.kind() == Kind::score) check(out, event, place, seen);
        }
        return seen;
    }

private:
    void check(const Batch& out, const Event& event, const std::string& run, SeenScores& seen) {
        const ScorePayload& score = event.score;
        const bool has_value = event.has(field::score::value);
        const std::string place = run + ": " + std::string(text_of(score.name)) + " of " +
                                  std::string(text_of(event.market)) + " (" +
                                  std::string(name_in(direction_names, score.direction)) + ") at " +
                                  format_time(event.receive_time);
        const auto expect = [&](bool holds, const char* rule, const std::string& found) {
            if (!holds) findings_.fail(rule, found, place);
        };
        const std::span<const Contribution> parts = parts_of(out, event);
        const ScoreShape* shape = shape_of(subject_, event, parts);
        expect(shape != nullptr, "a score has a declared name, directions and components",
               std::string(text_of(score.name)) + " with " + std::to_string(parts.size()) +
                   " components");
        if (shape == nullptr) return;

        double weight = 0, total = 0;
        bool any = parts.empty();
        for (std::size_t i = 0; has_value && i < parts.size(); ++i) {
            const Contribution& part = parts[i];
            const ScoreShape::Component& declared = shape->components[i];
            total += declared.weight;
            expect(!more(part.cap, declared.cap) && std::isfinite(part.cap),
                   "the cap of a component never exceeds the declared one",
                   declared.name + ": cap " + number_text(part.cap) + ", declared " +
                       number_text(declared.cap));
            if (part.missing) continue;
            any = true;
            if (!part.partial()) weight += declared.weight;
            expect(std::isfinite(part.points) && !more(part.points, part.cap),
                   "the points of a component are finite and at most its cap",
                   declared.name + ": " + number_text(part.points) + " points of " +
                       number_text(part.cap));
            expect(!more(-declared.cap, part.points), "a component takes no more away than its cap",
                   declared.name + ": " + number_text(part.points) + " points of " +
                       number_text(part.cap));
        }
        if (!has_value) {
            expect(score.coverage == 0, "coverage is 0 while the value is absent",
                   "coverage " + number_text(score.coverage));
            const auto range = ranges_.try_emplace(shape->name, score.low, score.high).first;
            expect(range->second == std::pair(score.low, score.high),
                   "low and high span the whole range while the value is absent",
                   number_text(score.low) + " to " + number_text(score.high));
        } else {
            expect(std::isfinite(score.value) && !more(score.low, score.value) &&
                       !more(score.value, score.high),
                   "low <= value <= high (`combine` never decreases when a component grows)",
                   number_text(score.low) + ", " + number_text(score.value) + ", " +
                       number_text(score.high));
            const double coverage = total > 0 ? weight / total : 0;
            expect(std::abs(score.coverage - coverage) < 1e-6,
                   "coverage is the weight of the components that are whole",
                   number_text(score.coverage) + ", those that are whole have " +
                       number_text(coverage));
            expect(any, "without any component the value is absent",
                   "value " + number_text(score.value) + " while every component is missing");
            if (const auto range = ranges_.find(shape->name); range != ranges_.end()) {
                const auto [least, most] = range->second;
                expect(!more(least, score.low) && !more(score.high, most),
                       "low and high lie in the range of the score",
                       number_text(score.low) + " to " + number_text(score.high) + " of " +
                           number_text(least) + " to " + number_text(most));
            }
        }
        seen[{std::string(text_of(event.market)), shape->name, score.direction, score.headline,
              event.receive_time}] = {has_value, score.value, score.low, score.high,
                                      score.coverage};
    }

    const Subject& subject_;
    Findings& findings_;
    std::map<std::string, std::pair<double, double>> ranges_;  ///< low and high without a value
};

/// Scores of two runs at the same moments: less input, no more certainty.
inline void compare_scores(const SeenScores& all, const SeenScores& fewer, const std::string& what,
                           Findings& findings) {
    for (const auto& [key, rest] : fewer) {
        const auto found = all.find(key);
        if (found == all.end()) continue;
        const SeenScore& full = found->second;
        const std::string place = what + ": " + std::get<1>(key) + " of " + std::get<0>(key) +
                                  " (" + std::string(name_in(direction_names, std::get<2>(key))) +
                                  ") at " + format_time(std::get<4>(key));
        if (more(rest.coverage, full.coverage)) {
            findings.fail("removing an input never raises coverage",
                          "coverage " + std::to_string(rest.coverage) + ", with it " +
                              std::to_string(full.coverage),
                          place);
        }
        // Where coverage stayed, another input took its place, or it has not aged yet.
        if (rest.coverage < full.coverage && more(full.high, rest.high)) {
            findings.fail(
                "removing an input never lowers `high`",
                "high " + std::to_string(rest.high) + ", with it " + std::to_string(full.high),
                place);
        }
    }
}
}  // namespace detail

/// Scores are bounded by what is declared; missing data never looks safe.
inline void check_scores(const Subject& quiet, Findings& findings) {
    const Subject subject = detail::talkative(quiet);
    const Script script = subject.script(subject.seed);
    detail::ScoreRules rules(subject, findings);
    const auto run = [&](const Script& input, const std::string& what) {
        NodePlayer player = subject.player(what);
        if (!findings.require(player.start(), "configure and start")) return detail::SeenScores{};
        findings.require(player.play(input), "every step", what);
        return rules.check(player.out(), what);
    };
    const std::string seed = "events of seed " + std::to_string(subject.seed);
    const detail::SeenScores all = run(script, seed);
    if (all.empty() && !findings.failed()) {
        findings.does_not_apply(
            "the made-up events lead to no score: say in check.yaml which "
            "events it needs");
        return;
    }
    // Kinds that carry data: without news about the feeds less would be known to be missing.
    const KindSet data =
        KindSet::from_bits(subject.consumes.bits() &
                           ~KindSet{Kind::source_status, Kind::instrument, Kind::extension}.bits());
    const Time middle = subject.market.start + subject.market.span / 2;
    for (std::size_t k = 0; k < kind_names.size() && !findings.full(); ++k) {
        const auto kind = static_cast<Kind>(k);
        if (!data.has(kind)) continue;
        const std::string name(to_string(kind));
        const std::string ended = seed + ", no " + name + " in the second half";
        detail::compare_scores(all, run(detail::without(script, {kind}, middle), ended), ended,
                               findings);
        const std::string never = seed + ", never a " + name;
        detail::compare_scores(all, run(detail::without(script, {kind}, time_before_all), never),
                               never, findings);
        KindSet others = data;
        others = KindSet::from_bits(others.bits() & ~KindSet{kind}.bits());
        const std::string alone = seed + ", only " + name;
        static_cast<void>(run(detail::without(script, others, time_before_all), alone));
    }
}

}  // namespace spillway::testing
