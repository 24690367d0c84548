#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway {
namespace {

constexpr std::uint32_t first_capacity = 256;
constexpr std::size_t kept_per_pool = 512;
/// Batches that grew beyond this give their memory back instead of keeping it in the pool.
constexpr std::size_t largest_kept_bytes = 1U << 20U;

[[noreturn]] void out_of_memory(std::size_t bytes) noexcept {
    std::fprintf(stderr, "spillway: out of memory (asked for %zu bytes)\n", bytes);
    std::abort();
}

constexpr std::uint32_t aligned(std::size_t size) noexcept {
    return static_cast<std::uint32_t>((size + 7U) & ~std::size_t{7U});
}

}  // namespace

// The memory of batches and blocks is managed here, so that nobody else does it.
// NOLINTBEGIN(cppcoreguidelines-no-malloc)

void* pod_reallocate(void* memory, std::size_t bytes) noexcept {
    void* moved = std::realloc(memory, bytes);
    if (moved == nullptr && bytes > 0) out_of_memory(bytes);
    return moved;
}

void pod_free(void* memory) noexcept { std::free(memory); }

namespace {

/// Input blocks come and go by the thousand a second. Those of a usual size are kept: fresh memory
/// of that size would come from the kernel page by page, each time anew.
class BlockPool {
public:
    BlockPool() = default;
    BlockPool(const BlockPool&) = delete;
    BlockPool& operator=(const BlockPool&) = delete;
    ~BlockPool() {
        for (Block* block : free_) std::free(block);
    }
    Block* take(std::size_t capacity) noexcept {
        const std::lock_guard lock(mutex_);
        if (free_.empty() || free_.back()->capacity != capacity) return nullptr;
        Block* block = free_.back();
        free_.pop_back();
        return block;
    }
    bool keep(Block* block) noexcept {
        const std::lock_guard lock(mutex_);
        if (free_.size() == kept || block->capacity > largest) return false;
        free_.push_back(block);
        return true;
    }

private:
    static constexpr std::size_t kept = 64;
    static constexpr std::size_t largest = 512U << 10U;
    std::mutex mutex_;
    std::vector<Block*> free_;
};

BlockPool& block_pool() {
    static BlockPool pool;
    return pool;
}

}  // namespace

Block* block_create(std::size_t capacity) noexcept {
    if (Block* kept = block_pool().take(capacity); kept != nullptr) {
        kept->references.store(1, std::memory_order_relaxed);
        return kept;
    }
    void* memory = std::malloc(sizeof(Block) + capacity + 64);
    if (memory == nullptr) out_of_memory(capacity);
    auto* data = static_cast<std::byte*>(memory) + sizeof(Block);
    std::memset(data + capacity, 0, 64);
    return new (memory) Block{1, capacity, data};
}

void block_release(Block* block) noexcept {
    if (block->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (block_pool().keep(block)) return;
    block->~Block();
    std::free(block);
}

/// Free batches: a small list per thread, so that the usual case takes no lock.
struct BatchPool {
    BatchPool() = default;
    BatchPool(const BatchPool&) = delete;
    BatchPool& operator=(const BatchPool&) = delete;
    ~BatchPool() {
        for (Batch* batch : free) destroy(batch);
    }
    static Batch* make() noexcept {
        static_assert(alignof(Batch) <= alignof(std::max_align_t));
        auto* const batch = new (std::nothrow) Batch();
        if (batch == nullptr) out_of_memory(sizeof(Batch));
        return batch;
    }
    static void destroy(Batch* batch) noexcept {
        std::free(batch->events_);
        std::free(batch->arena_);
        delete batch;
    }
    static void clear(Batch* batch) noexcept {
        batch->size_ = 0;
        batch->arena_size_ = 0;
        batch->kinds_ = {};
        batch->block_ = {};
    }
    static bool worth_keeping(const Batch* batch) noexcept {
        return batch->capacity_ * sizeof(Event) + batch->arena_capacity_ <= largest_kept_bytes;
    }
    static void revive(Batch* batch) noexcept {
        batch->references_.store(1, std::memory_order_relaxed);
    }

    std::vector<Batch*> free;
};

// NOLINTEND(cppcoreguidelines-no-malloc)

namespace {

/// Batches move from the threads that release them to those that create them through this list.
struct SharedPool {
    std::mutex mutex;
    BatchPool pool;
};
SharedPool& shared_pool() {
    static SharedPool pool;
    return pool;
}
BatchPool& local_pool() {
    thread_local BatchPool pool;
    return pool;
}
constexpr std::size_t moved_at_once = 32;

}  // namespace

Batch* batch_create() noexcept {
    auto& local = local_pool().free;
    if (local.empty()) {
        SharedPool& shared = shared_pool();
        const std::lock_guard lock(shared.mutex);
        const std::size_t count = std::min(moved_at_once, shared.pool.free.size());
        local.insert(local.end(), shared.pool.free.end() - static_cast<std::ptrdiff_t>(count),
                     shared.pool.free.end());
        shared.pool.free.resize(shared.pool.free.size() - count);
    }
    if (local.empty()) return BatchPool::make();
    Batch* batch = local.back();
    local.pop_back();
    BatchPool::revive(batch);
    return batch;
}

void batch_release(Batch* batch) noexcept {
    Ticket* ticket = batch->ticket();
    batch->set_ticket(nullptr);
    BatchPool::clear(batch);
    if (!BatchPool::worth_keeping(batch)) {
        BatchPool::destroy(batch);
    } else {
        auto& local = local_pool().free;
        local.push_back(batch);
        if (local.size() >= 2 * moved_at_once) {
            SharedPool& shared = shared_pool();
            const std::lock_guard lock(shared.mutex);
            while (local.size() > moved_at_once) {
                if (shared.pool.free.size() < kept_per_pool) {
                    shared.pool.free.push_back(local.back());
                } else {
                    BatchPool::destroy(local.back());
                }
                local.pop_back();
            }
        }
    }
    if (ticket != nullptr) ticket->release();
}

void Batch::grow() noexcept {
    capacity_ = capacity_ == 0 ? first_capacity : capacity_ * 2;
    events_ = static_cast<Event*>(pod_reallocate(events_, capacity_ * sizeof(Event)));
}

std::byte* Batch::extend_blob(Event& event, std::size_t size) noexcept {
    if (event.blob_length == 0) event.blob_offset = arena_size_;
    const std::uint32_t start = event.blob_offset + aligned(event.blob_length);
    const std::uint32_t end = start + aligned(size);
    if (end > arena_capacity_) {
        arena_capacity_ = std::max<std::uint32_t>(end * 2, 4096);
        arena_ = static_cast<std::byte*>(pod_reallocate(arena_, arena_capacity_));
    }
    if (end > arena_size_) {
        std::memset(arena_ + arena_size_, 0, end - arena_size_);
        arena_size_ = end;
    }
    event.blob_length = start + static_cast<std::uint32_t>(size) - event.blob_offset;
    return arena_ + start;
}

BlobRange Batch::add_text(Event& event, std::string_view text) noexcept {
    if (text.empty()) return {};
    std::byte* place = extend_blob(event, text.size());
    std::memcpy(place, text.data(), text.size());
    return {event.blob_length - static_cast<std::uint32_t>(text.size()),
            static_cast<std::uint32_t>(text.size())};
}

Event& Batch::append_copy(const Event& event, const Batch& from) noexcept {
    if (size_ == capacity_) grow();
    Event& copy = events_[size_++];
    std::memcpy(static_cast<void*>(&copy), &event, sizeof(Event));
    kinds_.add(event.kind());
    if (event.blob_length > 0) {
        const std::span<const std::byte> blob = from.blob(event);
        copy.blob_length = 0;
        std::memcpy(extend_blob(copy, blob.size()), blob.data(), blob.size());
    }
    if (copy.kind() == Kind::liquidation && (copy.flags & flag_raw_in_block) != 0 &&
        block_.get() != from.block_.get()) {
        const std::string_view raw = from.raw(event);
        copy.flags = static_cast<std::uint16_t>(copy.flags & ~unsigned{flag_raw_in_block});
        copy.liquidation.raw = add_text(copy, raw);
    }
    return copy;
}

}  // namespace spillway
