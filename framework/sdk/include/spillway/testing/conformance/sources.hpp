#pragma once

#include <random>
#include <string>
#include <vector>

#include <spillway/admission.hpp>
#include <spillway/source.hpp>
#include <spillway/testing/conformance/answers.hpp>

namespace spillway::testing {

namespace detail {
/// Records that are enough to see how a source behaves.
inline constexpr std::size_t enough_records = 5'000;

/// Reads a source as the ingress does.
class SourceReader {
public:
    explicit SourceReader(const Subject& subject) : subject_(subject) {}

    Status open() {
        plugin_ = subject_.create();
        if (!plugin_) return {Code::defect, "its constructor threw an exception"};
        if (Status status = plugin_->configure(subject_.options); !status) return status;
        SourceSetup setup;
        setup.pipeline = "test";
        setup.id = subject_.name;
        return plugin_->source()->open(setup);
    }
    [[nodiscard]] Source& source() noexcept { return *plugin_->source(); }

    /// One `read`; its records as texts, in order.
    Status read(std::uint32_t limit, std::vector<std::string>& records, Findings& findings) {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        out.node = subject_.name;
        if (subject_.place != nullptr) {
            subject_.place->at("read of %u records after %zu", limit, records.size());
        }
        const Result<ReadState> state = source().read(out, limit);
        const std::size_t before = records.size();
        take(out, records, findings);
        if (!state) return state.error();
        ended_ = *state == ReadState::end;
        if (!ended_ && records.size() == before) {
            findings.fail("a read that is not the last adds a record", "it added none", place());
            ended_ = true;
        }
        return {};
    }
    /// Reads until the end or `enough_records`.
    Status read_all(std::uint32_t limit, std::vector<std::string>& records, Findings& findings) {
        while (!ended_ && records.size() < enough_records && !findings.failed()) {
            if (Status status = read(limit, records, findings); !status) return status;
        }
        return {};
    }
    [[nodiscard]] bool ended() const noexcept { return ended_; }

private:
    [[nodiscard]] std::string place() const {
        return subject_.place != nullptr ? std::string(subject_.place->view()) : "read";
    }

    void take(const SourceOutput& out, std::vector<std::string>& records, Findings& findings) {
        const std::vector<std::string> events = lines_of(*out.events);
        const std::vector<std::string> letters = lines_of(*out.letters);
        std::size_t letter = 0;
        const std::size_t count = std::max<std::size_t>(events.size(), out.frames.size());
        const auto letters_before = [&](std::size_t position) {
            while (letter < letters.size() &&
                   out.letter_positions[static_cast<std::uint32_t>(letter)] <= position) {
                advance((*out.letters)[static_cast<std::uint32_t>(letter)].receive_time, findings);
                records.push_back("refused: " + letters[letter++]);
            }
        };
        for (std::size_t i = 0; i < count; ++i) {
            letters_before(i);
            if (i < out.frames.size()) {
                const Frame& frame = out.frames[static_cast<std::uint32_t>(i)];
                advance(frame.receive_time, findings);
                records.push_back(std::to_string(frame.receive_time) + ' ' +
                                  std::string(text_of(frame.channel)) + ' ' +
                                  std::string(frame.bytes));
                continue;
            }
            const Event& event = (*out.events)[static_cast<std::uint32_t>(i)];
            advance(event.receive_time, findings);
            if (!subject_.emits.has(event.kind())) {
                findings.fail("only kinds that the manifest declares are emitted",
                              "a " + std::string(to_string(event.kind())), place());
            }
            if (!event.id) findings.fail("every event has an id", "one has none", place());
            if (const std::string_view reason = refusal_of(event); !reason.empty()) {
                findings.fail("the engine admits every event",
                              "it refuses one of " + format_time(event.event_time) + ": " +
                                  std::string(reason),
                              place());
            }
            records.push_back(std::to_string(event.receive_time) + ' ' + events[i]);
        }
        letters_before(count);
    }

    void advance(Time time, Findings& findings) {
        if (time < newest_) {
            findings.fail("receive times never go back",
                          format_time(time) + " after " + format_time(newest_), place());
        }
        newest_ = std::max(newest_, time);
    }

    const Subject& subject_;
    std::unique_ptr<Plugin> plugin_;
    Time newest_ = time_before_all;
    bool ended_ = false;
};

/// Where two readings part.
inline void expect_records(const std::vector<std::string>& expected, std::size_t from,
                           const std::vector<std::string>& found, const std::string& place,
                           Findings& findings) {
    for (std::size_t i = 0; from + i < expected.size() && i < found.size(); ++i) {
        if (expected[from + i] == found[i]) continue;
        findings.fail(
            "record " + std::to_string(from + i) + " is " + expected[from + i].substr(0, 300),
            found[i].substr(0, 300), place);
        return;
    }
    // Who read fewer than enough has come to the end.
    if ((expected.size() < enough_records || found.size() < enough_records) &&
        expected.size() - from != found.size()) {
        findings.fail(std::to_string(expected.size() - from) + " records",
                      std::to_string(found.size()) + " records", place);
    }
}
}  // namespace detail

/// Records come in order of receive time, the same however many are asked for.
inline void check_records(const Subject& subject, Findings& findings) {
    if (subject.is(Trait::live)) {
        findings.does_not_apply("it is `live`: what arrives is not its own");
        return;
    }
    std::vector<std::string> whole;
    {
        subject.at("open and destroy");
        detail::SourceReader opened(subject);
        if (!findings.require(opened.open(), "open")) return;
    }
    for (const std::uint32_t limit : {256U, 1U, 7U}) {
        detail::SourceReader reader(subject);
        const std::string place = "read " + std::to_string(limit) + " at a time";
        if (!findings.require(reader.open(), "open", place)) return;
        std::vector<std::string> records;
        findings.require(reader.read_all(limit, records, findings), "read", place);
        if (findings.failed()) return;
        if (whole.empty()) {
            whole = std::move(records);
            if (whole.empty()) findings.warn("the source has records", "it ended at once", place);
        } else {
            detail::expect_records(whole, 0, records, place, findings);
        }
    }
}

/// A source that is taken back to any position goes on with the same records.
inline void check_positions(const Subject& subject, Findings& findings) {
    if (!subject.is(Trait::replayable)) {
        findings.does_not_apply("it is not declared `replayable`");
        return;
    }
    std::vector<std::string> whole;
    std::vector<std::pair<std::size_t, std::vector<std::byte>>> positions;
    detail::SourceReader reader(subject);
    if (!findings.require(reader.open(), "open")) return;
    std::mt19937_64 random(subject.seed);
    const auto keep_position = [&] {
        StateWriter position;
        reader.source().position(position);
        positions.emplace_back(
            whole.size(), std::vector<std::byte>(position.bytes().begin(), position.bytes().end()));
    };
    while (!reader.ended() && whole.size() < detail::enough_records / 2 && !findings.failed()) {
        keep_position();
        const auto limit =
            static_cast<std::uint32_t>(positions.size() < 40 ? 1 : 1 + random() % 200);
        if (!findings.require(reader.read(limit, whole, findings), "read")) return;
    }
    findings.require(reader.read_all(256, whole, findings), "read");
    if (reader.ended()) keep_position();
    for (const auto& [from, bytes] : positions) {
        if (findings.failed()) return;
        const std::string place = "position before record " + std::to_string(from);
        detail::SourceReader again(subject);
        if (!findings.require(again.open(), "open", place)) return;
        if (!findings.require(again.source().seek(bytes), "seek", place)) return;
        std::vector<std::string> rest;
        const std::size_t left = whole.size() - from;
        while (!again.ended() && rest.size() < std::min<std::size_t>(left + 20, 400)) {
            if (!findings.require(again.read(31, rest, findings), "read", place)) return;
        }
        for (std::size_t i = 0; i < std::min(rest.size(), left); ++i) {
            if (rest[i] == whole[from + i]) continue;
            findings.fail("after `seek` record " + std::to_string(from + i) + " is " +
                              whole[from + i].substr(0, 300),
                          rest[i].substr(0, 300), place);
            break;
        }
        if (reader.ended() && (rest.size() > left || (again.ended() && rest.size() < left))) {
            findings.fail("after `seek` all remaining records come, and no others",
                          std::to_string(rest.size()) + " of " + std::to_string(left), place);
        }
    }
    for (std::uint64_t i = 0; i < 100 && !positions.empty(); ++i) {
        std::vector<std::byte> bytes = positions[random() % positions.size()].second;
        if (i % 2 == 0) bytes.resize(random() % (bytes.size() + 1));
        if (!bytes.empty()) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        detail::SourceReader damaged(subject);
        if (!findings.require(damaged.open(), "open")) return;
        subject.at("seek to a damaged position");
        const Status status = damaged.source().seek(bytes);
        if (status.code() == Code::defect) {
            findings.fail("a damaged position is refused, or harmless", Findings::described(status),
                          "damage " + std::to_string(i));
        }
    }
}

}  // namespace spillway::testing
