#include <benchmark/benchmark.h>

#include <spillway/emitter.hpp>
#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>

namespace spillway {
namespace {

constexpr std::uint32_t size = 256;

Event& emit_liquidation(Emitter& out) {
    Event& event = out.emit(Kind::liquidation);
    event.liquidation.price = 71'234.5;
    event.liquidation.notional = 123'456.75;
    event.liquidation.side = Side::long_position;
    event.set_present(field::liquidation::price);
    event.set_present(field::liquidation::notional);
    event.set_present(field::liquidation::side);
    return event;
}

/// A pooled batch, filled by an emitter and given back.
void emit(benchmark::State& state) {
    Emitter out;
    std::uint64_t sequence = 0;
    for (auto _ : state) {
        out.reset(nullptr, nullptr);
        for (std::uint32_t i = 0; i < size; ++i) {
            out.begin(OrderKey{1, caused_by_record(++sequence)});
            benchmark::DoNotOptimize(emit_liquidation(out));
        }
    }
    state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(emit)->Name("batch/emit");

void copy(benchmark::State& state) {
    Emitter out;
    for (std::uint32_t i = 0; i < size; ++i) emit_liquidation(out);
    const BatchRef from = out.take_batch();
    for (auto _ : state) {
        const BatchRef to = BatchRef::create();
        for (const Event& event : from->events()) to->append_copy(event, *from);
        benchmark::DoNotOptimize(to->size());
    }
    state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(copy)->Name("batch/append_copy");

void write_json(benchmark::State& state) {
    Emitter out;
    out.begin(OrderKey{1'770'000'000 * second, caused_by_record(1)});
    const Event event = emit_liquidation(out);
    const BatchRef batch = out.take_batch();
    PodVector<char> text;
    for (auto _ : state) {
        text.clear();
        append_json(text, event, *batch);
        benchmark::DoNotOptimize(text.data());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_json)->Name("event/append_json");

}  // namespace
}  // namespace spillway
