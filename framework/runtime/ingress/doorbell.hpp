#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include <spillway/source.hpp>

namespace spillway::runtime {

/// Where the engine thread of a live pipeline waits for the next arrival.
class Doorbell final : public Arrivals {
public:
    void notify() noexcept override {
        {
            const std::lock_guard lock(mutex_);
            rung_ = true;
        }
        changed_.notify_one();
    }
    /// Until it rings, or for so many nanoseconds; at once if it rang since the last wait.
    void wait(std::int64_t longest) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::nanoseconds(longest), [this] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool rung_ = false;  // guarded by mutex_
};

}  // namespace spillway::runtime
