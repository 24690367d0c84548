#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <spillway/frame_reader.hpp>
#include <spillway/source.hpp>

namespace spillway::frames {

/// A place in a sequence of files: a piece, and how many of its frames are done.
struct Place {
    std::string file;  ///< name in its folder
    std::uint64_t offset = 0;
    std::uint64_t first_record = 0;  ///< of the piece, see FramePiece
    std::uint32_t done = 0;          ///< frames, those of other venues included; whole: all and one

    template <class Archive>
    void fields(Archive& io) {
        io(1, file);
        io(2, offset);
        io(3, first_record);
        io(4, done);
    }
};

/// What of a file's frames is wanted.
struct Selection {
    VenueId venue = VenueId::none;
    NameId channel = NameId::none;  ///< none: every channel

    [[nodiscard]] bool wants(const Frame& frame) const noexcept {
        return frame.venue == venue && (channel == NameId::none || frame.channel == channel);
    }
};

/// A block of a file with the frames that are wanted, and its damage.
struct Piece {
    struct Damage {
        std::uint32_t before = 0;  ///< number in the block of the frame that comes after it
        std::string place, reason, sample;
    };
    Place start;
    BlockRef block;
    PodVector<Frame> frames;
    PodVector<std::uint32_t> numbers;  ///< of each frame in the block
    std::uint32_t count = 0;           ///< frames of the block, wanted or not
    std::vector<Damage> damages;
    std::uint32_t next = 0;         ///< first of `frames` not delivered
    std::uint32_t next_damage = 0;  ///< first of `damages` not told

    [[nodiscard]] bool done() const noexcept {
        return next == frames.size() && next_damage == damages.size();
    }
    /// Where reading goes on: after the last frame that was delivered.
    [[nodiscard]] Place place() const {
        Place place = start;
        if (done()) {
            place.done = count + 1;
        } else if (next > 0) {
            place.done = numbers[next - 1] + 1;
        }
        return place;
    }
};

/// One frame file, or those of a folder in the order of their first receive times, read piece by
/// piece. Receive times never go back: they are held.
class Files {
public:
    [[nodiscard]] Status open(const std::string& path, const Selection& selection);
    /// The next piece with wanted frames or damage; none at the end.
    [[nodiscard]] Result<std::optional<Piece>> next();
    /// The next piece with all its frames, wanted or not, valid until the next call; null at the
    /// end.
    [[nodiscard]] Result<const FramePiece*> next_whole();
    /// Goes to a place; `time` was the receive time of the last frame before it.
    [[nodiscard]] Status seek(const Place& place, Time time);
    /// Frames that are read from now on are later than `time`.
    void hold_after(Time time) noexcept { newest_ = std::max(newest_, time + 1); }
    /// What is to be said at the end: a file that ends inside a block.
    [[nodiscard]] const Status& truncated() const noexcept { return truncated_; }
    [[nodiscard]] Progress progress() const noexcept;

private:
    struct File {
        std::string name, path;
        Time first_time = time_never;
        std::uint64_t size = 0;
    };
    [[nodiscard]] Status list(const std::string& folder);
    [[nodiscard]] Status add(const std::string& name, const std::string& path);
    [[nodiscard]] Status open_file(std::size_t index);
    [[nodiscard]] Piece take(const FramePiece& read);
    void take_damage(const FrameDamage& damage, Piece& piece);

    std::vector<File> files_;
    std::size_t file_ = 0;  ///< that is read
    std::unique_ptr<FrameReader> reader_;
    Selection selection_;
    std::uint32_t skip_ = 0;  ///< frames of the next piece that are done already
    Time newest_ = time_before_all;
    Status truncated_;
    std::size_t truncated_files_ = 0;
};

}  // namespace spillway::frames
