#include <algorithm>
#include <limits>

#include "runtime/ingress/wall_clock.hpp"
#include "runtime/run/session.hpp"

// How a session comes to its end, and what of it lives on in the next one.

namespace spillway::runtime {

/// When `--for` ends the run.
std::int64_t Session::leave_by() const noexcept {
    return settings_.run_for > 0 ? holdings_.began_at + settings_.run_for
                                 : std::numeric_limits<std::int64_t>::max();
}

void Session::stop() noexcept {
    {
        const std::lock_guard lock(staying_mutex_);
        staying_.clear();
    }
    stop_.store(true);
    holdings_.doorbell.notify();
}

void Session::stop_for(const PipelineSpec& next) {
    std::vector<std::string> staying;
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
        const NodeSpec& node = spec_.nodes[i];
        if (node.category != Category::source) continue;
        if (goes_on_in(next, node, assembled_.entries[i].has_ids)) staying.push_back(node.id);
    }
    {
        const std::lock_guard lock(staying_mutex_);
        staying_ = std::move(staying);
    }
    stop_.store(true);
    holdings_.doorbell.notify();
}

/// Recorded input is left where it is. Live sources close their connections, and what they have
/// to say about that is still handled.
void Session::begin_stop() {
    constexpr std::int64_t patience = 5 * second;
    stopping_ = true;
    more_is_ready_ = true;  // nobody rings for sources that stay open
    if (ingress_->live() && failure().status.ok()) {
        const std::lock_guard lock(staying_mutex_);
        ingress_->finish(staying_);
        leave_at_ = steady_nanoseconds() + patience;
    } else {
        ingress_->stop();
    }
}

/// Only behind the last epoch, at which whoever takes them goes on.
void Session::hand_over_sources() {
    if (!failure().status.ok()) return;
    for (const auto& feed : ingress_->feeds()) {
        if (!feed->left_open()) continue;
        const auto node = std::find_if(spec_.nodes.begin(), spec_.nodes.end(),
                                       [&](const NodeSpec& one) { return one.id == feed->id(); });
        const Assembled::Entry& entry =
            assembled_.entries[static_cast<std::size_t>(node - spec_.nodes.begin())];
        holdings_.sources.push_back({*node, entry.has_ids, entry.venue, entry.plugins.front()});
    }
}

}  // namespace spillway::runtime
