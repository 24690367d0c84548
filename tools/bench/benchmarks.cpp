#include <array>

#include "measures/measures.hpp"

namespace spillway::bench {

std::span<const Benchmark> benchmarks() {
    static constexpr std::array<Benchmark, 14> all = {{
        {"liq-1m", "a file of liquidations to sums by minute, against a loop written by hand",
         measure_liq_1m},
        {"stage", "what an event costs in one more transform of a fused chain", measure_stage},
        {"hop", "what an event costs on its way to another node of the flow graph", measure_hop},
        {"scorer", "what an event costs in liquidation_risk", measure_scorer},
        {"latency", "from when an event is due to when it reaches a sink, at 100,000 a second",
         measure_latency},
        {"idle", "CPU of a pipeline with little to do", measure_idle},
        {"live", "from the socket to the scorer at 20,000 frames a second over 20 connections",
         measure_live},
        {"live-idle", "CPU of 500 instruments at the rates of a usual market", measure_live_idle},
        {"decoders", "the decoders of three venues, against extractions written by hand",
         measure_decoders},
        {"epoch", "what the store needs for the rows and the changed state of a busy second",
         measure_epoch},
        {"checkpoint", "what epochs add to liq-1m and the demo, rows left out", measure_checkpoint},
        {"startup", "from the start of the process to the first record of the demo",
         measure_startup},
        {"demo", "the demo as fast as possible, with its store", measure_demo},
        {"rss", "growth of memory under load; --minutes for longer than a glance", measure_rss},
    }};
    return all;
}

}  // namespace spillway::bench
