#pragma once

#include <string>

#include <spillway/source.hpp>

#include "common/input/line_reader.hpp"
#include "engine_time.hpp"

namespace spillway::frames {

struct Options {
    std::string path;
    std::string venue;
    std::string channel;
    std::string engine_time;
    TimeUnit time_unit = TimeUnit::milliseconds;
    std::uint64_t max_line = 0;
};

/// Reads the raw messages of one venue and channel, one a line. The receive time of a message is
/// found in its bytes, and held at the one before it where the file goes back in time. All frames
/// of one read lie in one block, and each read ends with an instant: messages of one receive time
/// come together, whatever limit and block size.
class Frames : public SourcePlugin<Frames> {
public:
    static constexpr About about{
        .name = "frames",
        .version = "1.0.0",
        .summary = "Raw messages of one venue and channel from a file, one a line",
        .emits = source_kinds,
        .traits = Trait::frames | Trait::replayable};
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "File with one message a line; may be gzip or zstd."),
        option::text<&Options::venue>("venue", "Venue plugin that decodes the messages."),
        option::text<&Options::channel>("channel", "Stream that the messages came from.")
            .otherwise(""),
        option::text<&Options::engine_time>(
            "engine_time",
            "Receive time comes from this key: the integer after its first "
            "occurrence in the line."),
        option::choice<&Options::time_unit>("time_unit", time_unit_names, "Unit of that integer.")
            .otherwise("ms"),
        option::size<&Options::max_line>("max_line", "Longer lines become dead letters.")
            .otherwise("1MiB")
            .at_least(1024)
            .at_most(256.0 * 1024 * 1024));
    Options options;

    Status check();
    Status open(const SourceSetup& setup) noexcept override;
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter& out) noexcept override;
    Status seek(std::span<const std::byte> position) noexcept override;
    [[nodiscard]] Progress progress() const noexcept override { return reader_.progress(); }

private:
    /// The newest instant of a read: where it begins in the block and in the output.
    struct Instant {
        input::LineReader::Mark start;
        std::uint32_t frames = 0, letters = 0;
    };
    enum class Stop : std::uint8_t { limit, block };
    Stop read_lines(SourceOutput& out, std::uint32_t limit, Instant& instant);
    void keep_whole_instants(SourceOutput& out, const Instant& instant);
    void refuse(const input::Line& line, SourceOutput& out);
    [[nodiscard]] Time first_time();

    input::LineReader reader_;
    EngineTimeScanner scanner_;
    Time time_ = time_before_all;  ///< receive time of the last frame
    VenueId venue_ = VenueId::none;
    NameId channel_ = NameId::none;
};

}  // namespace spillway::frames
