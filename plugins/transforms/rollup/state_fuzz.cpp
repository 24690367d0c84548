#include "common/testing/fuzz_state.hpp"
#include "plugin.hpp"

namespace spillway {

const testing::FuzzedState& testing::fuzzed_state() {
    static const StateFuzzer<rollup::Rollup> fuzzer;
    return fuzzer;
}

}  // namespace spillway
