#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include <spillway/batch.hpp>

namespace spillway::runtime {

/// What may be in flight between the ingress and the sinks. Small enough to stay in cache: a
/// larger one costs speed. Taken per step, given back when the last batch of the step is gone.
class Budget {
public:
    struct Limits {
        std::uint32_t steps = 64;
        std::uint64_t records = std::uint64_t{64} << 10U;
    };
    explicit Budget(Limits limits) : limits_(limits) {}

    /// True if a step could be taken now.
    [[nodiscard]] bool available() const noexcept {
        return steps_.load(std::memory_order_acquire) < limits_.steps &&
               records_.load(std::memory_order_acquire) < limits_.records;
    }
    /// Takes a step's share, waiting for room; at least one step is always let through. The
    /// answer is held by the caller until the step was handed over.
    [[nodiscard]] Ticket* take(std::uint32_t records);
    /// Waits until nothing is in flight.
    void wait_empty();

private:
    class StepTicket final : public Ticket {
    public:
        explicit StepTicket(Budget& budget) : budget_(budget) {}
        void acquire() noexcept override { references_.fetch_add(1, std::memory_order_relaxed); }
        void release() noexcept override {
            if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) budget_.give_back(this);
        }
        std::uint32_t records = 0;

    private:
        Budget& budget_;
        std::atomic<std::uint32_t> references_{0};
    };
    void give_back(StepTicket* ticket) noexcept;

    Limits limits_;
    std::atomic<std::uint32_t> steps_{0};
    std::atomic<std::uint64_t> records_{0};
    std::mutex mutex_;
    std::condition_variable room_;
    std::deque<StepTicket> tickets_;  ///< all there are; guarded by mutex_
    std::vector<StepTicket*> free_;   ///< guarded by mutex_
};

}  // namespace spillway::runtime
