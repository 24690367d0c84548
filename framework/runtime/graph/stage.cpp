#include "runtime/graph/stage.hpp"

#include "runtime/epoch/epoch.hpp"
#include "runtime/graph/side_input.hpp"

namespace spillway::runtime {

void Stage::prepare() {
    if (inputs.size() > 1) {
        std::vector<bool> holds;
        std::size_t guests = 0;
        for (const StageInput& input : inputs) {
            holds.push_back(!input.latest);
            guests += input.guest ? 1 : 0;
        }
        fan_in_ = std::make_unique<FanIn>(std::move(holds), guests);
    }
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
        if (input.latest) input.edge->dropped.add(keep_latest(packet));
        if (input.broadcast) mark_as_broadcast(packet, step.ticket);
        input.edge->delivered.add(packet.count());
    }
    if (!fan_in_) return;
    fan_in_->merge(arriving_, step.ticket, packet_);
    for (Packet& packet : arriving_) packet.clear();
}

bool Stage::run(const StepInfo& step, SourceInput* input, std::span<const StageOutput> produced,
                StageOutput& out, const ForEachShard& for_each, Failure& failure) {
    out.resize(outputs.size());
    Status status = run_nodes(step, input, produced, for_each, failure);
    if (status.ok()) hand_out(step, out);
    release();
    if (status.ok() && step.epoch != nullptr) status = hand_over_state(*step.epoch, failure.node);
    const bool ok = status.ok();
    if (!ok) failure.status = std::move(status);
    return ok;
}

Status Stage::hand_over_state(Epoch& epoch, std::string& failed_node) {
    const std::size_t part = 1 + number;
    if (epoch.state() != Epoch::State::none) {
        StateBuffer& buffer = epoch.buffer(part);
        const bool all = epoch.state() == Epoch::State::all;
        if (source) {
            if (Status status = source->snapshot(buffer, all); !status.ok()) {
                failed_node = source->id();
                return status;
            }
        }
        if (fan_in_ && fan_in_->keeps_state()) {
            buffer.of(first_node());
            buffer.put(fan_in_part, engine_state_version, *fan_in_);
        }
        for (const auto& node : chain) {
            if (Status status = node->snapshot(buffer, all); !status.ok()) {
                failed_node = node->id();
                return status;
            }
        }
    }
    epoch.part_done(part);
    return {};
}

Status Stage::restore(const Checkpoint& from, std::string& failed_node) {
    if (source) {
        failed_node = source->id();
        if (Status status = source->restore(from); !status.ok()) return status;
    }
    if (fan_in_) {
        failed_node = first_node();
        if (Status status = from.read(first_node(), fan_in_part, *fan_in_); !status.ok()) {
            return status;
        }
    }
    for (const auto& node : chain) {
        failed_node = node->id();
        if (Status status = node->restore(from); !status.ok()) return status;
    }
    return {};
}

Status Stage::run_nodes(const StepInfo& step, SourceInput* input,
                        std::span<const StageOutput> produced, const ForEachShard& for_each,
                        Failure& failure) {
    packet_.clear();
    if (source) {
        if (Status status = source->run(*input, step, for_each, packet_); !status.ok()) {
            failure.node = source->id();
            failure.at = source->failed_at();
            return status;
        }
    } else {
        join(step, produced);
    }
    for (std::size_t i = 0; i < chain.size(); ++i) {
        cross(chain_edges[i]);
        Status status = chain[i]->run(packet_, {}, {}, step, for_each);
        if (!status.ok()) {
            failure.node = chain[i]->id();
            failure.at = chain[i]->failed_at();
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
