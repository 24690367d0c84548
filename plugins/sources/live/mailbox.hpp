#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/source.hpp>

namespace spillway::live {

/// A frame on its way into the mailbox; `bytes` are copied.
struct Item {
    FrameType type = FrameType::data;
    NameId channel = NameId::none;
    std::uint32_t session = 0;
    std::string_view bytes = {};
    std::uint16_t http_status = 0;
    bool binary = false;
};

/// Between the I/O thread, which fills it, and the engine, which empties it: frames with their
/// bytes in blocks, each handed over whole. Every frame has a receive time of its own, so a read
/// never ends inside an instant. What the engine does not fetch is bounded: then the oldest data
/// goes, and a `gap` frame stands in its place.
class Mailbox {
public:
    static constexpr std::size_t block_size = 64U << 10U;
    /// Of a block, however small they are.
    static constexpr std::uint32_t frames_per_block = 4096;

    /// `limit`: bytes that may wait: blocks, frames and letters. `arrivals` may be null.
    Mailbox(VenueId venue, std::size_t limit, Arrivals* arrivals) noexcept
        : venue_(venue), limit_(limit), arrivals_(arrivals) {}

    // ---- I/O thread ----

    /// Answers the receive time that the frame got: `now`, or just behind the one before it.
    Time put(const Item& item, Time now);
    /// A message that never became a frame, `raw` as far as it is known.
    void put_letter(std::string_view place, std::string_view reason, std::string_view raw,
                    std::uint64_t raw_size, Time now);
    /// Nothing more comes: what is put later is left out.
    void end();

    // ---- engine ----

    /// Appends one block with its frames and letters. Never blocks for long.
    [[nodiscard]] ReadState take(SourceOutput& out);

    // ---- any thread ----

    /// What is put from now on is later than `time`.
    void not_before(Time time);
    [[nodiscard]] Time newest() const;
    [[nodiscard]] std::uint64_t dropped() const;
    [[nodiscard]] std::size_t waiting_bytes() const;

private:
    struct Letter {
        std::uint32_t before;  ///< frames of the segment that came earlier
        Time time;
        std::string place, reason, raw;
        std::uint64_t raw_size;

        [[nodiscard]] std::size_t cost() const noexcept {
            return sizeof(Letter) + place.size() + reason.size() + raw.size();
        }
    };
    struct Segment {
        BlockRef block;
        std::size_t used = 0;
        PodVector<Frame> frames;
        std::vector<Letter> letters;
        std::size_t letter_bytes = 0;

        [[nodiscard]] bool empty() const noexcept { return frames.empty() && letters.empty(); }
        [[nodiscard]] std::size_t capacity() const noexcept {
            return block ? block.get()->capacity : 0;
        }
        [[nodiscard]] std::size_t cost() const noexcept {
            return capacity() + frames.size() * sizeof(Frame) + letter_bytes;
        }
        [[nodiscard]] bool has_room(std::size_t size) const noexcept {
            return block && used + size <= capacity() && frames.size() < frames_per_block &&
                   letter_bytes < block_size;
        }
        void add(Letter letter) {
            letter_bytes += letter.cost();
            letters.push_back(std::move(letter));
        }
    };
    [[nodiscard]] bool is_empty() const noexcept;
    [[nodiscard]] Time stamp(Time now) noexcept;
    void make_room(std::size_t size);
    void close_segment();
    void keep_limit(std::size_t more);
    void drop_oldest();
    void stand_in(const Frame& dropped);
    void hand_over(Segment& segment, SourceOutput& out);
    static void append(Segment& segment, Frame frame);

    const VenueId venue_;
    const std::size_t limit_;
    Arrivals* const arrivals_;

    /// Whether `take` has anything to do: the engine asks far more often than something comes.
    std::atomic<bool> filled_ = false;
    mutable std::mutex mutex_;
    Segment lost_;               ///< what is left of dropped segments
    std::vector<Segment> full_;  ///< oldest first
    Segment filling_;
    std::size_t held_ = 0;  ///< cost of `full_`
    std::vector<PodVector<Frame>> spare_;
    Time newest_ = time_before_all;
    std::uint64_t dropped_ = 0;
    bool ended_ = false;
};

}  // namespace spillway::live
