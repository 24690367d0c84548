#include "connection.hpp"

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

#include "common/venues/feed_health.hpp"

namespace spillway::binance {
namespace {

constexpr std::size_t longest_reason = 200;
constexpr std::size_t most_polls = 4096;

/// Told of the whole venue, or of the market that a poll names.
void tell(FeedState state, const Channel& channel, std::string_view reason, const Writer& writer) {
    const Frame& frame = writer.frame();
    Event& event =
        writer.emit_bare(Kind::source_status, "connection", hash_text(text_of(frame.channel)),
                         frame.receive_time, frame.session, frame.type, state);
    if (const auto symbol = channel.parameter("symbol"); !symbol.empty()) {
        event.instrument = writer.contracts().find(symbol).instrument;
    }
    event.source_status.state = state;
    event.set_present(field::source_status::state);
    if (const auto kind = channel.kind()) {
        event.source_status.about = *kind;
        event.set_present(field::source_status::about);
    }
    if (!reason.empty()) {
        event.source_status.reason =
            writer.out().batch().add_text(event, reason.substr(0, longest_reason));
        event.set_present(field::source_status::reason);
    }
}

/// A request that will be answered like this for ever.
bool is_wrong_request(std::uint16_t http_status) {
    return http_status == 400 || http_status == 404 || http_status == 405;
}

}  // namespace

void Connection::on_change(const Writer& writer) {
    const Frame& frame = writer.frame();
    const Channel channel(text_of(frame.channel));
    switch (frame.type) {
        case FrameType::closed:
            ++lost_;
            return tell(FeedState::disconnected, channel, frame.bytes, writer);
        case FrameType::gap:
            if (text_of(frame.channel) == missing_channel) {
                return venues::emit_missing(frame, writer.out());
            }
            gap_ = true;
            return tell(FeedState::gap, channel, frame.bytes, writer);
        case FrameType::opened:
        case FrameType::subscribed:
            break;
        case FrameType::data:
        case FrameType::response:
            return;
    }
    const bool was_lost = lost_ > 0 || gap_ || refused_;
    gap_ = false;
    refused_ = false;
    if (frame.type == FrameType::opened && lost_ > 0) --lost_;
    if (lost_ > 0) {
        return tell(FeedState::disconnected, channel,
                    fmt::format("connections still closed: {}", lost_), writer);
    }
    tell(was_lost ? FeedState::resumed : FeedState::connected, channel, frame.bytes, writer);
}

void Connection::on_refused(std::string_view reason, const Writer& writer) {
    refused_ = true;
    tell(FeedState::gap, Channel({}), fmt::format("subscription refused: {}", reason), writer);
}

void Connection::end_gap(const Writer& writer) {
    gap_ = false;
    if (lost_ == 0) tell(FeedState::resumed, Channel({}), {}, writer);
}

Status Connection::on_refused_poll(const Channel& channel, const Writer& writer) {
    const Frame& frame = writer.frame();
    const std::string_view name = text_of(frame.channel);
    const std::string reason = fmt::format("HTTP {} for {}: {}", frame.http_status, name,
                                           frame.bytes.substr(0, longest_reason));
    if (is_wrong_request(frame.http_status)) return bad_record(reason, name);
    const auto found = failing_.find(name);
    if (found == failing_.end() && failing_.size() < most_polls) {
        failing_.emplace(name, frame.http_status);
    } else if (found != failing_.end()) {
        if (found->second == frame.http_status) return {};  // has been said
        found->second = frame.http_status;
    }
    tell(FeedState::stale, channel, reason, writer);
    return {};
}

void Connection::on_answered_poll(const Channel& channel, const Writer& writer) {
    const auto found = failing_.find(text_of(writer.frame().channel));
    if (found == failing_.end()) return;
    failing_.erase(found);
    tell(FeedState::resumed, channel, {}, writer);
}

}  // namespace spillway::binance
