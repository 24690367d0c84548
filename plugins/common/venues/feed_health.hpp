#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/emitter.hpp>
#include <spillway/feed_frames.hpp>
#include <spillway/frame.hpp>
#include <spillway/kind.hpp>
#include <spillway/status.hpp>

namespace spillway::venues {

/// An event `source_status` with an id made of receive time, session, state and what it is about.
/// `instrument`: of one market only; else none.
void emit_status(const Frame& frame, FeedState state, std::optional<Kind> about,
                 std::string_view instrument, std::string_view reason, Emitter& out);

/// Turns what happens to a venue's connections and polls into `source_status` events, so that the
/// silence of a feed that is broken never looks like a quiet market. The frames are those of
/// <spillway/feed_frames.hpp>.
///
///     `connected`      every socket listens, for the first time: a handshake alone is not told, as
///                      who is not subscribed hears nothing
///     `disconnected`   a socket is out, or there is no plan
///     `gap`            something is missing, of all kinds or one (a refusal, a failed poll)
///     `stale`          topics of one kind fell silent
///     `resumed`        the same is back; of all kinds: all sockets are
///
/// The venue sends no time with any of this: event time is receive time, and the id is made of it,
/// the session, the state and what it is about.
class FeedHealth {
public:
    FeedHealth() = default;
    /// Of a venue that sends one kind of data: all that is told is about it, and whoever waits for
    /// another kind need not care.
    explicit FeedHealth(Kind only) noexcept : only_(only) {}

    /// Gives a frame to the decoder's `on_data` or `on_response`, or tells what it says of the
    /// connection.
    template <class OnData, class OnResponse>
    [[nodiscard]] Status route(const Frame& frame, Emitter& out, OnData&& on_data,
                               OnResponse&& on_response) {
        if (frame.type == FrameType::data) [[likely]]
            return on_data();
        if (frame.type == FrameType::response) return on_response();
        on_change(frame, out);
        return {};
    }
    /// A frame of type opened, subscribed, closed or gap; its bytes, if any, are the reason.
    void on_change(const Frame& frame, Emitter& out);
    /// The venue refused a subscription; without `about`, it concerns all kinds. Over when the
    /// socket is subscribed without it.
    void on_refused(const Frame& frame, std::optional<Kind> about, std::string_view reason,
                    Emitter& out);
    /// A poll brought no data.
    void on_failed_poll(const Frame& frame, Kind about, std::string_view reason, Emitter& out);
    /// True, and told, if a poll was not answered with HTTP 200. `name` is the poll's.
    [[nodiscard]] bool on_bad_status(const Frame& frame, Kind about, std::string_view name,
                                     Emitter& out);
    /// A poll brought data.
    void on_poll(const Frame& frame, Emitter& out) {
        if (!failing_.empty()) [[unlikely]]
            end_failure(frame, out);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(3, refused_);
        io(4, failing_);
        io(5, out_);
        io(6, told_);
        io(7, stale_);
        io(8, denied_);
    }

private:
    enum class Told : std::uint8_t { nothing, up, down };
    using Kinds = std::uint32_t;  ///< bit per kind

    struct Failing {
        std::string channel;
        Kind about = Kind::price;

        template <class Archive>
        void fields(Archive& io) {
            io(1, channel);
            io(2, about);
        }
    };
    void mark_out(std::string_view channel);
    void on_plan(const Frame& frame, Emitter& out);
    void on_subscribed(const Frame& frame, Emitter& out);
    void on_gap(const Frame& frame, Emitter& out);
    /// Of a channel "stale.<kind>" or "refused.<kind>"; false: it is another.
    bool on_topics(const Frame& frame, Emitter& out);
    void tell_down(FeedState state, const Frame& frame, std::string_view reason, Emitter& out);
    void tell_up_if_whole(const Frame& frame, Emitter& out);
    void end_kinds(Kinds kinds, const Frame& frame, std::string_view reason, Emitter& out);
    void end_failure(const Frame& frame, Emitter& out);
    void emit(const Frame& frame, FeedState state, std::optional<Kind> about,
              std::string_view reason, Emitter& out) const;

    std::optional<Kind> only_;
    Told told_ = Told::nothing;
    std::vector<std::string> out_;  ///< channels that are out, or not there yet
    Kinds stale_ = 0;
    Kinds refused_ = 0;             ///< told
    Kinds denied_ = 0;              ///< of those, the ones that stay refused
    std::vector<Failing> failing_;  ///< polls that brought nothing last time
};

}  // namespace spillway::venues
