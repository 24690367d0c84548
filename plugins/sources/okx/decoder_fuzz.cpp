#include <cstddef>
#include <cstdint>

#include "common/testing/fuzz_frames.hpp"
#include "common/venues/testing/fuzz_protocol.hpp"
#include "plugin.hpp"

/// Any bytes as frames of every type: events or dead letters, never a crash, and a state that
/// another decoder takes over. The same bytes as what the protocol hears.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    constexpr const char* polls[] = {"instruments?instType=SWAP",
                                     "open-interest?instType=SWAP",
                                     "funding-rate-history?instId=BTC-USDT-SWAP",
                                     "long-short-account-ratio?ccy=BTC&period=5m",
                                     "open-interest-history?instId=BTC-USDT-SWAP&period=1H",
                                     "long-short-account-ratio-contract?instId=BTC-USDT-SWAP",
                                     "open-interest-volume?ccy=BTC",
                                     "liquidation-orders?instType=SWAP",
                                     "funding-rate?instId=ANY",
                                     "mark-price?instType=SWAP"};
    spillway::testing::fuzz_frames<spillway::okx::Okx>("okx", polls, data, size);
    const spillway::okx::Options options{{}, {"BTC", "PEPE"}, {"linear", "inverse"}, true};
    spillway::testing::fuzz_protocol(spillway::okx::Protocol(options), data, size);
    return 0;
}
