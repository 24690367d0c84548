#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <tl/expected.hpp>

namespace spillway::bench {

/// What a loop did. `lines` = `rejected` + `below_threshold` + `late` + `counted`.
struct LoopResult {
    std::uint64_t lines = 0;
    /// Not JSON, not a forceOrder, not a USD-M symbol, or a time out of range.
    std::uint64_t rejected = 0;
    std::uint64_t below_threshold = 0;
    /// Behind the watermark of their window.
    std::uint64_t late = 0;
    /// In the rows of the output.
    std::uint64_t counted = 0;
    double counted_notional_usd = 0;
};

/// The job liq-1m written by hand, the yardstick of the pipeline: reads Binance forceOrder frames
/// (bare or combined, one a line), keeps liquidations of 100,000 USD or more and writes count and
/// sum by minute of trade time, instrument and side, one JSON line a window, to `output`.
/// One thread; reads and writes in large blocks.
using HandLoop = tl::expected<LoopResult, std::string>(const std::filesystem::path& input,
                                                       const std::filesystem::path& output);

/// With simdjson's On-Demand parser.
HandLoop run_simdjson_loop;

/// With RapidJSON's SAX parser in situ, for reference.
HandLoop run_rapidjson_loop;

}  // namespace spillway::bench
