#pragma once

#include <spillway/batch.hpp>
#include <spillway/feed_frames.hpp>
#include <spillway/fields.hpp>

namespace spillway::report {

/// Whether a live source says that its connections ended because the run does: no failure.
[[nodiscard]] inline bool is_stop(const Event& event, const Batch& batch) {
    const SourceStatusPayload& status = event.source_status;
    const bool down = status.state == FeedState::disconnected || status.state == FeedState::gap;
    return down && event.has(field::source_status::reason) &&
           batch.text(event, status.reason) == stop_reason;
}

}  // namespace spillway::report
