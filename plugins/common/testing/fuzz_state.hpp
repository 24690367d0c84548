#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include <spillway/node.hpp>
#include <spillway/testing/driver.hpp>
#include <spillway/testing/events.hpp>
#include <spillway/testing/state_rows.hpp>

extern "C" std::size_t LLVMFuzzerMutate(  // NOLINT(readability-identifier-naming)
    std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace spillway::testing {

/// What a fuzzer of state is about: any bytes as a row of state are taken whole, or refused.
class FuzzedState {
public:
    virtual ~FuzzedState() = default;
    /// The bytes as a row of a key, and as one of the node. Aborts if the node breaks its promise.
    virtual void run(std::span<const std::byte> bytes) const = 0;
    /// Changes an input in place and answers its new size.
    virtual std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max_size,
                               unsigned random) const = 0;
};

/// The state under test. A fuzzer is linked with `common_fuzz_state`, which has the functions that
/// libFuzzer calls, and defines this:
///
///     const FuzzedState& testing::fuzzed_state() {
///         static const StateFuzzer<window::Window> fuzzer{{"every", "1m"}};
///         return fuzzer;
///     }
[[nodiscard]] const FuzzedState& fuzzed_state();

/// Fuzzes the state rows of a node with these options. Rows of a real state are the seeds, so that
/// mutations start from something that is read to its end.
template <class Plugin>
class StateFuzzer : public FuzzedState {
public:
    StateFuzzer(std::initializer_list<OptionText> options = {})
        : options_(options.begin(), options.end()) {
        MarketPlan plan;
        plan.kinds = Plugin::about.consumes;
        plan.count = 60;
        plan.markets = {"BTC"};
        Driver<Plugin> driver(std::span<const OptionText>{options_});
        StateRows state;
        if (!driver.play(made_up_market(plan)) || !driver.snapshot(state)) std::abort();
        seeds_ = std::move(state.rows);
    }

    void run(std::span<const std::byte> bytes) const override {
        restore("BTC", {}, bytes);
        restore({}, shared_part, bytes);
    }

    std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t max_size,
                       unsigned random) const override {
        const bool fresh = size < 8 || random % 256 == 0;
        if (fresh && !seeds_.empty()) {
            const std::vector<std::byte>& seed = seeds_[random / 256 % seeds_.size()].bytes;
            size = std::min(seed.size(), max_size);
            std::memcpy(data, seed.data(), size);
            if (random / 65536 % 2 == 0) return size;
        }
        return LLVMFuzzerMutate(data, size, max_size);
    }

private:
    /// Refused as damaged, or taken: then what the node hands over from now on stays the same.
    void restore(std::string_view key, std::string_view part,
                 std::span<const std::byte> bytes) const {
        StateRows given, taken, again;
        given.row(key, part, Plugin::about.state_version, bytes);
        Driver<Plugin> first(std::span<const OptionText>{options_});
        const Status status = first.restore(given);
        if (status.code() == Code::defect) std::abort();
        if (!status) return;
        if (!first.snapshot(taken)) std::abort();
        Driver<Plugin> second(std::span<const OptionText>{options_});
        if (!second.restore(taken) || !second.snapshot(again)) std::abort();
        if (taken.rows != again.rows) std::abort();
    }

    std::vector<OptionText> options_;
    std::vector<StateRows::Row> seeds_;
};

}  // namespace spillway::testing
