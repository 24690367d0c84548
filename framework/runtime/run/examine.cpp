#include "runtime/run/examine.hpp"

#include <thread>
#include <vector>

#include <spillway/source.hpp>

#include "runtime/run/assembly.hpp"

namespace spillway::runtime {
namespace {

/// Nobody waits for arrivals.
class Unheard final : public Arrivals {
public:
    void notify() noexcept override {}
};

}  // namespace

Diagnostics examine_sources(const PipelineSpec& spec,
                            const std::function<Examiner&(const NodeSpec& node)>& examiner) {
    auto assembled = assemble(spec, {});
    if (!assembled) return std::move(assembled.error());
    Unheard arrivals;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
        const Assembled::Entry& entry = assembled->entries[i];
        if (entry.source == nullptr) continue;
        SourceSetup setup{spec.name, spec.nodes[i].id};
        setup.protocol = entry.decoder ? entry.decoder->protocol() : nullptr;
        setup.arrivals = &arrivals;
        threads.emplace_back([source = entry.source, setup, &out = examiner(spec.nodes[i])] {
            source->examine(setup, out);
        });
    }
    for (std::thread& thread : threads) thread.join();
    return {};
}

}  // namespace spillway::runtime
