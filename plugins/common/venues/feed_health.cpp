#include "common/venues/feed_health.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>
#include <spillway/fields.hpp>
#include <spillway/id.hpp>

namespace spillway::venues {
namespace {

constexpr std::size_t longest_reason = 512;
/// Polls are configured, not sent by the venue: a bound against nonsense only.
constexpr std::size_t most_failing = 4096;

void emit(const Frame& frame, FeedState state, std::optional<Kind> about, std::string_view reason,
          Emitter& out) {
    emit_status(frame, state, about, {}, reason, out);
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

void emit_missing(const Frame& frame, Emitter& out) {
    emit(frame, FeedState::gap, Kind::instrument, frame.bytes, out);
    emit(frame, FeedState::resumed, Kind::instrument, "all else is there", out);
}

void FeedHealth::on_change(const Frame& frame, Emitter& out) {
    switch (frame.type) {
        case FrameType::opened:
            gap_ = false;
            return emit(frame, FeedState::connected, std::nullopt, frame.bytes, out);
        case FrameType::subscribed: {
            emit(frame, FeedState::resumed, std::nullopt, frame.bytes, out);
            for (std::size_t k = 0; k < kind_names.size(); ++k) {
                if ((refused_ >> k & 1U) == 0) continue;
                emit(frame, FeedState::resumed, static_cast<Kind>(k), "subscribed again", out);
            }
            refused_ = 0;
            gap_ = false;
            return;
        }
        case FrameType::closed:
            return emit(frame, FeedState::disconnected, std::nullopt, frame.bytes, out);
        case FrameType::gap:
            if (text_of(frame.channel) == missing_channel) return emit_missing(frame, out);
            gap_ = true;
            gap_session_ = frame.session;
            return emit(frame, FeedState::gap, std::nullopt, frame.bytes, out);
        case FrameType::data:
        case FrameType::response:
            return;
    }
}

void FeedHealth::end_gap(const Frame& frame, Emitter& out) {
    if (frame.session != gap_session_) return;
    gap_ = false;
    emit(frame, FeedState::resumed, std::nullopt, "data after the gap", out);
}

void FeedHealth::on_refused(const Frame& frame, std::optional<Kind> about, std::string_view reason,
                            Emitter& out) {
    if (about) refused_ |= 1U << static_cast<unsigned>(*about);
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
    if (frame.http_status == 200) return false;
    constexpr std::size_t longest_body = 200;
    on_failed_poll(frame, about,
                   fmt::format("{}: HTTP {}: {}", name, frame.http_status,
                               frame.bytes.substr(0, longest_body)),
                   out);
    return true;
}

/// The kind is whole again when the last of its polls is.
void FeedHealth::end_failure(const Frame& frame, Kind about, Emitter& out) {
    const std::string_view channel = text_of(frame.channel);
    const auto ended =
        std::erase_if(failing_, [&](const Failing& failing) { return failing.channel == channel; });
    if (ended == 0) return;
    const bool others = std::any_of(failing_.begin(), failing_.end(),
                                    [&](const Failing& failing) { return failing.about == about; });
    if (!others) emit(frame, FeedState::resumed, about, "the poll is answered again", out);
}

}  // namespace spillway::venues
