#include <cstddef>
#include <cstdint>

#include "common/testing/fuzz_frames.hpp"
#include "common/venues/testing/fuzz_protocol.hpp"
#include "plugin.hpp"

/// Any bytes as frames of every type: events or dead letters, never a crash, and a state that
/// another decoder takes over. The same bytes as what the protocol hears.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    constexpr const char* polls[] = {
        "simple/price?ids=bitcoin,ethereum,no-such-coin&vs_currencies=usd",
        "coins/markets?ids=bitcoin&vs_currency=usd", "ping"};
    spillway::testing::fuzz_frames<spillway::coingecko::CoinGecko>("coingecko", polls, data, size);
    const spillway::coingecko::Options options{{"BTC", "PEPE"}, {"PEPE=pepe"}, "key"};
    spillway::testing::fuzz_protocol(spillway::coingecko::Protocol(options), data, size);
    return 0;
}
