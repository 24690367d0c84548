#include <benchmark/benchmark.h>

#include <spillway/detail/timer_queue.hpp>

#include "runtime/ingress/budget.hpp"
#include "runtime/metrics/histogram.hpp"

namespace spillway::runtime {
namespace {

/// What every step pays for back-pressure.
void budget(benchmark::State& state) {
    Budget budget(Budget::Limits{});
    for (auto _ : state) budget.take(256)->release();
}
BENCHMARK(budget)->Name("ingress/budget");

void histogram(benchmark::State& state) {
    Histogram histogram;
    std::uint64_t value = 1;
    for (auto _ : state) {
        value = value * 2862933555777941757 + 3037000493;
        histogram.record(value >> 40U);
    }
    benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(histogram)->Name("metrics/histogram");

}  // namespace
}  // namespace spillway::runtime
