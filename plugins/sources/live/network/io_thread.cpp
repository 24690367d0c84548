#include "io_thread.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace spillway::live {

namespace {

/// How long sockets are not looked at after something arrived. In a quiet market nobody misses the
/// milliseconds, and nearly all of the cost is waking up.
constexpr auto quiet_pause = std::chrono::milliseconds(8);
constexpr auto busy_pause = std::chrono::microseconds(70);
/// The market is busy if handlers are called so often in this window, or were in the one before:
/// from about 2,000 messages a second on.
constexpr auto window = std::chrono::milliseconds(10);
constexpr std::size_t busy_calls = 40;

}  // namespace

IoThread::IoThread() : work_(io_->get_executor()), thread_([this] { run(); }) {}

IoThread::~IoThread() {
    io_->stop();
    thread_.join();
    io_->drop_handlers();
}

void IoThread::run() {
    while (const std::size_t first = io_->run_one()) {
        calls_ += first + io_->poll();
        if (std::exchange(rang_, false)) std::this_thread::sleep_for(pause());
    }
}

std::chrono::microseconds IoThread::pause() {
    const auto now = std::chrono::steady_clock::now();
    const bool busy = calls_ >= busy_calls;
    if (now >= window_ends_) {
        was_busy_ = busy && now < window_ends_ + window;
        calls_ = 0;
        window_ends_ = now + window;
    }
    return busy || was_busy_ ? busy_pause : quiet_pause;
}

void IoThread::ring_later(Arrivals& arrivals) {
    if (std::find(to_ring_.begin(), to_ring_.end(), &arrivals) != to_ring_.end()) return;
    to_ring_.push_back(&arrivals);
    // Behind the handlers of all that is ready.
    if (to_ring_.size() == 1) asio::post(*io_, [this] { ring(); });
}

void IoThread::ring() noexcept {
    rang_ = rang_ || !to_ring_.empty();
    for (Arrivals* const arrivals : to_ring_) arrivals->notify();
    to_ring_.clear();
}

}  // namespace spillway::live
