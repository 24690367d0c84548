#include "lines.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace spillway::frames {

Status Lines::open(const Options& options) {
    path_ = options.path;
    max_line_ = options.max_line;
    scanner_ = EngineTimeScanner(options.engine_time, options.time_unit);
    venue_ = venue_id(options.venue);
    channel_ = name_id(options.channel);
    time_ = time_before_all;
    return reader_.open(options.path, options.max_line);
}

Status Lines::seek(const LinesPosition& position) noexcept {
    time_ = position.time;
    return reader_.seek(position.line);
}

Result<ReadState> Lines::read(SourceOutput& out, std::uint32_t limit) {
    const std::uint32_t before = out.count();
    for (;;) {
        Instant instant{reader_.mark(), out.frames.size(), out.letters->size()};
        if (read_lines(out, std::max(limit, before + 1), instant) == Stop::block) {
            keep_whole_instants(out, instant);
        }
        if (!out.frames.empty()) out.block = reader_.block();
        // Frames of one read share one block: the next block is for the next read.
        if (out.count() > before) return ReadState::more;
        const Result<bool> more = reader_.fill();
        if (!more) return tl::make_unexpected(more.error());
        if (!*more) return ReadState::end;
        if (time_ == time_before_all) time_ = first_time();
    }
}

/// Lines of the current block, up to the limit and from there to the end of the instant.
Lines::Stop Lines::read_lines(SourceOutput& out, std::uint32_t limit, Instant& instant) {
    for (input::Line line;;) {
        const input::LineReader::Mark start = reader_.mark();
        if (out.frames.empty() && out.count() >= limit) return Stop::limit;
        if (!reader_.next(line)) return Stop::block;
        Time time = 0;
        if (line.too_long || !scanner_.scan(line.text, time)) [[unlikely]] {
            refuse(line, out);
            continue;
        }
        if (time > time_) {
            if (out.count() >= limit) {
                reader_.rewind(start);
                return Stop::limit;
            }
            time_ = time;
            instant = {start, out.frames.size(), out.letters->size()};
        }
        Frame& frame = out.frames.append_uninitialised();
        frame.receive_time = time_;
        frame.sequence = 0;
        frame.bytes = line.text;
        frame.session = 0;
        frame.channel = channel_;
        frame.venue = venue_;
        frame.http_status = 0;
        frame.type = FrameType::data;
        frame.binary = false;
    }
}

/// The last instant of a block may go on in the next one: it waits for that, as a step never
/// splits an instant. One that is too large to be held ends here, and another begins.
void Lines::keep_whole_instants(SourceOutput& out, const Instant& instant) {
    if (reader_.is_last_block() || out.frames.empty()) return;
    if (reader_.long_line_follows() || reader_.bytes_since(instant.start) > largest_instant) {
        ++time_;
        return;
    }
    out.frames.resize_uninitialised(instant.frames);
    out.letters->truncate(instant.letters);
    out.letter_positions.resize_uninitialised(instant.letters);
    reader_.rewind(instant.start);
}

/// Dead letters before the first frame take its time.
Time Lines::first_time() {
    const input::LineReader::Mark start = reader_.mark();
    Time time = time_before_all;
    for (input::Line line; time == time_before_all && reader_.next(line);) {
        if (Time found = 0; !line.too_long && scanner_.scan(line.text, found)) time = found;
    }
    reader_.rewind(start);
    return time;
}

void Lines::refuse(const input::Line& line, SourceOutput& out) {
    const std::string reason =
        line.too_long ? fmt::format("the line has {} bytes, max_line is {}", line.size, max_line_)
                      : scanner_.reason(line.text);
    out.dead_letter(std::max(time_, earliest_event_time), fmt::format("{}:{}", path_, line.number),
                    reason, line.text, line.size);
}

}  // namespace spillway::frames
