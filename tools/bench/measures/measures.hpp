#pragma once

#include "benchmark.hpp"

namespace spillway::bench {

Measured measure_liq_1m(const Request& request);
Measured measure_stage(const Request& request);
Measured measure_hop(const Request& request);
Measured measure_scorer(const Request& request);
Measured measure_latency(const Request& request);
Measured measure_idle(const Request& request);
Measured measure_live(const Request& request);
Measured measure_live_idle(const Request& request);
Measured measure_decoders(const Request& request);
Measured measure_epoch(const Request& request);
Measured measure_checkpoint(const Request& request);
Measured measure_startup(const Request& request);
Measured measure_demo(const Request& request);
Measured measure_rss(const Request& request);

/// The child of `startup`: runs the demo until a record has reached a sink, prints when that was
/// (nanoseconds of the monotonic clock) and ends.
int run_to_first_record(const std::filesystem::path& pipeline);

}  // namespace spillway::bench
