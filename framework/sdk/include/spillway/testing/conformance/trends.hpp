#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <spillway/testing/conformance/scores.hpp>

namespace spillway::testing {

namespace detail {

/// 1 if points may only grow as the raw input grows, -1 if they may only shrink, 0 if either.
[[nodiscard]] constexpr int sign_of(Trend trend, Direction direction) noexcept {
    switch (trend) {
        case Trend::rising:
            return 1;
        case Trend::falling:
            return -1;
        case Trend::rising_down:
            return direction == Direction::down ? 1 : direction == Direction::up ? -1 : 0;
        case Trend::rising_up:
            return direction == Direction::up ? 1 : direction == Direction::down ? -1 : 0;
        case Trend::none:
            break;
    }
    return 0;
}

/// The components of an emitted score.
struct SeenParts {
    const ScoreShape* shape = nullptr;
    std::vector<Contribution> parts;
};

/// A run in which one number of one record has another size, and what it said from that record on.
struct SizedRun {
    std::string what;
    std::map<ScoreKey, SeenParts> scores;
};

[[nodiscard]] inline std::map<ScoreKey, SeenParts> parts_since(const Subject& subject,
                                                               const Batch& out, Time since) {
    std::map<ScoreKey, SeenParts> seen;
    for (const Event& event : out.events()) {
        if (event.kind() != Kind::score || event.receive_time < since) continue;
        if (!event.has(field::score::value)) continue;
        const std::span<const Contribution> parts = parts_of(out, event);
        const ScoreShape* shape = shape_of(subject, event, parts);
        // The headline of a score with directions repeats one of them.
        if (shape == nullptr || (shape->directed && event.score.headline)) continue;
        const ScoreKey key = {std::string(text_of(event.market)), shape->name,
                              event.score.direction, event.score.headline, event.receive_time};
        seen[key] = {shape, {parts.begin(), parts.end()}};
    }
    return seen;
}

/// The one component whose raw input differs, by more than rounding; none if several do, or if it
/// is unknown in one run.
[[nodiscard]] inline std::optional<std::size_t> moved_alone(std::span<const Contribution> a,
                                                            std::span<const Contribution> b) {
    const auto known = [](const Contribution& part) {
        return !part.missing && part.has_raw && std::isfinite(part.raw);
    };
    std::optional<std::size_t> moved;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!known(a[i]) && !known(b[i])) continue;
        if (known(a[i]) != known(b[i])) return std::nullopt;
        const double larger = std::max(std::abs(a[i].raw), std::abs(b[i].raw));
        if (std::abs(a[i].raw - b[i].raw) <= rounding * larger) continue;
        if (moved) return std::nullopt;
        moved = i;
    }
    return moved;
}

/// Compares the scores of two runs at the same moments, where they differ in the raw input of one
/// component alone. Answers how many of these have a trend.
inline std::size_t compare_trends(const SizedRun& one, const SizedRun& other, Findings& findings) {
    std::size_t compared = 0;
    for (const auto& [key, seen] : one.scores) {
        const auto found = other.scores.find(key);
        if (found == other.scores.end() || found->second.shape != seen.shape) continue;
        const auto moved = moved_alone(seen.parts, found->second.parts);
        if (!moved) continue;
        const Direction direction = std::get<Direction>(key);
        const ScoreShape::Component& declared = seen.shape->components[*moved];
        const int sign = sign_of(declared.trend, direction);
        if (sign == 0) continue;
        ++compared;
        const Contribution* low = &seen.parts[*moved];
        const Contribution* high = &found->second.parts[*moved];
        if (low->raw > high->raw) std::swap(low, high);
        if (sign > 0 ? !more(low->points, high->points) : !more(high->points, low->points))
            continue;
        findings.fail(sign > 0 ? "points never fall as the raw input rises, as declared"
                               : "points never rise as the raw input rises, as declared",
                      declared.name + ": " + number_text(low->points) + " points of " +
                          number_text(low->raw) + ", " + number_text(high->points) + " of " +
                          number_text(high->raw),
                      one.what + " and " + other.what + ": " + std::get<1>(key) + " of " +
                          std::get<0>(key) + " (" +
                          std::string(name_in(direction_names, direction)) + ") at " +
                          format_time(std::get<Time>(key)));
    }
    return compared;
}
}  // namespace detail

/// Points follow the raw input as declared: of a few records of each kind, each number is made
/// smaller and larger, and what the scorer says in the next minutes is compared.
inline void check_trends(const Subject& quiet, Findings& findings) {
    const bool declared = std::ranges::any_of(quiet.scores, [](const ScoreShape& score) {
        return std::ranges::any_of(score.components,
                                   [](const auto& part) { return part.trend != Trend::none; });
    });
    if (!declared) return findings.does_not_apply("no component declares a trend");

    constexpr std::size_t records_of_a_kind = 2;
    const Subject subject = detail::talkative_at_once(quiet);
    const Script script = subject.script(subject.seed);
    const auto run = [&](std::uint32_t record, const FieldInfo& field, double factor) {
        const Event& event = script.batch()[record];
        const Time when = event.receive_time;
        detail::SizedRun sized{std::string(to_string(event.kind())) + " " + std::to_string(record) +
                                   " of seed " + std::to_string(subject.seed) + ", " +
                                   std::string(field.name) + " times " +
                                   detail::number_text(factor),
                               {}};
        NodePlayer player = subject.player(sized.what);
        if (!findings.require(player.start(), "configure and start")) return sized;
        findings.require(
            player.play(detail::with_scaled(script, record, field, factor, when + 3 * minute)),
            "every step", sized.what);
        sized.scores = detail::parts_since(subject, player.out(), when);
        return sized;
    };
    std::size_t compared = 0;
    std::array<std::size_t, kind_names.size()> seen{};
    for (std::uint32_t i = script.batch().size() / 2; i < script.batch().size(); ++i) {
        const Event& event = script.batch()[i];
        if (seen[static_cast<std::size_t>(event.kind())]++ >= records_of_a_kind) continue;
        for (const FieldInfo& field : fields_of(event.kind())) {
            if (field.type != FieldType::number || findings.full()) continue;
            if (!event.has(index_of(event.kind(), field))) continue;
            compared += detail::compare_trends(run(i, field, 0.8), run(i, field, 1.25), findings);
        }
    }
    if (compared == 0 && !findings.failed()) {
        findings.does_not_apply(
            "no record of the made-up events moves the raw input of one component alone: say in "
            "check.yaml which events it needs");
    }
}

}  // namespace spillway::testing
