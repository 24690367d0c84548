#include "runtime/ingress/head.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <spillway/admission.hpp>

namespace spillway::runtime {
namespace {

bool is_refused(const Event& event) noexcept { return !refusal_of(event).empty(); }

}  // namespace

Status Head::run(SourceInput& input, const StepInfo& step, const ForEachShard& for_each,
                 Packet& out) {
    ticket_ = step.ticket;
    errors_.reset(step.ticket, nullptr);
    decoder_errors_.clear();
    const std::uint64_t entered = input.frames.size() + (input.events ? input.events->size() : 0);
    if (input.letters) {
        books_.in += input.letters->size();
        books_.dead_lettered += input.letters->size();
    }
    if (setup_.decoder) {
        Status status = setup_.decoder->run(out, input.frames.view(), input.block, step, for_each);
        if (!status.ok()) return status;
        setup_.decoder->take(NodeBody::errors_port, decoder_errors_);
    } else {
        out.batch = std::move(input.events);
        if (out.batch) out.batch->set_ticket(step.ticket);
    }
    books_.in += entered;
    admit(out);
    if (setup_.lag != nullptr) measure_lag(out, input.frames.view());
    if (last_record_ == time_before_all) last_record_ = step.start;
    place_watermarks(out, input, step.horizon);
    letters_ = std::move(input.letters);
    Books books = books_;
    if (setup_.decoder) {
        books.dead_lettered += setup_.decoder->books().dead_lettered;
        books.dropped += setup_.decoder->books().dropped;
    }
    setup_.counters->publish(books);
    setup_.counters->emitted.add(out.count());
    setup_.counters->steps.add(1);
    return {};
}

/// Takes out events whose time cannot be.
void Head::admit(Packet& packet) {
    if (!packet.batch) return;
    const Batch& batch = *packet.batch;
    std::uint32_t first_bad = 0;
    while (first_bad < batch.size() && !is_refused(batch[first_bad])) {
        ++first_bad;
    }
    if (first_bad == batch.size()) return;
    packet.rows.clear();
    packet.all = false;
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
        const Event& event = batch[i];
        if (!is_refused(event)) {
            packet.rows.push_back(i);
            continue;
        }
        if (setup_.decoder) ++books_.in;
        ++books_.dead_lettered;
        errors_.begin(order_of(event));
        write_dead_letter(errors_, setup_.id, "event time", refusal_of(event), event, batch);
    }
}

/// Replies are left out: they tell of periods that are over. Each frame of a live source has a
/// receive time of its own. The clock of a venue that is ahead makes a lag of 0.
void Head::measure_lag(const Packet& packet, std::span<const Frame> frames) const {
    const Rows rows = packet.selected();
    auto frame = frames.begin();
    for (std::uint32_t k = 0; k < rows.count; ++k) {
        const Event& event = (*packet.batch)[rows[k]];
        while (frame != frames.end() && frame->receive_time < event.receive_time) ++frame;
        if (frame == frames.end()) return;
        if (frame->receive_time != event.receive_time || frame->type != FrameType::data ||
            event.kind() == Kind::source_status) {
            continue;
        }
        setup_.lag->record(static_cast<std::uint64_t>(
            std::max<Duration>(0, event.receive_time - event.event_time)));
    }
}

/// A source that has sent nothing yet counts from the first record of the pipeline.
bool Head::became_idle(Time until) const noexcept {
    return setup_.idle_after > 0 && !idle_ && !ended_ && last_record_ != time_before_all &&
           until >= last_record_ + setup_.idle_after;
}

void Head::place_watermarks(Packet& packet, const SourceInput& input, Time horizon) {
    const auto go_idle = [&](std::uint32_t position) {
        const OrderKey key{last_record_ + setup_.idle_after, caused_by_timer(setup_.rank)};
        packet.marks.push_back({key, watermark_idle, position});
        idle_ = true;
    };
    const std::uint32_t size = packet.batch ? packet.batch->size() : 0;
    packet.marks.clear();
    for (std::uint32_t i = 0; i < size;) {
        const Event& first = (*packet.batch)[i];
        if (became_idle(first.receive_time)) go_idle(i);
        last_record_ = first.receive_time;
        const std::uint64_t cause = cause_of(first.sequence);
        std::uint32_t end = i;
        for (; end < size && cause_of((*packet.batch)[end].sequence) == cause; ++end) {
            const Event& event = (*packet.batch)[end];
            if (is_refused(event)) continue;
            newest_event_time_ = std::max(newest_event_time_, event.event_time);
        }
        const Time reached = newest_event_time_ - setup_.out_of_order;
        if (reached >= watermark_ + watermark_grid || idle_) [[unlikely]] {
            watermark_ = std::max(watermark_, floor_to(reached, watermark_grid));
            idle_ = false;
            packet.marks.push_back({{first.receive_time, cause}, watermark_, i});
        }
        i = end;
    }
    if (input.ended && !ended_) {
        ended_ = true;
        const OrderKey key{input.last.time, input.last.sequence | ordinal_mask};
        packet.marks.push_back({key, time_never, size});
    }
    if (became_idle(horizon)) go_idle(size);
}

Status Head::snapshot(StateBuffer& out, bool all) {
    if (setup_.guest) return {};
    out.of(setup_.id);
    out.put(head_part, engine_state_version, *this);
    return setup_.decoder ? setup_.decoder->snapshot(out, all) : Status();
}

Status Head::restore(const Checkpoint& from) {
    if (Status status = from.read(setup_.id, head_part, *this); !status.ok()) return status;
    return setup_.decoder ? setup_.decoder->restore(from) : Status();
}

void Head::take_errors(Packet& out) {
    out.clear();
    const std::array<BatchRef, 3> parts = {errors_.take_batch(), std::move(letters_),
                                           std::move(decoder_errors_.batch)};
    std::vector<std::pair<const Event*, const Batch*>> letters;
    for (const BatchRef& part : parts) {
        if (!part) continue;
        for (const Event& letter : part->events()) letters.emplace_back(&letter, part.get());
    }
    if (letters.empty()) return;
    std::stable_sort(letters.begin(), letters.end(), [](const auto& a, const auto& b) {
        return order_of(*a.first) < order_of(*b.first);
    });
    out.batch = BatchRef::create();
    out.batch->set_ticket(ticket_);
    for (const auto& [letter, batch] : letters) out.batch->append_copy(*letter, *batch);
}

void Head::release() noexcept {
    static_cast<void>(errors_.take_batch());
    letters_ = {};
    decoder_errors_.clear();
    if (setup_.decoder) setup_.decoder->release();
}

}  // namespace spillway::runtime
