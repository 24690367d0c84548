#pragma once

#include <variant>

#include <spillway/source.hpp>

#include "lines.hpp"
#include "options.hpp"
#include "recording.hpp"

namespace spillway::frames {

/// Reads raw frames for a venue's decoder: out of frame files, which are recognised by their first
/// bytes, or out of plain messages of one channel, one a line.
class Frames : public SourcePlugin<Frames> {
public:
    static constexpr About about{
        .name = "frames",
        .version = "1.1.0",
        .summary = "Raw messages of one venue from frame files, or from plain lines of one channel",
        .emits = source_kinds,
        .traits = Trait::frames | Trait::replayable};
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>(
            "path",
            "A frame file, a folder with *.frames files, or a file with one message a line (may "
            "be gzip or zstd)."),
        option::text<&Options::venue>(
            "venue",
            "Venue plugin that decodes the messages; of a frame file, the frames of this venue."),
        option::text<&Options::channel>(
            "channel",
            "Of lines: stream that they came from. Of frame files: only this channel; empty: all.")
            .otherwise(""),
        option::text<&Options::engine_time>(
            "engine_time",
            "Of lines, and required for them: receive time comes from this key, the integer after "
            "its first occurrence in the line. Frame files have receive times.")
            .otherwise(""),
        option::choice<&Options::time_unit>("time_unit", time_unit_names,
                                            "Of lines: unit of that integer.")
            .otherwise("ms"),
        option::size<&Options::max_line>("max_line", "Longer lines become dead letters.")
            .otherwise("1MiB")
            .at_least(1024)
            .at_most(256.0 * 1024 * 1024));
    Options options;

    Status check() const;
    Status open(const SourceSetup& setup) noexcept override;
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter& out) noexcept override;
    Status seek(std::span<const std::byte> position) noexcept override;
    [[nodiscard]] Progress progress() const noexcept override;
    /// Looks into frame files for what is wanted of them.
    void examine(const SourceSetup& setup, Examiner& out) noexcept override;

private:
    std::variant<Lines, Recording> input_;
};

}  // namespace spillway::frames
