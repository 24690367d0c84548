#pragma once

#include <cstdint>

#include <spillway/batch.hpp>
#include <spillway/node.hpp>
#include <spillway/order.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway::runtime {

/// What flows over one edge in one step: selected events of a batch, and the watermarks between
/// them. An empty packet has no batch. Reused from step to step; its vectors keep their memory.
struct Packet {
    BatchRef batch;
    bool all = true;  ///< every event of the batch; else those in `rows`
    PodVector<std::uint32_t> rows;
    PodVector<Watermark> marks;

    void clear() noexcept {
        batch = {};
        all = true;
        rows.clear();
        marks.clear();
    }
    [[nodiscard]] std::uint32_t count() const noexcept {
        if (!batch) return 0;
        return all ? batch->size() : rows.size();
    }
    [[nodiscard]] Rows selected() const noexcept {
        if (!batch) return {};
        return all ? Rows{nullptr, batch->size()} : Rows{rows.data(), rows.size()};
    }
    /// Takes what an in-place node left of the selection.
    void select(Rows kept) noexcept {
        if (kept.index == nullptr) return;
        all = false;
        rows.resize_uninitialised(kept.count);
        if (rows.data() != kept.index) {
            std::memcpy(rows.data(), kept.index, kept.count * sizeof(std::uint32_t));
        }
    }
    /// Shares the batch and copies selection and watermarks.
    void assign(const Packet& other) noexcept {
        batch = other.batch;
        all = other.all;
        rows.resize_uninitialised(other.rows.size());
        if (!other.rows.empty()) {
            std::memcpy(rows.data(), other.rows.data(), other.rows.size() * sizeof(std::uint32_t));
        }
        marks.resize_uninitialised(other.marks.size());
        if (!other.marks.empty()) {
            std::memcpy(marks.data(), other.marks.data(), other.marks.size() * sizeof(Watermark));
        }
    }
    /// Puts the selected events into a batch that nobody else sees.
    void own(Ticket* ticket) noexcept {
        const Rows from = selected();
        BatchRef copy = BatchRef::create();
        copy->set_ticket(ticket);
        std::uint32_t mark = 0;
        for (std::uint32_t k = 0; k < from.count; ++k) {
            while (mark < marks.size() && marks[mark].position <= from[k]) {
                marks[mark++].position = k;
            }
            copy->append_copy((*batch)[from[k]], *batch);
        }
        while (mark < marks.size()) marks[mark++].position = from.count;
        batch = std::move(copy);
        all = true;
        rows.clear();
    }
    /// Keeps only events of these kinds.
    void narrow(KindSet kinds) noexcept {
        if (!batch || kinds.contains(batch->kinds())) return;
        rows.reserve(batch->size());  // before `selected` looks at them: they may move
        const Rows from = selected();
        std::uint32_t kept = 0;
        for (std::uint32_t k = 0; k < from.count; ++k) {
            const std::uint32_t row = from[k];
            if (kinds.has((*batch)[row].kind())) rows.data()[kept++] = row;
        }
        rows.resize_uninitialised(kept);
        all = false;
    }
};

class Epoch;

/// What all packets of a step share.
struct StepInfo {
    std::uint64_t number = 0;
    Time start = time_before_all;  ///< of the first record of the pipeline
    Time horizon = time_before_all;
    Epoch* epoch = nullptr;    ///< that ends with this step; null = none
    Ticket* ticket = nullptr;  ///< budget of the step; batches made for it hold it
    std::int64_t wall = 0;     ///< when the step was due on the wall clock, steady nanoseconds
};

}  // namespace spillway::runtime
