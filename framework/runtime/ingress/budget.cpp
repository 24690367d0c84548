#include "runtime/ingress/budget.hpp"

namespace spillway::runtime {

Ticket* Budget::take(std::uint32_t records) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return available(); });
    if (free_.empty()) free_.push_back(&tickets_.emplace_back(*this));
    StepTicket* ticket = free_.back();
    free_.pop_back();
    ticket->records = records;
    ticket->acquire();
    steps_.fetch_add(1, std::memory_order_acq_rel);
    records_.fetch_add(records, std::memory_order_acq_rel);
    return ticket;
}

void Budget::give_back(StepTicket* ticket) noexcept {
    // Notified under the lock: the budget may be destroyed as soon as a waiter sees it empty.
    const std::lock_guard lock(mutex_);
    steps_.fetch_sub(1, std::memory_order_acq_rel);
    records_.fetch_sub(ticket->records, std::memory_order_acq_rel);
    free_.push_back(ticket);
    room_.notify_all();
}

void Budget::wait_empty() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return steps_.load(std::memory_order_acquire) == 0; });
}

}  // namespace spillway::runtime
