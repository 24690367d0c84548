#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include <tl/expected.hpp>

namespace spillway::bench {

/// Shape of a frame on the wire.
enum class FrameForm {
    /// The bare event of a `/ws` connection, without `ps` and `st`: about 180 bytes.
    bare,
    /// Wrapped as `{"stream":...,"data":...}`, with `ps` and `st`: about 240 bytes.
    combined,
};

struct ForceOrderOptions {
    std::uint64_t seed = 1;
    std::uint64_t frames = 1'000'000;
    /// Trade time `T` of the first frame, milliseconds UTC; a full minute.
    std::int64_t start_ms = 1'770'000'000'000;
    /// Distance of two frames in trade time.
    std::int64_t spacing_ms = 50;
    FrameForm form = FrameForm::bare;
};

/// Makes Binance USD-M `forceOrder` frames over 20 symbols, one JSON line each, in order of trade
/// time; one in five is worth 100,000 USD or more (filled quantity times average price).
/// The same options give the same bytes on every machine: all arithmetic is in integers.
class ForceOrderGenerator {
public:
    static constexpr std::size_t symbol_count = 20;

    explicit ForceOrderGenerator(const ForceOrderOptions& options);

    /// Appends the next frame and a newline.
    void append_next(std::string& out);

private:
    std::uint64_t random();
    std::uint64_t random_below(std::uint64_t bound);
    std::uint64_t next_notional_usd();
    std::uint64_t next_price(std::size_t symbol);

    ForceOrderOptions options_;
    std::uint64_t random_state_;
    std::int64_t trade_time_ms_;
    /// Current price of each symbol, in units of its last decimal.
    std::array<std::uint64_t, symbol_count> prices_{};
};

/// Writes `options.frames` lines to `path`, replacing the file. Returns the bytes written, or a
/// message that names the file and the cause.
tl::expected<std::uint64_t, std::string> write_force_orders(const std::filesystem::path& path,
                                                            const ForceOrderOptions& options);

}  // namespace spillway::bench
