#include "common/testing/fuzz_state.hpp"
#include "plugin.hpp"

namespace spillway {

const testing::FuzzedState& testing::fuzzed_state() {
    static const StateFuzzer<cascades::Cascades> fuzzer{{"min_events", "3"},
                                                        {"min_notional", "10000"}};
    return fuzzer;
}

}  // namespace spillway
