#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include <spillway/event.hpp>

namespace spillway {

/// Raw input bytes, reference-counted, with at least 64 readable bytes after the end so that
/// parsers may read past it. Immutable once frames point into it.
struct Block {
    std::atomic<std::uint32_t> references;
    std::size_t capacity;
    std::byte* data;
};

[[nodiscard]] Block* block_create(std::size_t capacity) noexcept;
void block_release(Block* block) noexcept;

/// Shared ownership of a Block.
class BlockRef {  // NOLINT(cppcoreguidelines-special-member-functions): one operator= for both
public:
    BlockRef() noexcept = default;
    explicit BlockRef(Block* adopted) noexcept : block_(adopted) {}
    BlockRef(const BlockRef& other) noexcept : block_(other.block_) {
        if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
    }
    BlockRef(BlockRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    BlockRef& operator=(BlockRef other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~BlockRef() {
        if (block_ != nullptr) block_release(block_);
    }
    [[nodiscard]] Block* get() const noexcept { return block_; }
    [[nodiscard]] explicit operator bool() const noexcept { return block_ != nullptr; }

private:
    Block* block_ = nullptr;
};

/// Told when the last batch of a step is gone: gives its budget back to the ingress.
class Ticket {
public:
    virtual void acquire() noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~Ticket() = default;
};

/// Events plus the arena that holds their variable parts. Reference-counted and pooled; allocated
/// and freed only inside libspillway. One owner may write while it holds the only reference;
/// published batches are immutable. Views (`blob`, `text`) live as long as the batch.
class Batch {
public:
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] Event& operator[](std::uint32_t index) noexcept { return events_[index]; }
    [[nodiscard]] const Event& operator[](std::uint32_t index) const noexcept {
        return events_[index];
    }
    [[nodiscard]] std::span<const Event> events() const noexcept { return {events_, size_}; }
    /// Union of the kinds of all events.
    [[nodiscard]] KindSet kinds() const noexcept { return kinds_; }

    /// The event's variable part; 8-byte aligned.
    [[nodiscard]] std::span<const std::byte> blob(const Event& event) const noexcept {
        return {arena_ + event.blob_offset, event.blob_length};
    }
    /// `count` objects of type T at `offset` of the blob; null when the blob is too short.
    template <class T>
    [[nodiscard]] const T* blob_as(const Event& event, std::size_t offset = 0,
                                   std::size_t count = 1) const noexcept {
        if (offset + sizeof(T) * count > event.blob_length) return nullptr;
        return reinterpret_cast<const T*>(arena_ + event.blob_offset + offset);
    }
    [[nodiscard]] std::string_view text(const Event& event, BlobRange range) const noexcept {
        if (range.offset + std::size_t{range.length} > event.blob_length) return {};
        return {reinterpret_cast<const char*>(arena_) + event.blob_offset + range.offset,
                range.length};
    }
    /// The venue's bytes of a liquidation, from the input block or the blob.
    [[nodiscard]] std::string_view raw(const Event& event) const noexcept {
        const BlobRange range = event.liquidation.raw;
        if ((event.flags & flag_raw_in_block) == 0) return text(event, range);
        if (!block_) return {};
        return {reinterpret_cast<const char*>(block_.get()->data) + range.offset, range.length};
    }

    // ---- writing, by the sole owner ----

    /// Appends an event with everything zero but the kind.
    Event& append(Kind kind) noexcept {
        if (size_ == capacity_) grow();
        Event& event = events_[size_++];
        std::memset(static_cast<void*>(&event), 0, sizeof(Event));
        event.kind_and_presence = static_cast<std::uint32_t>(kind);
        kinds_.add(kind);
        return event;
    }
    /// Appends a copy of `event` with its blob (and raw bytes) from another batch.
    Event& append_copy(const Event& event, const Batch& from) noexcept;
    /// Extends the blob of the newest event by `size` zeroed bytes (8-byte aligned start) and
    /// returns them; earlier pointers into the arena become invalid.
    std::byte* extend_blob(Event& event, std::size_t size) noexcept;
    /// Appends a text to the newest event's blob.
    BlobRange add_text(Event& event, std::string_view text) noexcept;
    /// Drops everything after the first `size` events: undoes a failed record.
    void truncate(std::uint32_t size) noexcept { size_ = size; }
    void set_block(BlockRef block) noexcept { block_ = std::move(block); }
    [[nodiscard]] const BlockRef& block() const noexcept { return block_; }
    void set_ticket(Ticket* ticket) noexcept {
        if (ticket != nullptr) ticket->acquire();
        ticket_ = ticket;
    }
    [[nodiscard]] Ticket* ticket() const noexcept { return ticket_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return size_ * sizeof(Event) + arena_size_; }

private:
    friend class BatchRef;
    friend struct BatchPool;
    Batch() noexcept = default;
    ~Batch() = default;
    void grow() noexcept;

    Event* events_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
    std::byte* arena_ = nullptr;
    std::uint32_t arena_size_ = 0;
    std::uint32_t arena_capacity_ = 0;
    KindSet kinds_;
    std::atomic<std::uint32_t> references_{1};
    BlockRef block_;
    Ticket* ticket_ = nullptr;
};

void batch_release(Batch* batch) noexcept;
[[nodiscard]] Batch* batch_create() noexcept;

/// Shared ownership of a Batch. Thread-safe counting.
class BatchRef {  // NOLINT(cppcoreguidelines-special-member-functions): one operator= for both
public:
    BatchRef() noexcept = default;
    /// A fresh, empty, writable batch from the pool.
    [[nodiscard]] static BatchRef create() noexcept { return BatchRef(batch_create()); }
    explicit BatchRef(Batch* adopted) noexcept : batch_(adopted) {}
    BatchRef(const BatchRef& other) noexcept : batch_(other.batch_) {
        if (batch_ != nullptr) batch_->references_.fetch_add(1, std::memory_order_relaxed);
    }
    BatchRef(BatchRef&& other) noexcept : batch_(std::exchange(other.batch_, nullptr)) {}
    BatchRef& operator=(BatchRef other) noexcept {
        std::swap(batch_, other.batch_);
        return *this;
    }
    ~BatchRef() {
        if (batch_ != nullptr && batch_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            batch_release(batch_);
        }
    }
    [[nodiscard]] Batch* get() const noexcept { return batch_; }
    [[nodiscard]] Batch* operator->() const noexcept { return batch_; }
    [[nodiscard]] Batch& operator*() const noexcept { return *batch_; }
    [[nodiscard]] explicit operator bool() const noexcept { return batch_ != nullptr; }
    /// True when nobody else can see the batch: it may be changed in place.
    [[nodiscard]] bool unique() const noexcept {
        return batch_->references_.load(std::memory_order_acquire) == 1;
    }

private:
    Batch* batch_ = nullptr;
};

/// The selected events of a batch: all of them, or those at ascending `index`es.
struct Rows {
    const std::uint32_t* index = nullptr;  ///< null: every event
    std::uint32_t count = 0;

    [[nodiscard]] std::uint32_t operator[](std::uint32_t k) const noexcept {
        return index != nullptr ? index[k] : k;
    }
};

}  // namespace spillway
