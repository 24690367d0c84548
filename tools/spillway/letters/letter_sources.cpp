#include "letters/letter_sources.hpp"

#include <algorithm>
#include <cstring>

#include <spillway/dead_letter.hpp>
#include <spillway/event_json.hpp>

namespace spillway::cli {

Result<ReadState> LetterSource::read(SourceOutput& out, std::uint32_t limit) noexcept {
    const std::size_t room = limit > out.count() ? limit - out.count() : 0;
    const std::size_t last = std::min(letters.size(), next_ + room);
    Status status = detail::guarded([&] { return put(next_, last, out); });
    if (!status.ok()) return tl::unexpected(std::move(status));
    next_ = last;
    return next_ == letters.size() ? ReadState::end : ReadState::more;
}

Status FrameLetters::put(std::size_t first, std::size_t last, SourceOutput& out) {
    std::size_t bytes = 0;
    for (std::size_t i = first; i < last; ++i) bytes += letters[i].raw.size();
    out.block = BlockRef(block_create(bytes));
    auto* at = reinterpret_cast<char*>(out.block.get()->data);
    for (std::size_t i = first; i < last; ++i) {
        const Letter& letter = letters[i];
        Result<Frame> frame = read_frame_origin(letter.origin);
        if (!frame) return frame.error();
        // NOLINTNEXTLINE(bugprone-not-null-terminated-result): a frame is no C string
        std::memcpy(at, letter.raw.data(), letter.raw.size());
        frame->bytes = {at, letter.raw.size()};
        frame->receive_time = letter.time;
        out.frames.push_back(*frame);
        at += letter.raw.size();
    }
    return {};
}

Status EventLetters::put(std::size_t first, std::size_t last, SourceOutput& out) {
    for (std::size_t i = first; i < last; ++i) {
        const Result<Event*> event = parse_event_json(letters[i].raw, *out.events);
        if (!event) return event.error();
        if (letters[i].origin != origin_broadcast_event) continue;
        (*event)->flags = static_cast<std::uint16_t>((*event)->flags | flag_broadcast);
    }
    return {};
}

}  // namespace spillway::cli
