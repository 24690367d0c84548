#include "common/testing/fuzz_state.hpp"

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    spillway::testing::fuzzed_state().run(std::as_bytes(std::span(data, size)));
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(  // NOLINT(readability-identifier-naming)
    std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned random) {
    return spillway::testing::fuzzed_state().mutate(data, size, max_size, random);
}
