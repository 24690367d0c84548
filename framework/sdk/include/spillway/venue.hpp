#pragma once

#include <cstdint>
#include <span>

#include <spillway/detail/whole_state.hpp>
#include <spillway/node.hpp>

namespace spillway {

/// The decoder of a venue: a deterministic state machine from frames to events. All that it may
/// know arrives as a frame; it does no I/O. One object decodes one source node. The author writes
///
///     static constexpr About about = {...};
///     static constexpr auto option_list = spillway::no_options();
///     Status on(const Frame& frame, Emitter& out);
///
/// `out.batch().block()` is the frame's input block: raw bytes are referred to, not copied
/// (`raw_range`). A returned error is a bad frame: what it emitted is taken back, the bytes become
/// a dead letter. Events carry the venue's event time; receive time and order are set by `out`.
/// State between frames (contracts, deltas) that is to outlive a restart, or a reload, after which
/// connections go on, is named in
///
///     template <class Archive> void fields(Archive& io);      // state.hpp
template <class Self>
class Venue : public Node {
public:
    static constexpr Category category = Category::venue;

    Status configure(std::span<const OptionValue> values) noexcept override {
        return detail::configure(self(), values);
    }
    Status start(const NodeSetup& setup) noexcept override {
        setup_ = setup;
        return detail::guarded([&]() -> Status {
            if constexpr (requires { self().begin(setup_); }) return self().begin(setup_);
            return {};
        });
    }
    Status step(StepInput& in, StepOutput& out) noexcept override {
        std::size_t k = 0;
        Status status = detail::guarded([&]() -> Status {
            Emitter& events = out.ports[0];
            for (k = 0; k < in.frames.size(); ++k) {
                const Frame& frame = in.frames[k];
                const std::uint32_t before = events.size();
                events.begin(OrderKey{frame.receive_time, frame.sequence});
                const Status answer = self().on(frame, events);
                if (answer.ok()) [[likely]]
                    continue;
                events.rollback(before);
                if (Status fatal = detail::refuse(setup_, out, frame, answer); !fatal.ok()) {
                    return fatal;
                }
            }
            return {};
        });
        if (!status.ok() && k < in.frames.size()) {
            out.failed_at = {in.frames[k].receive_time, in.frames[k].sequence};
        }
        return status;
    }
    Status snapshot(StateSink& sink, bool all) noexcept override {
        return state_.snapshot(self(), sink, all);
    }
    Status restore(std::string_view key, std::string_view, std::uint32_t version,
                   std::span<const std::byte> bytes) noexcept override {
        return state_.restore(self(), key, version, bytes);
    }

protected:
    [[nodiscard]] const NodeSetup& setup() const noexcept { return setup_; }

    /// The range of `bytes`, which lie in the input block of `out`.
    static BlobRange raw_range(Emitter& out, std::string_view bytes) noexcept {
        const auto* start = reinterpret_cast<const char*>(out.batch().block().get()->data);
        return {static_cast<std::uint32_t>(bytes.data() - start),
                static_cast<std::uint32_t>(bytes.size())};
    }

private:
    [[nodiscard]] Self& self() noexcept { return static_cast<Self&>(*this); }
    NodeSetup setup_;
    detail::WholeState<Self> state_;
};

}  // namespace spillway
