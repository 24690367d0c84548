#pragma once

#include <atomic>
#include <cstdint>

#include <spillway/node.hpp>

namespace spillway::runtime {

/// A counter with one writing thread and any number of readers: no lock, no read-modify-write.
class Counter {
public:
    void add(std::uint64_t amount) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t get() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// The books of a node as other threads may read them while it runs.
struct NodeCounters {
    Counter in, filtered, duplicate, late, dropped, dead_lettered, emitted, steps;
    Counter processed, queued;  ///< of sinks, counted where rows are handed over

    void publish(const Books& books) noexcept {
        in.set(books.in);
        filtered.set(books.filtered);
        duplicate.set(books.duplicate);
        late.set(books.late);
        dropped.set(books.dropped);
        dead_lettered.set(books.dead_lettered);
    }
    [[nodiscard]] Books books() const noexcept {
        Books books;
        books.in = in.get();
        books.filtered = filtered.get();
        books.duplicate = duplicate.get();
        books.late = late.get();
        books.dropped = dropped.get();
        books.dead_lettered = dead_lettered.get();
        return books;
    }
};

/// Per edge: emitted = delivered + dropped + queued.
struct EdgeCounters {
    Counter emitted, delivered, dropped;
    [[nodiscard]] std::uint64_t queued() const noexcept {
        return emitted.get() - delivered.get() - dropped.get();
    }
};

}  // namespace spillway::runtime
