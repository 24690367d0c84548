#pragma once

#include <string>

#include <spillway/testing/conformance/steps.hpp>

namespace spillway::testing {

/// Objects that are made and dropped at any stage of their life, a second `configure`, steps that
/// hold nothing.
inline void check_lifecycle(const Subject& subject, Findings& findings) {
    const auto made = [&] {
        auto plugin = subject.create();
        if (!plugin) findings.fail("the constructor succeeds", "it threw an exception");
        return plugin;
    };
    subject.at("create and destroy");
    const auto plugin = made();
    if (!plugin) return;
    const bool fits = subject.is_node()                      ? plugin->node() != nullptr
                      : subject.category == Category::source ? plugin->source() != nullptr
                                                             : plugin->sink() != nullptr;
    if (!fits) {
        findings.fail("the object has the interface of its category",
                      "it has none of a " +
                          std::string(category_names[static_cast<std::size_t>(subject.category)]));
        return;
    }
    subject.at("configure and destroy");
    if (!findings.require(made()->configure(subject.options), "configure")) return;
    subject.at("configure twice");
    if (!findings.require(plugin->configure(subject.options), "configure") ||
        !findings.require(plugin->configure(subject.options), "a second configure")) {
        return;
    }
    if (!subject.is_node()) return;

    NodePlayer player = subject.player("a node that sees no record");
    if (!findings.require(player.start(), "configure and start")) return;
    subject.at("an empty step");
    std::vector<Emitter> ports(player.ports());
    for (Emitter& port : ports) port.reset(nullptr, nullptr);
    Emitter errors;
    errors.reset(nullptr, nullptr);
    Books books;
    StepOutput out{ports.data(), player.ports(), &errors, &books};
    StepInput in;
    findings.require(player.node().step(in, out), "a step without a batch");
    in.horizon = subject.market.start;
    findings.require(player.node().step(in, out), "a step in which only time passes");
    for (Emitter& port : ports) {
        if (port.size() == 0) continue;
        findings.fail("a node that saw no record answers nothing",
                      std::to_string(port.size()) + " events");
    }
    StateRows state;
    findings.require(player.node().snapshot(state, true), "a snapshot before the first record");
}

/// Every step is answered once, by the rules.
inline void check_every_step(const Subject& subject, Findings& findings) {
    for (std::uint64_t i = 0; i < 2 && !findings.failed(); ++i) {
        const std::uint64_t seed = subject.seed + i;
        const Script script = subject.script(seed);
        const std::string events = "events of seed " + std::to_string(seed);
        check_steps(subject, script, {}, events + " in one step", findings);
        check_steps(subject, script, {.most = 1}, events + ", an instant a step", findings);
        check_steps(subject, script, {.most = 7, .seed = seed, .decoys = true},
                    events + " cut by seed " + std::to_string(seed) +
                        ", with events of others between them",
                    findings);
    }
}

namespace detail {
/// What a new node answers to an input.
[[nodiscard]] inline Answers answers_to(const Subject& subject, const Script& script,
                                        const Cutting& cutting, const std::string& what,
                                        Findings& findings) {
    NodePlayer player = subject.player(what);
    if (findings.require(player.start(), "configure and start", what)) {
        findings.require(subject.feed(player, script, cutting), "every step", what);
    }
    return Answers::of(player);
}
}  // namespace detail

/// One input cut into steps in many ways: equal answers.
inline void check_cutting(const Subject& subject, Findings& findings) {
    for (std::uint64_t i = 0; i < 2 && !findings.failed(); ++i) {
        const std::uint64_t events_seed = subject.seed + i;
        const Script script = subject.script(events_seed);
        const std::string events = "events of seed " + std::to_string(events_seed);
        const Answers whole =
            detail::answers_to(subject, script, {}, events + " in one step", findings);
        const auto compare = [&](const Cutting& cutting, const std::string& how) {
            const std::string place = events + how;
            const Answers found = detail::answers_to(subject, script, cutting, place, findings);
            expect_equal(whole, found, "as when all is one step", place, findings);
        };
        compare({.most = 1}, ", one instant a step");
        for (std::uint64_t seed = 1; seed <= subject.cuttings && !findings.failed(); ++seed) {
            const bool decoys = seed % 2 == 0;
            compare(
                {.most = static_cast<std::uint32_t>(1 + seed * 5), .seed = seed, .decoys = decoys},
                ", cut by seed " + std::to_string(seed) +
                    (decoys ? " with events of others between them" : ""));
        }
    }
}

/// Two objects give equal bytes, also when a third is at work on something else.
inline void check_determinism(const Subject& subject, Findings& findings) {
    const Script script = subject.script(subject.seed);
    const std::string place = "events of seed " + std::to_string(subject.seed);
    const Answers first = detail::answers_to(subject, script, {.most = 9}, place, findings);
    expect_equal(first, detail::answers_to(subject, script, {.most = 9}, place, findings),
                 "a second object answers the same", place, findings);
    NodePlayer other = subject.player(place + ", in another object");
    NodePlayer player = subject.player(place + ", beside another object");
    if (!findings.require(other.start(), "start") || !findings.require(player.start(), "start")) {
        return;
    }
    findings.require(subject.feed(other, subject.script(subject.seed + 17)), "every step");
    findings.require(subject.feed(player, script, {.most = 9}), "every step");
    expect_equal(first, Answers::of(player), "an object does not notice others of its class", place,
                 findings);
}

/// After the last record: idle days, and the end of the input, each answered in bounded time.
inline void check_drain(const Subject& subject, Findings& findings) {
    NodePlayer player = subject.player("the whole input");
    if (!findings.require(player.start(), "configure and start")) return;
    const Script script = subject.script(subject.seed);
    if (!findings.require(subject.feed(player, script), "every step")) return;
    if (!subject.takes_events()) return;
    Script idle;
    idle.wait_until(script.end() + 2 * day);
    player.set_place(subject.place, "two idle days after the input");
    if (!findings.require(player.play(idle), "a step of two idle days")) return;
    idle.wait_until(script.end() + 2 * day + hour);
    idle.watermark(time_never);
    player.set_place(subject.place, "the end of the input after two idle days");
    findings.require(player.play(idle), "the last step");
}

}  // namespace spillway::testing
