#include <cmath>
#include <random>

#include <benchmark/benchmark.h>

#include <spillway/testing/option_texts.hpp>

#include "plugin.hpp"
#include "testing/events.hpp"

namespace spillway::liquidation_risk {
namespace {

/// One market as several venues tell it: of 100 records 88 are prices of two venues, 8 single
/// liquidations, the rest open interest, funding and long/short ratios; 50 ms apart on average.
testing::Script market(int minutes) {
    using namespace testing;
    Script script;
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    for (int i = 0; i < 1460; ++i) add_close(script, i);
    double price = path(1459).price;
    Time now = path(1459).time;
    for (int n = 0; n < minutes * 1200; ++n) {
        now += 25 * millisecond + static_cast<Duration>(random() % 50'000'000);
        price *= std::exp(1.5e-5 * normal(random));
        const auto draw = random() % 1000;
        if (draw < 880) {
            add_price(script, now, price, price / 1.0004, "BTC", draw < 500 ? "v" : "w");
        } else if (draw < 960) {
            add_order(script, now, draw % 2 == 0 ? Side::long_position : Side::short_position,
                      std::exp(8 + 2 * normal(random)));
        } else if (draw < 980) {
            add_open_interest(script, now, 80000 * (1 + 1e-5 * normal(random)));
        } else if (draw < 990) {
            add_funding(script, now, 0.0001);
        } else {
            add_long_short(script, now, 1.5);
        }
    }
    return script;
}

/// The plugin as the engine runs it: records in batches of 256, timers, assessments, emissions.
void update(benchmark::State& state) {
    spillway::testing::OptionValues options;
    if (!options.parse<LiquidationRisk>({})) return state.SkipWithError("options");
    const testing::Script script = market(60);
    const Batch& all = script.batch();
    std::vector<BatchRef> batches;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (i % 256 == 0) batches.push_back(BatchRef::create());
        batches.back()->append_copy(all[i], all);
    }
    const std::size_t warm = 1460 * 6 / 256 + 1;
    std::size_t events = 0, scores = 0;
    for (auto _ : state) {
        state.PauseTiming();
        LiquidationRisk scorer;
        if (!scorer.configure(options.view()) || !scorer.start({})) {
            return state.SkipWithError("start");
        }
        Books books;
        for (std::size_t b = 0; b < batches.size(); ++b) {
            if (b == warm) state.ResumeTiming();
            StepInput in;
            in.batch = batches[b].get();
            in.rows = {nullptr, in.batch->size()};
            in.horizon = (*in.batch)[in.batch->size() - 1].receive_time;
            Emitter out, errors;
            out.reset(nullptr, nullptr);
            errors.reset(nullptr, nullptr);
            StepOutput output{&out, 1, &errors, &books};
            if (!scorer.step(in, output)) return state.SkipWithError("step");
            if (b < warm) continue;
            events += in.batch->size();
            scores += out.size();
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(events));
    state.counters["time_per_event"] = benchmark::Counter(
        static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["scores_per_event"] = static_cast<double>(scores) / static_cast<double>(events);
}
BENCHMARK(update)->Name("liquidation_risk/update")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spillway::liquidation_risk
