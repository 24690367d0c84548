#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/emitter.hpp>
#include <spillway/frame.hpp>
#include <spillway/kind.hpp>
#include <spillway/status.hpp>

namespace spillway::venues {

/// An event `source_status` with an id made of receive time, session, state and what it is about.
/// `instrument`: of one market only; else none.
void emit_status(const Frame& frame, FeedState state, std::optional<Kind> about,
                 std::string_view instrument, std::string_view reason, Emitter& out);

/// Of a gap of `missing_channel`: the venue lacks an instrument that was asked for, and goes on
/// with all others.
void emit_missing(const Frame& frame, Emitter& out);

/// Turns what happens to a venue's connection and polls into `source_status` events, so that the
/// silence of a feed that is broken never looks like a quiet market.
///
///     opened -> connected            subscribed -> resumed
///     closed -> disconnected         gap -> gap, then resumed with the next data of the session
///     a refused subscription, a poll without an answer -> gap about its kind, then resumed when
///     the subscription is made again or the same poll is answered
///     a gap of `missing_channel` -> see emit_missing
///
/// The venue sends no time with any of this: event time is receive time, and the id is made of it,
/// the session, the state and what it is about.
class FeedHealth {
public:
    /// Gives a frame to the decoder's `on_data` or `on_response`, and tells what it says of the
    /// connection. Data that became events ends a gap.
    template <class OnData, class OnResponse>
    [[nodiscard]] Status route(const Frame& frame, Emitter& out, OnData&& on_data,
                               OnResponse&& on_response) {
        if (frame.type == FrameType::data) [[likely]] {
            const std::uint32_t before = out.size();
            Status status = on_data();
            if (status.ok() && out.size() > before) this->on_data(frame, out);
            return status;
        }
        if (frame.type == FrameType::response) return on_response();
        on_change(frame, out);
        return {};
    }
    /// A frame of type opened, subscribed, closed or gap; its bytes, if any, are the reason.
    void on_change(const Frame& frame, Emitter& out);
    /// Before every frame of type data.
    void on_data(const Frame& frame, Emitter& out) {
        if (gap_) [[unlikely]]
            end_gap(frame, out);
    }
    /// The venue refused a subscription; without `about`, it concerns all kinds.
    void on_refused(const Frame& frame, std::optional<Kind> about, std::string_view reason,
                    Emitter& out);
    /// A poll brought no data.
    void on_failed_poll(const Frame& frame, Kind about, std::string_view reason, Emitter& out);
    /// True, and told, if a poll was not answered with HTTP 200. `name` is the poll's.
    [[nodiscard]] bool on_bad_status(const Frame& frame, Kind about, std::string_view name,
                                     Emitter& out);
    /// A poll brought data.
    void on_poll(const Frame& frame, Kind about, Emitter& out) {
        if (!failing_.empty()) [[unlikely]]
            end_failure(frame, about, out);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, gap_);
        io(2, gap_session_);
        io(3, refused_);
        io(4, failing_);
    }

private:
    struct Failing {
        std::string channel;
        Kind about = Kind::price;

        template <class Archive>
        void fields(Archive& io) {
            io(1, channel);
            io(2, about);
        }
    };
    void end_gap(const Frame& frame, Emitter& out);
    void end_failure(const Frame& frame, Kind about, Emitter& out);

    bool gap_ = false;
    std::uint32_t gap_session_ = 0;
    std::uint32_t refused_ = 0;  ///< bit per kind; `all_kinds` stands for a refusal about no kind
    std::vector<Failing> failing_;  ///< polls that brought nothing last time
};

}  // namespace spillway::venues
