#include "io_thread.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <sys/prctl.h>

namespace spillway::live {

namespace {

/// From one look at the sockets to the next, as long as there is something. In a quiet market
/// nobody misses the milliseconds, and nearly all of the cost is waking up; they end with the
/// quiet: twice the rate, a quarter of them. Periods and not pauses: where waking or reading takes
/// longer, the pause is shorter, and latency stays what it was.
constexpr auto longest_period = std::chrono::microseconds(8000);
constexpr auto shortest_period = std::chrono::microseconds(190);
/// However late it is: the engine is woken for more than one message.
constexpr auto shortest_pause = std::chrono::microseconds(25);
/// Calls of handlers a second: about 1,700 messages.
constexpr double quiet_rate = 2500;
/// Over which the rate is taken.
constexpr auto window = std::chrono::milliseconds(10);

}  // namespace

IoThread::IoThread() : work_(io_->get_executor()), thread_([this] { run(); }) {}

IoThread::~IoThread() {
    io_->stop();
    thread_.join();
    io_->drop_handlers();
}

void IoThread::run() {
    // Pauses end in time: by default the system may add 50 us.
    static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1UL));
    while (const std::size_t first = io_->run_one()) {
        calls_ += first + io_->poll();
        if (!std::exchange(rang_, false)) continue;
        const auto now = std::chrono::steady_clock::now();
        look_at_ = std::max(look_at_ + period(now), now + shortest_pause);
        std::this_thread::sleep_until(look_at_);
    }
}

std::chrono::microseconds IoThread::period(std::chrono::steady_clock::time_point now) {
    const std::chrono::duration<double> passed =
        std::max<std::chrono::nanoseconds>(now - since_, window);
    const double rate = static_cast<double>(calls_) / passed.count();
    if (now - since_ >= window) {
        rate_ = rate;
        calls_ = 0;
        since_ = now;
    }
    const double busier = std::max(rate, rate_) / quiet_rate;
    if (busier <= 1) return longest_period;
    const auto period =
        std::chrono::duration_cast<std::chrono::microseconds>(longest_period / (busier * busier));
    return std::max(period, shortest_period);
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
