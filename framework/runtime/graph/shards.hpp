#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <spillway/node.hpp>

#include "runtime/graph/packet.hpp"

namespace spillway::runtime {

/// Runs `body(shard)` for 0..count-1, perhaps in parallel, and returns when all are done.
using ForEachShard =
    std::function<void(std::size_t count, const std::function<void(std::size_t)>&)>;

/// A keyed node as several instances, each with its share of the 64 key groups. What they emit is
/// put back into the order that one instance would have produced: results do not show how many
/// there are.
class ShardSet {
public:
    ShardSet(std::vector<Node*> shards, std::uint32_t port_count);

    [[nodiscard]] Status step(const StepInput& in, StepOutput& out, Ticket* ticket,
                              const ForEachShard& for_each);
    [[nodiscard]] std::span<Node* const> nodes() const noexcept { return shards_; }

private:
    /// One instance's part of a step.
    struct Part {
        PodVector<std::uint32_t> rows;
        PodVector<std::uint32_t> storage;
        PodVector<Watermark> marks;
        std::vector<Emitter> ports;
        std::vector<PodVector<Trigger>> triggers;
        std::vector<BatchRef> batches;
        Emitter errors;
        Books books;
        Status status;
        OrderKey failed_at;
        std::uint32_t next_trigger = 0;  ///< of the port that is being merged
    };

    void split(const StepInput& in);
    void merge_port(std::uint32_t port, Emitter& out);
    [[nodiscard]] Part* earliest_part(std::uint32_t port, std::uint32_t section) noexcept;
    static void forward_group(Part& part, std::uint32_t port, Emitter& out);

    std::vector<Node*> shards_;
    std::uint32_t port_count_;
    std::vector<Part> parts_;
    PodVector<std::uint8_t> groups_;
};

}  // namespace spillway::runtime
