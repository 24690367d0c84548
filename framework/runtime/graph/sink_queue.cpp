#include "runtime/graph/sink_queue.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "runtime/ingress/wall_clock.hpp"

namespace spillway::runtime {
namespace {

/// The selected events, in a batch that belongs to no step.
BatchRef copy_of(const Batch& batch, Rows rows) {
    BatchRef copy = BatchRef::create();
    for (std::uint32_t k = 0; k < rows.count; ++k) copy->append_copy(batch[rows[k]], batch);
    return copy;
}

}  // namespace

SinkQueue::SinkQueue(Sink& sink, Setup setup)
    : sink_(sink), setup_(std::move(setup)), id_(setup_.sink.id) {}

SinkQueue::~SinkQueue() {
    if (thread_.joinable()) static_cast<void>(close());
}

Status SinkQueue::open(Checkpoint* loaded, bool fresh) {
    loaded_ = loaded;
    setup_.sink.fresh = fresh;
    std::future<Status> opened = opened_.get_future();
    thread_ = std::thread([this] { work(); });
    return opened.get();
}

void SinkQueue::push(const Packet& packet, const StepInfo& step) {
    const std::uint32_t count = packet.count();
    if (count == 0 && step.epoch == nullptr) return;
    Item item;
    if (count > 0 && setup_.when_full == WhenFull::drop_oldest) {
        item.batch = copy_of(*packet.batch, packet.selected());
    } else if (count > 0) {
        item.batch = packet.batch;
        item.all = packet.all;
        if (!packet.all) {
            item.rows.resize_uninitialised(count);
            std::memcpy(item.rows.data(), packet.rows.data(), count * sizeof(std::uint32_t));
        }
    }
    item.epoch = step.epoch;
    item.wall = step.wall;
    bool notify = false;
    {
        const std::lock_guard lock(mutex_);
        books_.in += count;
        queued_rows_ += count;
        queue_.push_back(std::move(item));
        if (setup_.when_full == WhenFull::drop_oldest) shed();
        if (setup_.at_once || step.epoch != nullptr || queued_rows_ >= rows_per_wake ||
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
    for (auto item = queue_.begin(); queued_rows_ > setup_.capacity && item != queue_.end();) {
        const std::uint32_t rows = item->selected().count;
        queued_rows_ -= rows;
        books_.dropped += rows;
        shed_.add(rows);
        behind_.store(true, std::memory_order_relaxed);
        item->batch = {};
        item = item->epoch == nullptr ? queue_.erase(item) : std::next(item);
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

Status SinkQueue::start() {
    if (loaded_ != nullptr && !setup_.store && loaded_->resumes()) {
        setup_.sink.resumed = true;
        const Checkpoint::Row* const row = loaded_->find(id_, position_part);
        if (row != nullptr && row->version > engine_state_version) return Checkpoint::newer();
        if (row != nullptr) setup_.sink.position = row->bytes;
    }
    if (Status status = sink_.open(setup_.sink); !status.ok() || !setup_.store) return status;
    if (sink_.checkpoint_store() == nullptr) {
        return {Code::unsupported, "it cannot keep the checkpoint of a pipeline"};
    }
    const Result<EpochInfo> newest = sink_.checkpoint_store()->load(loaded_);
    if (!newest) return newest.error();
    loaded_->info = *newest;
    return {};
}

void SinkQueue::work() {
    Status opened = start();
    loaded_ = nullptr;
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
            behind_.store(false, std::memory_order_relaxed);
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
        std::uint64_t written = 0;
        if (failure_.ok()) {
            latency_.record(static_cast<std::uint64_t>(
                                std::max<std::int64_t>(0, steady_nanoseconds() - item.wall)),
                            rows.count);
            written = write({*item.batch, rows});
        }
        const std::lock_guard lock(mutex_);
        queued_rows_ -= rows.count;
        processed_ += written;
        books_.dropped += rows.count - written;
        publish();
    }
    item.batch = {};
    if (item.epoch == nullptr || !failure_.ok()) return;
    failure_ = complete(*item.epoch);
    if (!failure_.ok()) setup_.failed(id_, failure_);
}

/// How many of the rows the sink took: it may have no place for some.
std::uint64_t SinkQueue::write(const SinkRows& rows) {
    failure_ = sink_.write(rows);
    if (!failure_.ok()) {
        setup_.failed(id_, failure_);
        return 0;
    }
    const std::uint64_t refused =
        std::min<std::uint64_t>(sink_.dropped() - refused_, rows.rows.count);
    refused_ += refused;
    return rows.rows.count - refused;
}

/// The barrier has arrived: what was written so far becomes durable. The checkpoint store waits
/// for everybody else, and commits the state with its rows.
Status SinkQueue::complete(Epoch& epoch) {
    const EpochInfo info = epoch.info();
    if (setup_.store) {
        if (!epoch.wait_for_others(part_, state_)) return {};
        const EpochCommit commit{info, state_, epoch.starts_over()};
        if (Status status = sink_.checkpoint_store()->commit(commit); !status.ok()) return status;
    } else {
        if (Status status = sink_.flush(info.epoch); !status.ok()) return status;
        if (epoch.state() != Epoch::State::none) {
            writer_.clear();
            sink_.position(writer_);
            epoch.buffer(part_).of(id_);
            epoch.buffer(part_).row({}, position_part, engine_state_version, writer_.bytes());
        }
    }
    durable_epoch_.store(info.epoch, std::memory_order_release);
    epoch.part_done(part_);
    return {};
}

}  // namespace spillway::runtime
