#include "common/venues/feed_health.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <spillway/fields.hpp>
#include <spillway/id.hpp>

namespace spillway::venues {
namespace {

constexpr std::size_t longest_reason = 512;
/// Polls and sockets are configured, not sent by the venue: a bound against nonsense only.
constexpr std::size_t most_failing = 4096;

constexpr std::uint32_t bit_of(Kind kind) noexcept { return 1U << static_cast<unsigned>(kind); }

std::optional<Kind> kind_behind(std::string_view channel, std::string_view start) noexcept {
    if (!channel.starts_with(start)) return std::nullopt;
    const auto found =
        std::find(kind_names.begin(), kind_names.end(), channel.substr(start.size()));
    if (found == kind_names.end()) return std::nullopt;
    return static_cast<Kind>(found - kind_names.begin());
}

}  // namespace

void emit_status(const Frame& frame, FeedState state, std::optional<Kind> about,
                 std::string_view instrument, std::string_view reason, Emitter& out) {
    Event& event = out.emit(Kind::source_status);
    event.venue = frame.venue;
    if (!instrument.empty()) event.instrument = instrument_id(instrument);
    event.source_status.state = state;
    event.set_present(field::source_status::state);
    if (about) {
        event.source_status.about = *about;
        event.set_present(field::source_status::about);
    }
    struct Key {
        std::uint64_t venue, channel, session;
        Time received;
        std::uint64_t state, about;
    };
    const std::uint64_t channel = hash_text("source_status");
    event.id = hash_id(Key{hash_text(text_of(frame.venue)),
                           instrument.empty() ? channel : channel ^ hash_text(instrument),
                           frame.session, frame.receive_time, static_cast<std::uint64_t>(state),
                           about ? static_cast<std::uint64_t>(*about) + 1 : 0});
    if (reason.empty()) return;
    event.set_present(field::source_status::reason);
    const BlobRange text = out.batch().add_text(event, reason.substr(0, longest_reason));
    event.source_status.reason = text;
}

void FeedHealth::emit(const Frame& frame, FeedState state, std::optional<Kind> about,
                      std::string_view reason, Emitter& out) const {
    emit_status(frame, state, about ? about : only_, {}, reason, out);
}

void FeedHealth::on_change(const Frame& frame, Emitter& out) {
    switch (frame.type) {
        case FrameType::opened:
            if (frame.session == 0) return on_plan(frame, out);
            if (told_ != Told::up) mark_out(text_of(frame.channel));
            return;
        case FrameType::subscribed:
            if (!on_topics(frame, out)) on_subscribed(frame, out);
            return;
        case FrameType::closed:
            return tell_down(FeedState::disconnected, frame, frame.bytes, out);
        case FrameType::gap:
            if (!on_topics(frame, out)) on_gap(frame, out);
            return;
        case FrameType::data:
        case FrameType::response:
            return;
    }
}

void FeedHealth::mark_out(std::string_view channel) {
    if (out_.size() >= most_failing) return;
    if (std::find(out_.begin(), out_.end(), channel) == out_.end()) out_.emplace_back(channel);
}

/// What was refused, silent or failing in a run before is asked for again. Lists are asked for
/// before the plan: what failed of them does so now.
void FeedHealth::on_plan(const Frame& frame, Emitter& out) {
    out_.clear();
    for (std::string_view rest = frame.bytes; !rest.empty();) {
        const std::string_view name = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(name.size() + 1, rest.size()));
        mark_out(name);
    }
    Kinds failed = 0;
    std::erase_if(failing_, [&](const Failing& failing) {
        if (failing.about == Kind::instrument) return false;
        failed |= bit_of(failing.about);
        return true;
    });
    end_kinds(stale_ | refused_ | failed, frame, "asked for again", out);
    stale_ = refused_ = denied_ = 0;
    tell_up_if_whole(frame, out);
}

void FeedHealth::on_subscribed(const Frame& frame, Emitter& out) {
    end_failure(frame, out);  // of a poll: it is not wanted any more
    const bool was_out = std::erase(out_, text_of(frame.channel)) > 0;
    end_kinds(refused_ & ~denied_, frame, "subscribed again", out);
    refused_ &= denied_;
    if (was_out && !out_.empty() && told_ == Told::down) {
        return emit(
            frame, FeedState::gap, std::nullopt,
            fmt::format("{} is back; not yet: {}", text_of(frame.channel), fmt::join(out_, ", ")),
            out);
    }
    tell_up_if_whole(frame, out);
}

void FeedHealth::tell_up_if_whole(const Frame& frame, Emitter& out) {
    if (!out_.empty() || told_ == Told::up) return;
    const bool first = told_ == Told::nothing;
    told_ = Told::up;
    emit(frame, first ? FeedState::connected : FeedState::resumed, std::nullopt, frame.bytes, out);
}

void FeedHealth::tell_down(FeedState state, const Frame& frame, std::string_view reason,
                           Emitter& out) {
    told_ = Told::down;
    mark_out(text_of(frame.channel));
    emit(frame, state, std::nullopt, reason, out);
}

void FeedHealth::on_gap(const Frame& frame, Emitter& out) {
    const std::string_view channel = text_of(frame.channel);
    if (channel == missing_channel || channel == clock_channel) {
        emit(frame, FeedState::gap, Kind::instrument, frame.bytes, out);
        return emit(frame, FeedState::resumed, Kind::instrument, "all else is there", out);
    }
    if (frame.bytes != overflow_reason) return tell_down(FeedState::gap, frame, frame.bytes, out);
    emit(frame, FeedState::gap, std::nullopt, frame.bytes, out);
    if (out_.empty()) emit(frame, FeedState::resumed, std::nullopt, "data after the gap", out);
}

bool FeedHealth::on_topics(const Frame& frame, Emitter& out) {
    const std::string_view channel = text_of(frame.channel);
    const bool well = frame.type == FrameType::subscribed;
    if (const auto kind = kind_behind(channel, stale_channels)) {
        stale_ = well ? stale_ & ~bit_of(*kind) : stale_ | bit_of(*kind);
        emit(frame, well ? FeedState::resumed : FeedState::stale, kind, frame.bytes, out);
        return true;
    }
    if (const auto kind = kind_behind(channel, refused_channels)) {
        const bool told = (refused_ & bit_of(*kind)) != 0;
        refused_ = well ? refused_ & ~bit_of(*kind) : refused_ | bit_of(*kind);
        denied_ = well ? denied_ & ~bit_of(*kind) : denied_ | bit_of(*kind);
        // That it is refused, the venue's own message has told, as a rule.
        if (well == told) {
            emit(frame, well ? FeedState::resumed : FeedState::gap, kind, frame.bytes, out);
        }
        return true;
    }
    return false;
}

void FeedHealth::end_kinds(Kinds kinds, const Frame& frame, std::string_view reason, Emitter& out) {
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        const auto kind = static_cast<Kind>(k);
        if ((kinds & bit_of(kind)) != 0) emit(frame, FeedState::resumed, kind, reason, out);
    }
}

void FeedHealth::on_refused(const Frame& frame, std::optional<Kind> about, std::string_view reason,
                            Emitter& out) {
    if (!about) return tell_down(FeedState::gap, frame, reason, out);
    refused_ |= bit_of(*about);
    emit(frame, FeedState::gap, about, reason, out);
}

void FeedHealth::on_failed_poll(const Frame& frame, Kind about, std::string_view reason,
                                Emitter& out) {
    const std::string_view channel = text_of(frame.channel);
    const bool known = std::any_of(failing_.begin(), failing_.end(), [&](const Failing& failing) {
        return failing.channel == channel;
    });
    if (!known && failing_.size() < most_failing) failing_.push_back({std::string(channel), about});
    emit(frame, FeedState::gap, about, reason, out);
}

bool FeedHealth::on_bad_status(const Frame& frame, Kind about, std::string_view name,
                               Emitter& out) {
    // 0: a recording that did not keep it.
    if (frame.http_status == 200 || frame.http_status == 0) return false;
    constexpr std::size_t longest_body = 300;
    const std::string_view body = frame.bytes.substr(0, longest_body);
    on_failed_poll(frame, about,
                   frame.http_status == no_reply
                       ? fmt::format("{}: {}", name, body)
                       : fmt::format("{}: HTTP {}: {}", name, frame.http_status, body),
                   out);
    return true;
}

/// The kind is whole again when the last of its polls is.
void FeedHealth::end_failure(const Frame& frame, Emitter& out) {
    const std::string_view channel = text_of(frame.channel);
    const auto ended = std::find_if(failing_.begin(), failing_.end(), [&](const Failing& failing) {
        return failing.channel == channel;
    });
    if (ended == failing_.end()) return;
    const Kind about = ended->about;
    failing_.erase(ended);
    const bool others = std::any_of(failing_.begin(), failing_.end(),
                                    [&](const Failing& failing) { return failing.about == about; });
    if (others) return;
    emit(frame, FeedState::resumed, about,
         frame.type == FrameType::response ? "the poll is answered again" : frame.bytes, out);
}

}  // namespace spillway::venues
