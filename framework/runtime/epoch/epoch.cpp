#include "runtime/epoch/epoch.hpp"

namespace spillway::runtime {

void Epoch::begin(const EpochInfo& info, State state, bool starts_over) {
    const std::lock_guard lock(mutex_);
    info_ = info;
    state_ = state;
    starts_over_ = starts_over;
    for (StateBuffer& buffer : buffers_) buffer.clear();
    done_.assign(buffers_.size(), false);
    left_ = buffers_.size();
}

void Epoch::part_done(std::size_t part) {
    const std::lock_guard lock(mutex_);
    if (done_[part]) return;
    done_[part] = true;
    --left_;
    // One left is perhaps the store, none the engine thread at its end.
    if (left_ <= 1) changed_.notify_all();
}

bool Epoch::wait_for_others(std::size_t own, std::vector<StateRow>& rows) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return abandoned_ || (left_ == 1 && !done_[own]); });
    if (abandoned_) return false;
    rows.clear();
    for (const StateBuffer& buffer : buffers_) buffer.append_to(rows);
    return true;
}

bool Epoch::over() const {
    const std::lock_guard lock(mutex_);
    return left_ == 0;
}

void Epoch::wait_over() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return left_ == 0 || abandoned_; });
}

void Epoch::abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    changed_.notify_all();
}

}  // namespace spillway::runtime
