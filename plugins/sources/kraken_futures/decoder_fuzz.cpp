#include <cstddef>
#include <cstdint>

#include "common/testing/fuzz_frames.hpp"
#include "common/venues/testing/fuzz_protocol.hpp"
#include "plugin.hpp"

/// Any bytes as frames of every type: events or dead letters, never a crash, and a state that
/// another decoder takes over. The same bytes as what the protocol hears.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    constexpr const char* polls[] = {"instruments", "derivatives/api/v3/tickers"};
    spillway::testing::fuzz_frames<spillway::kraken_futures::KrakenFutures>("kraken_futures", polls,
                                                                            data, size);
    const spillway::kraken_futures::Options options{{"BTC", "PEPE"}, {"linear", "inverse"}, true};
    spillway::testing::fuzz_protocol(spillway::kraken_futures::Protocol(options), data, size);
    return 0;
}
