#include "common/testing/fuzz_state.hpp"
#include "plugin.hpp"

namespace spillway {

const testing::FuzzedState& testing::fuzzed_state() {
    static const StateFuzzer<window::Window> fuzzer{
        {"every", "1m"},
        {"length", "5m"},
        {"by", "market, side"},
        {"compute", "count, sum(notional), max(price)"}};
    return fuzzer;
}

}  // namespace spillway
