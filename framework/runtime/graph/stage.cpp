#include "runtime/graph/stage.hpp"

namespace spillway::runtime {

void Stage::prepare() {
    if (inputs.size() > 1) fan_in_ = std::make_unique<FanIn>(inputs.size());
    arriving_.resize(inputs.size());
}

void Stage::cross(const FusedEdge& edge) {
    if (edge.counters == nullptr) return;
    packet_.narrow(edge.kinds);
    edge.counters->emitted.add(packet_.count());
    edge.counters->delivered.add(packet_.count());
}

void Stage::join(const StepInfo& step, std::span<const StageOutput> produced) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const StageInput& input = inputs[i];
        Packet& packet = fan_in_ ? arriving_[i] : packet_;
        packet.assign(produced[input.stage][input.output]);
        packet.narrow(input.kinds);
        input.edge->emitted.add(packet.count());
        input.edge->delivered.add(packet.count());
    }
    if (!fan_in_) return;
    fan_in_->merge(arriving_, step.ticket, packet_);
    for (Packet& packet : arriving_) packet.clear();
}

Status Stage::run(const StepInfo& step, SourceInput* input, std::span<const StageOutput> produced,
                  StageOutput& out, const ForEachShard& for_each, std::string& failed_node) {
    out.resize(outputs.size());
    Status status = run_nodes(step, input, produced, for_each, failed_node);
    if (status.ok()) hand_out(step, out);
    release();
    return status;
}

Status Stage::run_nodes(const StepInfo& step, SourceInput* input,
                        std::span<const StageOutput> produced, const ForEachShard& for_each,
                        std::string& failed_node) {
    packet_.clear();
    if (source) {
        if (Status status = source->run(*input, step, for_each, packet_); !status.ok()) {
            failed_node = source->id();
            return status;
        }
    } else {
        join(step, produced);
    }
    for (std::size_t i = 0; i < chain.size(); ++i) {
        cross(chain_edges[i]);
        Status status = chain[i]->run(packet_, {}, {}, step, for_each);
        if (!status.ok()) {
            failed_node = chain[i]->id();
            return status;
        }
    }
    return {};
}

void Stage::hand_out(const StepInfo& step, StageOutput& out) {
    bool default_taken = false;
    std::size_t default_output = 0;
    for (std::size_t o = 0; o < outputs.size(); ++o) {
        const Output& output = outputs[o];
        const bool is_default =
            output.port == 0 &&
            (chain.empty() ? output.node == head : output.node + 1 == chain.size());
        if (is_default) {
            default_taken = true;
            default_output = o;
        } else if (output.node == head) {
            source->take_errors(out[o]);
        } else {
            chain[output.node]->take(output.port, out[o]);
        }
    }
    if (sink != nullptr) {
        cross(sink_edge);
        sink->push(packet_, step);
    } else if (default_taken) {
        std::swap(out[default_output], packet_);
    }
}

void Stage::release() noexcept {
    packet_.clear();
    if (source) source->release();
    for (const auto& node : chain) node->release();
}

}  // namespace spillway::runtime
