#include "io_thread.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace spillway::live {

namespace {

/// Sockets are looked at again only after this while one batch follows the other within `dense`.
/// A message after a pause is never kept waiting.
constexpr auto gathering_time = std::chrono::microseconds(50);
constexpr auto dense = std::chrono::microseconds(250);

}  // namespace

IoThread::IoThread() : work_(io_->get_executor()), thread_([this] { run(); }) {}

IoThread::~IoThread() {
    io_->stop();
    thread_.join();
    io_->drop_handlers();
}

void IoThread::run() {
    while (io_->run_one() > 0) {
        io_->poll();
        gather();
    }
}

void IoThread::gather() {
    const auto before = std::exchange(idle_since_, std::chrono::steady_clock::now());
    if (idle_since_ - before < dense) std::this_thread::sleep_for(gathering_time);
}

void IoThread::ring_later(Arrivals& arrivals) {
    if (std::find(to_ring_.begin(), to_ring_.end(), &arrivals) != to_ring_.end()) return;
    to_ring_.push_back(&arrivals);
    // Behind the handlers of all that is ready.
    if (to_ring_.size() == 1) asio::post(*io_, [this] { ring(); });
}

void IoThread::ring() noexcept {
    for (Arrivals* const arrivals : to_ring_) arrivals->notify();
    to_ring_.clear();
}

}  // namespace spillway::live
