#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <spillway/testing/conformance/behaviour.hpp>

namespace spillway::testing {

namespace detail {
/// Ids and kinds of what frames led to.
[[nodiscard]] inline std::vector<std::pair<Kind, Id>> ids_of(const Subject& subject,
                                                             const FrameScript& frames,
                                                             const std::string& what,
                                                             Findings& findings) {
    NodePlayer player = subject.player(what);
    std::vector<std::pair<Kind, Id>> ids;
    if (!findings.require(player.start(), "configure and start", what)) return ids;
    findings.require(player.play(frames, {.most = 5}), "a step with frames", what);
    for (const Event& event : player.out().events()) {
        // The health of a feed belongs to its session.
        if (event.kind() != Kind::source_status) ids.emplace_back(event.kind(), event.id);
    }
    return ids;
}

/// The frames of a script again, an hour later and in another session.
inline void append_session(FrameScript& out, const FrameScript& frames, std::uint32_t session,
                           Duration later) {
    const Time start = std::max(out.end(), frames.messages().front().receive_time + later);
    out.add(start, {}, FrameType::opened).session = session;
    for (const FrameScript::Message& message : frames.messages()) {
        FrameScript::Message& copy =
            out.add(message.receive_time + later, message.bytes, message.type);
        copy.channel = message.channel;
        copy.http_status = message.http_status;
        copy.binary = message.binary;
        copy.session = session;
    }
    out.add(out.end(), {}, FrameType::closed).session = session;
}

/// Plays frames that nobody sends: no crash, no failed step.
inline void survive(const Subject& subject, const FrameScript& frames, const std::string& what,
                    Findings& findings) {
    if (frames.size() == 0) return;
    NodePlayer player = subject.player(what);
    if (!findings.require(player.start(), "configure and start", what)) return;
    StepRules rules(subject, player, findings);
    player.set_observer(&rules);
    static_cast<void>(player.play(frames, {.most = 3}));
    const Books& b = player.books();
    if (b.dead_lettered != player.letters().size() || b.dead_lettered > b.in) {
        findings.fail("the books balance",
                      std::to_string(b.in) + " frames in, " + std::to_string(b.dead_lettered) +
                          " dead-lettered, " + std::to_string(player.letters().size()) +
                          " on `errors`",
                      what);
    }
}

[[nodiscard]] inline std::string random_text(std::mt19937_64& random) {
    constexpr std::array<std::string_view, 16> pieces = {
        "{",    "}",      "[", "]",     "\"",       ":",           ",",        "null",
        "true", "-1e999", "0", "1e308", "\"data\"", "\"\\ud800\"", "\xff\xfe", "{\"e\":"};
    std::string text;
    const bool binary = random() % 3 == 0;
    for (std::uint64_t n = random() % 60; n > 0; --n) {
        if (binary) {
            text += static_cast<char>(random());
        } else {
            text += pieces[random() % pieces.size()];
        }
    }
    return text;
}
}  // namespace detail

/// Frames that are garbage, cut short or damaged: refused, never a crash; good ones that follow are
/// decoded as if nothing had been.
inline void check_bad_frames(const Subject& subject, Findings& findings) {
    std::mt19937_64 random(subject.seed);
    const Time start = subject.market.start;
    FrameScript garbage;
    for (std::uint64_t i = 0; i < 600; ++i) {
        FrameScript::Message& message =
            garbage.add(start, detail::random_text(random), static_cast<FrameType>(random() % 6));
        message.binary = random() % 2 == 0;
        message.channel = random() % 2 == 0 ? "" : "no such channel";
        message.http_status = message.type == FrameType::response
                                  ? std::array<std::uint16_t, 4>{200, 0, 429, 503}[random() % 4]
                                  : std::uint16_t{0};
    }
    garbage.add(start, std::string(100'000, '['));
    garbage.add(start, "{\"a\":" + std::string(100'000, '{'));
    garbage.add(start, {});
    const std::string seed = " of seed " + std::to_string(subject.seed);
    detail::survive(subject, garbage, "garbage" + seed, findings);

    FrameScript cut, damaged;
    for (const FrameScript::Message& message : subject.frames.messages()) {
        const auto like = [&](FrameScript& script, std::string bytes) {
            FrameScript::Message& copy = script.add(message.receive_time, bytes, message.type);
            copy.channel = message.channel;
            copy.http_status = message.http_status;
        };
        const std::size_t size = message.bytes.size();
        if (size == 0 || cut.size() > 20'000) continue;
        for (std::size_t n = 0; n < 40; ++n) {
            like(cut, message.bytes.substr(0, random() % size));
            std::string bytes = message.bytes;
            for (std::uint64_t flips = 1 + random() % 3; flips > 0; --flips) {
                bytes[random() % size] = static_cast<char>(random());
            }
            like(damaged, std::move(bytes));
        }
    }
    detail::survive(subject, cut, "recorded frames, cut short" + seed, findings);
    detail::survive(subject, damaged, "recorded frames with wrong bytes" + seed, findings);
    if (subject.frames.size() == 0 || findings.failed()) return;

    const std::string after = "recorded frames after garbage" + seed;
    FrameScript both;
    const Duration later = 0;
    for (std::uint32_t i = 0; i < 50; ++i) {
        both.add(subject.frames.messages().front().receive_time - 60, "}garbage{");
    }
    for (const FrameScript::Message& message : subject.frames.messages()) {
        FrameScript::Message& copy =
            both.add(message.receive_time + later, message.bytes, message.type);
        copy.channel = message.channel;
        copy.http_status = message.http_status;
        copy.binary = message.binary;
        copy.session = message.session;
    }
    if (detail::ids_of(subject, subject.frames, "recorded frames", findings) !=
        detail::ids_of(subject, both, after, findings)) {
        findings.fail("garbage leaves no trace in the decoder",
                      "other events came out of the same frames", after);
    }
}

/// The same messages heard in another session, or twice in one, are the same records.
inline void check_ids(const Subject& subject, Findings& findings) {
    if (subject.frames.size() == 0) {
        findings.does_not_apply(
            "there are no recorded frames: name some with --fixtures, or in "
            "check.yaml");
        return;
    }
    FrameScript first, again, twice;
    detail::append_session(first, subject.frames, 1, 0);
    detail::append_session(again, subject.frames, 9, hour);
    detail::append_session(twice, subject.frames, 1, 0);
    detail::append_session(twice, subject.frames, 2, hour);
    const auto ids = detail::ids_of(subject, first, "recorded frames", findings);
    if (findings.failed()) return;
    if (ids.empty()) {
        findings.does_not_apply("the recorded frames lead to no event");
        return;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i].second) continue;
        findings.fail("every event has an id", "event " + std::to_string(i) + " has none",
                      "recorded frames");
        return;
    }
    const auto compare = [&](const std::vector<std::pair<Kind, Id>>& expected,
                             const std::vector<std::pair<Kind, Id>>& found,
                             const std::string& place) {
        if (expected == found) return;
        const auto part =
            std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
        const auto shown = [](const auto& at, const auto& end) {
            return at == end ? std::string("nothing")
                             : std::string(to_string(at->first)) + ' ' +
                                   std::string(to_string(at->second));
        };
        findings.fail("the same message has the same id in every session: event " +
                          std::to_string(part.first - expected.begin()) + " is " +
                          shown(part.first, expected.end()),
                      shown(part.second, found.end()), place);
    };
    compare(ids, detail::ids_of(subject, again, "frames in session 9, an hour later", findings),
            "recorded frames in session 9, an hour later");
    // A decoder may drop what it has decoded before, and understand more once it has heard all:
    // only the third time brings nothing new for certain.
    const auto known = detail::ids_of(subject, twice, "frames in two sessions", findings);
    detail::append_session(twice, subject.frames, 3, 2 * hour);
    for (const auto& event : detail::ids_of(subject, twice, "frames in three sessions", findings)) {
        if (std::find(known.begin(), known.end(), event) != known.end()) continue;
        findings.fail("the same message has the same id when it is heard again",
                      "a " + std::string(to_string(event.first)) + " with the new id " +
                          std::string(to_string(event.second)),
                      "recorded frames in sessions 1, 2 and 3");
        break;
    }
}

}  // namespace spillway::testing
