#pragma once

#include <cstdint>
#include <deque>

#include <spillway/source.hpp>

#include "files.hpp"

namespace spillway::frames {

/// Where reading of a recording goes on.
struct RecordingPosition {
    Place place;
    Time time = time_before_all;

    template <class Archive>
    void fields(Archive& io) {
        io(1, place);
        io(2, time);
    }
};

/// Frames of one venue out of frame files. Each read ends with an instant, and its frames lie in
/// one block: those of a file, unless an instant goes over several blocks; then it is copied.
class Recording {
public:
    [[nodiscard]] Status open(const std::string& path, const Selection& selection);
    [[nodiscard]] Result<ReadState> read(SourceOutput& out, std::uint32_t limit);
    [[nodiscard]] RecordingPosition position() const { return {place_, time_}; }
    [[nodiscard]] Status seek(const RecordingPosition& position);
    [[nodiscard]] Progress progress() const noexcept { return files_.progress(); }

private:
    [[nodiscard]] Status look_ahead(std::size_t index);
    [[nodiscard]] Status deliver(SourceOutput& out, std::uint32_t room);
    void give(SourceOutput& out, Piece& piece, std::uint32_t end);
    [[nodiscard]] Status gather(SourceOutput& out);
    void tell(SourceOutput& out, const Piece::Damage& damage) const;
    void begin_new_instant();

    Files files_;
    std::deque<Piece> pieces_;  ///< the one that is delivered, and those looked ahead at
    bool ended_ = false;        ///< no more pieces come
    Place place_;
    Time time_ = time_before_all;  ///< receive time of the last frame
};

}  // namespace spillway::frames
