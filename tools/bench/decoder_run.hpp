#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include <spillway/node.hpp>
#include <spillway/pod_vector.hpp>

#include "runtime/run/assembly.hpp"

namespace spillway::bench {

/// A venue's decoder by itself, from its own library, given recorded messages by hand in steps as
/// the engine gives them. Used by one thread.
class DecoderRun {
public:
    [[nodiscard]] static tl::expected<std::unique_ptr<DecoderRun>, std::string> make(
        std::string_view venue, bool needs_ids);

    /// Gives a reply to a poll. False: refused.
    bool respond(std::string_view channel, const std::string& body);
    /// Gives one message. The events that came of it; empty if it was refused.
    [[nodiscard]] BatchRef decode(const std::string& message);
    /// What `step` gives: these messages, again and again up to 256.
    void load(const std::vector<std::string>& messages);
    /// Messages of a step.
    [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
    /// Their bytes, as the yardstick gets them.
    [[nodiscard]] std::string_view message(std::size_t i) const noexcept {
        return frames_[static_cast<std::uint32_t>(i)].bytes;
    }
    /// Answers how many events came; none of the messages may be refused.
    std::size_t step();

private:
    [[nodiscard]] BatchRef run();
    void put(const std::vector<std::string>& messages);

    runtime::Assembled assembled_;
    Node* node_ = nullptr;
    VenueId venue_{};
    BlockRef block_;
    PodVector<Frame> frames_;
    Emitter events_, errors_;
    Books books_;
    std::uint64_t sequence_ = 0;
};

}  // namespace spillway::bench
