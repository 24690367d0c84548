#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <spillway/node.hpp>

#include "runtime/graph/packet.hpp"
#include "runtime/graph/shards.hpp"
#include "runtime/metrics/counters.hpp"

namespace spillway::runtime {

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
    };
    explicit NodeBody(Setup setup);

    /// Handles one step. On return `packet` is the default output.
    [[nodiscard]] Status run(Packet& packet, std::span<const Frame> frames, const BlockRef& block,
                             const StepInfo& step, const ForEachShard& for_each);

    /// Another output of the step just run: port 1.. , or `errors_port`.
    static constexpr std::uint32_t errors_port = ~std::uint32_t{0};
    void take(std::uint32_t port, Packet& out);
    /// Lets go of outputs that nobody reads: their batches hold the step's budget.
    void release() noexcept;

    [[nodiscard]] const Books& books() const noexcept { return books_; }
    [[nodiscard]] const std::string& id() const noexcept { return setup_.id; }
    [[nodiscard]] std::span<Node* const> instances() const noexcept { return setup_.instances; }

private:
    void own(Packet& packet, Ticket* ticket);
    void keep_marks_for_errors(const Packet& packet);

    Setup setup_;
    std::unique_ptr<ShardSet> shards_;
    std::vector<Emitter> ports_;
    Emitter errors_;
    PodVector<Watermark> error_marks_;
    Books books_;
};

}  // namespace spillway::runtime
