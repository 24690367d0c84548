#include "runtime/graph/shards.hpp"

#include <algorithm>
#include <tuple>

namespace spillway::runtime {
namespace {

/// The order in which one instance would have handled what two triggers stand for.
bool before(const Trigger& a, const Trigger& b) noexcept {
    return std::tie(a.cause.time, a.cause.sequence, a.position, a.due, a.key, a.timer) <
           std::tie(b.cause.time, b.cause.sequence, b.position, b.due, b.key, b.timer);
}

}  // namespace

ShardSet::ShardSet(std::vector<Node*> shards, std::uint32_t port_count)
    : shards_(std::move(shards)), port_count_(port_count), parts_(shards_.size()) {
    for (Part& part : parts_) {
        part.ports.resize(port_count);
        part.triggers.resize(port_count);
        part.batches.resize(port_count);
    }
}

void ShardSet::split(const StepInput& in) {
    for (Part& part : parts_) part.rows.clear();
    groups_.resize_uninitialised(in.rows.count);
    if (in.rows.count > 0) shards_.front()->route(in, groups_.data());
    for (std::uint32_t k = 0; k < in.rows.count; ++k) {
        if (groups_[k] == every_shard) {
            for (Part& part : parts_) part.rows.push_back(in.rows[k]);
        } else {
            parts_[groups_[k] % parts_.size()].rows.push_back(in.rows[k]);
        }
    }
}

Status ShardSet::step(const StepInput& in, StepOutput& out, Ticket* ticket,
                      const ForEachShard& for_each) {
    Books& books = *out.books;
    split(in);
    for_each(parts_.size(), [&](std::size_t shard) {
        Part& part = parts_[shard];
        for (std::uint32_t p = 0; p < port_count_; ++p) {
            part.ports[p].reset(ticket, &part.triggers[p]);
        }
        part.errors.reset(ticket, nullptr);
        part.books = {};
        if (in.batch != nullptr) part.storage.reserve(in.batch->size());
        StepInput own = in;
        own.rows = {part.rows.data(), part.rows.size()};
        own.row_storage = part.storage.data();
        StepOutput answer{part.ports.data(), port_count_, &part.errors, &part.books, {}};
        part.status = shards_[shard]->step(own, answer);
        part.failed_at = answer.failed_at;
    });
    for (Part& part : parts_) {
        if (!part.status.ok()) {
            out.failed_at = part.failed_at;
            return part.status;
        }
        books.filtered += part.books.filtered;
        books.duplicate += part.books.duplicate;
        books.late += part.books.late;
        books.dropped += part.books.dropped;
        books.dead_lettered += part.books.dead_lettered;
    }
    for (std::uint32_t p = 0; p < port_count_; ++p) merge_port(p, out.ports[p]);

    // Dead letters carry the key of the record that they are about.
    std::vector<std::pair<const Event*, const Batch*>> letters;
    for (Part& part : parts_) {
        for (std::uint32_t i = 0; i < part.errors.size(); ++i) {
            letters.emplace_back(&part.errors.batch()[i], &part.errors.batch());
        }
    }
    std::stable_sort(letters.begin(), letters.end(), [](const auto& a, const auto& b) {
        return order_of(*a.first) < order_of(*b.first);
    });
    for (const auto& [event, batch] : letters) {
        out.errors->begin(order_of(*event));
        out.errors->forward(*event, *batch);
    }
    return {};
}

/// The instance whose next group comes first in this section; null if the section has no more.
ShardSet::Part* ShardSet::earliest_part(std::uint32_t port, std::uint32_t section) noexcept {
    Part* first = nullptr;
    for (Part& part : parts_) {
        const auto& triggers = part.triggers[port];
        if (part.next_trigger >= triggers.size()) continue;
        const Trigger& trigger = triggers[part.next_trigger];
        const auto& marks = part.ports[port].marks();
        if (section < marks.size() && marks[section].position <= trigger.first) continue;
        if (first == nullptr || before(trigger, first->triggers[port][first->next_trigger])) {
            first = &part;
        }
    }
    return first;
}

void ShardSet::forward_group(Part& part, std::uint32_t port, Emitter& out) {
    const auto& triggers = part.triggers[port];
    const BatchRef& batch = part.batches[port];
    const Trigger& trigger = triggers[part.next_trigger++];
    const std::uint32_t size = batch ? batch->size() : 0;
    const std::uint32_t end =
        part.next_trigger < triggers.size() ? triggers[part.next_trigger].first : size;
    out.begin(trigger.cause);
    for (std::uint32_t i = trigger.first; i < end; ++i) out.forward((*batch)[i], *batch);
}

/// Every instance passes every watermark on, so watermarks cut the outputs of all instances into
/// the same sections; within a section groups are merged by what caused them.
void ShardSet::merge_port(std::uint32_t port, Emitter& out) {
    for (Part& part : parts_) {
        part.batches[port] = part.ports[port].take_batch();
        part.next_trigger = 0;
    }
    const auto& marks = parts_.front().ports[port].marks();
    for (std::uint32_t section = 0;; ++section) {
        while (Part* part = earliest_part(port, section)) forward_group(*part, port, out);
        if (section == marks.size()) break;
        // The ordinal of the mark is renumbered like those of the events.
        const Watermark& mark = marks[section];
        out.mark({{mark.key.time, cause_of(mark.key.sequence)}, mark.value, 0});
    }
    for (Part& part : parts_) part.batches[port] = {};
}

}  // namespace spillway::runtime
