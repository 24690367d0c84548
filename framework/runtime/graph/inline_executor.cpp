#include "runtime/graph/executor.hpp"

namespace spillway::runtime {
namespace {

class InlineExecutor final : public Executor {
public:
    InlineExecutor(Graph& graph, Failed failed)
        : graph_(graph), failed_(std::move(failed)), produced_(graph.stages.size()) {}

    void submit(StepJob& job, bool) override {
        const ForEachShard one_by_one = [](std::size_t count,
                                           const std::function<void(std::size_t)>& body) {
            for (std::size_t shard = 0; shard < count; ++shard) body(shard);
        };
        for (std::size_t s = 0; s < graph_.stages.size() && !stopped_; ++s) {
            Stage& stage = *graph_.stages[s];
            SourceInput* input = stage.source ? &job.sources[stage.source_index] : nullptr;
            Failure failure;
            if (stage.run(job.info, input, produced_, produced_[s], one_by_one, failure)) continue;
            stopped_ = true;
            failed_(failure);
        }
        for (StageOutput& output : produced_) {
            for (Packet& packet : output) packet.clear();
        }
    }

    bool idle() override { return true; }
    void drain() override {}

private:
    Graph& graph_;
    Failed failed_;
    std::vector<StageOutput> produced_;
    bool stopped_ = false;
};

}  // namespace

std::unique_ptr<Executor> make_inline_executor(Graph& graph, Executor::Failed failed) {
    return std::make_unique<InlineExecutor>(graph, std::move(failed));
}

}  // namespace spillway::runtime
