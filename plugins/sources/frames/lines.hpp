#pragma once

#include <string>

#include <spillway/source.hpp>

#include "common/input/line_reader.hpp"
#include "engine_time.hpp"
#include "options.hpp"

namespace spillway::frames {

/// Where reading of lines goes on.
struct LinesPosition {
    input::LinePosition line;
    Time time = time_before_all;

    template <class Archive>
    void fields(Archive& io) {
        io(1, line);
        io(2, time);
    }
};

/// The raw messages of one venue and channel, one a line. The receive time of a message is found
/// in its bytes, and held at the one before it where the file goes back in time. All frames of one
/// read lie in one block, and each read ends with an instant: messages of one receive time come
/// together, whatever limit and block size.
class Lines {
public:
    [[nodiscard]] Status open(const Options& options);
    [[nodiscard]] Result<ReadState> read(SourceOutput& out, std::uint32_t limit);
    [[nodiscard]] LinesPosition position() const noexcept { return {reader_.position(), time_}; }
    [[nodiscard]] Status seek(const LinesPosition& position) noexcept;
    [[nodiscard]] Progress progress() const noexcept { return reader_.progress(); }

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

    std::string path_;
    std::uint64_t max_line_ = 0;
    input::LineReader reader_;
    EngineTimeScanner scanner_;
    Time time_ = time_before_all;  ///< receive time of the last frame
    VenueId venue_ = VenueId::none;
    NameId channel_ = NameId::none;
};

}  // namespace spillway::frames
