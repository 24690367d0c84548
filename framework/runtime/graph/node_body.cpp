#include "runtime/graph/node_body.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace spillway::runtime {
namespace {

const PoisonedRecord* find(const std::vector<PoisonedRecord>& poisoned, OrderKey key) {
    const auto at = std::find_if(poisoned.begin(), poisoned.end(),
                                 [&](const PoisonedRecord& one) { return one.key == key; });
    return at != poisoned.end() ? &*at : nullptr;
}

}  // namespace

NodeBody::NodeBody(Setup setup) : setup_(std::move(setup)), ports_(setup_.ports) {
    if (setup_.instances.size() > 1) {
        shards_ = std::make_unique<ShardSet>(setup_.instances, setup_.ports);
    }
}

Status NodeBody::run(Packet& packet, std::span<const Frame> frames, const BlockRef& block,
                     const StepInfo& step, const ForEachShard& for_each) {
    if (!setup_.decodes) packet.narrow(setup_.consumes);
    // A node that writes into events needs a batch that nobody else sees.
    if (setup_.mutates && packet.batch && !packet.batch.unique()) packet.own(step.ticket);
    StepInput in;
    in.batch = packet.batch.get();
    in.frames = frames;
    in.marks = packet.marks.view();
    in.horizon = step.horizon;
    if (packet.batch) packet.rows.reserve(packet.batch->size());
    in.rows = packet.selected();
    in.row_storage = packet.rows.data();
    books_.in += setup_.decodes ? frames.size() : in.rows.count;
    errors_.reset(step.ticket, nullptr);
    keep_marks_for_errors(packet);
    if (!setup_.poisoned.empty()) [[unlikely]] {
        in.frames = take_out_poisoned(frames);
        take_out_poisoned(packet);
        in.rows = packet.selected();
    }

    StepOutput out{ports_.data(), setup_.ports, &errors_, &books_};
    Status status;
    if (setup_.in_place) {
        status = setup_.instances.front()->step(in, out);
        packet.select(in.rows);
    } else {
        for (Emitter& port : ports_) port.reset(step.ticket, nullptr);
        if (setup_.decodes && !in.frames.empty()) ports_[0].batch().set_block(block);
        status = shards_ ? shards_->step(in, out, step.ticket, for_each)
                         : setup_.instances.front()->step(in, out);
        packet.clear();
        take(0, packet);
    }
    failed_at_ = out.failed_at;
    if (setup_.counters != nullptr) {
        setup_.counters->publish(books_);
        setup_.counters->emitted.add(packet.count());
        setup_.counters->steps.add(1);
    }
    return status;
}

void NodeBody::take(std::uint32_t port, Packet& out) {
    out.clear();
    Emitter& from = port == errors_port ? errors_ : ports_[port];
    out.batch = from.take_batch();
    std::swap(out.marks, port == errors_port ? error_marks_ : from.marks());
    if (port != errors_port) return;
    std::uint32_t letter = 0;
    for (Watermark& mark : out.marks) {
        while (letter < out.count() && order_of((*out.batch)[letter]) < mark.key) ++letter;
        mark.position = letter;
    }
}

Status NodeBody::snapshot(StateBuffer& out, bool all) {
    out.of(setup_.id);
    for (Node* const instance : setup_.instances) {
        if (Status status = instance->snapshot(out, all); !status.ok()) return status;
    }
    return {};
}

Status NodeBody::restore(const Checkpoint& from) {
    const std::size_t count = setup_.instances.size();
    for (const Checkpoint::Row& row : from.rows_of(setup_.id)) {
        if (row.part.starts_with(engine_parts) && row.part != shared_part) continue;
        for (std::size_t i = 0; i < count; ++i) {
            if (row.part != shared_part && i != key_group(row.key) % count) continue;
            Status status = setup_.instances[i]->restore(row.key, row.part, row.version, row.bytes);
            if (status.ok()) continue;
            return {status.code(),
                    fmt::format("{} (key '{}', version {}); use the plugin that wrote it, or start "
                                "over with --fresh",
                                status.message(), row.key, row.version)};
        }
    }
    return {};
}

void NodeBody::take_out_poisoned(Packet& packet) {
    if (!packet.batch) return;
    const Rows rows = packet.selected();
    std::uint32_t kept = 0;
    for (std::uint32_t k = 0; k < rows.count; ++k) {
        const Event& event = (*packet.batch)[rows[k]];
        if (const PoisonedRecord* bad = find(setup_.poisoned, order_of(event))) {
            errors_.begin(order_of(event));
            write_dead_letter(errors_, setup_.id, {}, bad->reason, event, *packet.batch,
                              bad->attempts);
            ++books_.dead_lettered;
        } else {
            packet.rows.data()[kept++] = rows[k];
        }
    }
    packet.select({packet.rows.data(), kept});
}

std::span<const Frame> NodeBody::take_out_poisoned(std::span<const Frame> frames) {
    frames_left_.clear();
    for (const Frame& frame : frames) {
        const OrderKey key{frame.receive_time, frame.sequence};
        if (const PoisonedRecord* bad = find(setup_.poisoned, key)) {
            errors_.begin(key);
            write_dead_letter(errors_, setup_.id, {}, bad->reason, frame, bad->attempts);
            ++books_.dead_lettered;
        } else {
            frames_left_.push_back(frame);
        }
    }
    return frames_left_.view();
}

void NodeBody::release() noexcept {
    for (Emitter& port : ports_) static_cast<void>(port.take_batch());
    static_cast<void>(errors_.take_batch());
}

/// Watermarks pass `errors` too; they find their place among the letters by key when taken.
void NodeBody::keep_marks_for_errors(const Packet& packet) {
    error_marks_.clear();
    for (const Watermark& mark : packet.marks) error_marks_.push_back(mark);
}

}  // namespace spillway::runtime
