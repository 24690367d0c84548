#include "runtime/graph/sink_queue.hpp"

#include "runtime/ingress/wall_clock.hpp"

namespace spillway::runtime {

SinkQueue::SinkQueue(Sink& sink, Setup setup)
    : sink_(sink), setup_(std::move(setup)), id_(setup_.sink.id) {}

SinkQueue::~SinkQueue() {
    if (thread_.joinable()) static_cast<void>(close());
}

Status SinkQueue::open() {
    std::future<Status> opened = opened_.get_future();
    thread_ = std::thread([this] { work(); });
    return opened.get();
}

void SinkQueue::push(const Packet& packet, const StepInfo& step) {
    const std::uint32_t count = packet.count();
    if (count == 0 && step.barrier == 0) return;
    Item item;
    if (count > 0) {
        item.batch = packet.batch;
        item.all = packet.all;
        if (!packet.all) {
            item.rows.resize_uninitialised(count);
            std::memcpy(item.rows.data(), packet.rows.data(), count * sizeof(std::uint32_t));
        }
    }
    item.barrier = step.barrier;
    item.wall = step.wall;
    bool notify = false;
    {
        const std::lock_guard lock(mutex_);
        books_.in += count;
        queued_rows_ += count;
        queue_.push_back(std::move(item));
        if (setup_.when_full == WhenFull::drop_oldest) shed();
        if (setup_.alerting || step.barrier != 0 || queued_rows_ >= rows_per_wake ||
            setup_.hungry->load(std::memory_order_acquire)) {
            notify = !woken_;
            woken_ = true;
        }
        publish();
    }
    if (notify) ready_.notify_one();
}

/// Drops the oldest rows over the capacity; barriers stay.
void SinkQueue::shed() {
    for (Item& item : queue_) {
        if (queued_rows_ <= setup_.capacity) return;
        const std::uint32_t rows = item.selected().count;
        queued_rows_ -= rows;
        books_.dropped += rows;
        item.batch = {};
    }
}

void SinkQueue::publish() {
    counters_->publish(books_);
    counters_->queued.set(queued_rows_);
    counters_->processed.set(processed_);
}

void SinkQueue::wake() {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty() || woken_) return;
        woken_ = true;
    }
    ready_.notify_one();
}

Status SinkQueue::close() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        woken_ = true;
    }
    ready_.notify_one();
    if (thread_.joinable()) thread_.join();
    return failure_;
}

void SinkQueue::work() {
    Status opened = sink_.open(setup_.sink);
    const bool usable = opened.ok();
    if (!usable) failure_ = opened;
    opened_.set_value(std::move(opened));
    if (!usable) return;
    std::deque<Item> taken;
    bool closing = false;
    while (!closing || !taken.empty()) {
        for (Item& item : taken) handle(item);
        const bool handled = !taken.empty();
        taken.clear();
        std::unique_lock lock(mutex_);
        if (queue_.empty()) {
            woken_ = closing_;
            if (handled && failure_.ok()) {
                lock.unlock();
                if (Status status = sink_.idle(); !status.ok()) {
                    failure_ = status;
                    setup_.failed(id_, failure_);
                }
                lock.lock();
            }
        }
        ready_.wait(lock, [this] { return woken_; });
        std::swap(taken, queue_);
        woken_ = closing_;
        closing = closing_;
    }
    Status closed = sink_.close();
    if (failure_.ok()) failure_ = std::move(closed);
}

void SinkQueue::handle(Item& item) {
    const Rows rows = item.selected();
    if (rows.count > 0) {
        if (failure_.ok()) {
            latency_.record(static_cast<std::uint64_t>(
                                std::max<std::int64_t>(0, steady_nanoseconds() - item.wall)),
                            rows.count);
            failure_ = sink_.write({*item.batch, rows});
            if (!failure_.ok()) setup_.failed(id_, failure_);
        }
        const std::lock_guard lock(mutex_);
        queued_rows_ -= rows.count;
        (failure_.ok() ? processed_ : books_.dropped) += rows.count;
        publish();
    }
    item.batch = {};
    if (item.barrier == 0 || !failure_.ok()) return;
    failure_ = sink_.flush(item.barrier);
    if (failure_.ok()) {
        durable_epoch_.store(item.barrier, std::memory_order_release);
    } else {
        setup_.failed(id_, failure_);
    }
}

}  // namespace spillway::runtime
