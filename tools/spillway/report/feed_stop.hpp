#pragma once

#include <spillway/batch.hpp>
#include <spillway/fields.hpp>

namespace spillway::report {

/// Whether a live source says that its connections ended because the run does: no failure.
[[nodiscard]] inline bool is_stop(const Event& event, const Batch& batch) {
    const SourceStatusPayload& status = event.source_status;
    return status.state == FeedState::disconnected && event.has(field::source_status::reason) &&
           batch.text(event, status.reason) == "stopped";
}

}  // namespace spillway::report
