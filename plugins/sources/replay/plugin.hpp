#pragma once

#include <cstdint>
#include <string>

#include <spillway/source.hpp>

#include "common/input/line_reader.hpp"
#include "events.hpp"
#include "ordinals.hpp"
#include "record.hpp"

namespace spillway::replay {

struct Options {
    std::string path;
    std::uint64_t max_line = 0;
};

/// Reads recorded events from a JSON-lines file. The receive time of a record is its `ts`, held at
/// the one before it where a file goes back in time.
class Replay : public SourcePlugin<Replay> {
public:
    static constexpr About about{
        .name = "replay",
        .version = "1.0.0",
        .summary = "Recorded market events from a JSON-lines file, plain, gzip or zstd",
        .emits = {Kind::price, Kind::bar, Kind::funding_rate, Kind::open_interest,
                  Kind::long_short_ratio, Kind::liquidation, Kind::liquidation_sum,
                  Kind::stablecoin_flow, Kind::extension},
        .traits = Trait::replayable};
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "JSON-lines file; may be gzip or zstd."),
        option::size<&Options::max_line>("max_line", "Longer lines become dead letters.")
            .otherwise("1MiB")
            .at_least(1024)
            .at_most(256.0 * 1024 * 1024));
    Options options;

    Status open(const SourceSetup& setup) noexcept override;
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter& out) noexcept override;
    Status seek(std::span<const std::byte> position) noexcept override;
    [[nodiscard]] Progress progress() const noexcept override { return reader_.progress(); }

private:
    void take(const input::Line& line, SourceOutput& out);
    [[nodiscard]] Time first_time();
    void refuse(const input::Line& line, std::string_view reason, SourceOutput& out);

    input::LineReader reader_;
    RecordParser parser_;
    EventMaker events_;
    Ordinals ordinals_;
    Time time_ = time_before_all;  ///< receive time of the last good record
    bool needs_ids_ = true;
};

}  // namespace spillway::replay
