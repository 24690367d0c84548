#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <spillway/node.hpp>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/epoch/state_buffer.hpp"
#include "runtime/graph/packet.hpp"
#include "runtime/graph/shards.hpp"
#include "runtime/metrics/counters.hpp"

namespace spillway::runtime {

/// A record that a node threw at, again and again: it becomes a dead letter in front of the node.
struct PoisonedRecord {
    OrderKey key;
    std::string reason;
    std::uint32_t attempts = 0;  ///< that were made
};

/// One node as the graph runs it: its instances, outputs and books. A stage calls its nodes one
/// after the other; the packet that goes through is the default output of one and the input of
/// the next.
class NodeBody {
public:
    struct Setup {
        std::string id;
        std::vector<Node*> instances;  ///< more than one: shards
        KindSet consumes;
        bool in_place = false;
        bool mutates = false;
        bool decodes = false;              ///< takes frames
        std::uint32_t ports = 1;           ///< outputs beside `errors`
        NodeCounters* counters = nullptr;  ///< may be null
        std::vector<PoisonedRecord> poisoned;
    };
    explicit NodeBody(Setup setup);

    /// Handles one step. On return `packet` is the default output.
    [[nodiscard]] Status run(Packet& packet, std::span<const Frame> frames, const BlockRef& block,
                             const StepInfo& step, const ForEachShard& for_each);

    /// Another output of the step just run: port 1.. , or `errors_port`.
    static constexpr std::uint32_t errors_port = ~std::uint32_t{0};
    void take(std::uint32_t port, Packet& out);
    /// Hands over the state of the node's keys.
    [[nodiscard]] Status snapshot(StateBuffer& out, bool all);
    /// Takes it back, whatever the number of shards was then. Before the first step.
    [[nodiscard]] Status restore(const Checkpoint& from);
    /// Where the handler threw, after `run` answered a defect.
    [[nodiscard]] OrderKey failed_at() const noexcept { return failed_at_; }
    /// Lets go of outputs that nobody reads: their batches hold the step's budget.
    void release() noexcept;

    [[nodiscard]] const Books& books() const noexcept { return books_; }
    [[nodiscard]] const std::string& id() const noexcept { return setup_.id; }
    [[nodiscard]] std::span<Node* const> instances() const noexcept { return setup_.instances; }

private:
    void keep_marks_for_errors(const Packet& packet);
    void take_out_poisoned(Packet& packet);
    [[nodiscard]] std::span<const Frame> take_out_poisoned(std::span<const Frame> frames);

    Setup setup_;
    std::unique_ptr<ShardSet> shards_;
    std::vector<Emitter> ports_;
    Emitter errors_;
    PodVector<Watermark> error_marks_;
    PodVector<Frame> frames_left_;
    Books books_;
    OrderKey failed_at_;
};

}  // namespace spillway::runtime
