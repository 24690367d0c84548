#include "common/testing/fuzz_state.hpp"
#include "plugin.hpp"

namespace {

const auto& fuzzer() {
    static const spillway::testing::StateFuzzer<spillway::stablecoin_pressure::StablecoinPressure>
        one{};
    return one;
}

}  // namespace

/// Any bytes as a row of state: taken whole, or refused.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    fuzzer().run(std::as_bytes(std::span(data, size)));
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(  // NOLINT(readability-identifier-naming)
    std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned random) {
    return fuzzer().mutate(data, size, max_size, random);
}
