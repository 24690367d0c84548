#include "plugin.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace spillway::frames {

Status Frames::check() {
    if (options.venue.empty()) return bad_option("venue", "empty; expected a venue plugin's name");
    if (options.engine_time.empty() || options.engine_time.find('"') != std::string::npos) {
        return bad_option("engine_time", "expected a JSON key without quotes, like E or ts");
    }
    return {};
}

Status Frames::open(const SourceSetup&) noexcept {
    scanner_ = EngineTimeScanner(options.engine_time, options.time_unit);
    venue_ = venue_id(options.venue);
    channel_ = name_id(options.channel);
    time_ = time_before_all;
    return reader_.open(options.path, options.max_line);
}

Result<ReadState> Frames::read(SourceOutput& out, std::uint32_t limit) noexcept {
    Frame frame{};
    frame.channel = channel_;
    frame.venue = venue_;
    frame.type = FrameType::data;
    for (;;) {
        input::Line line;
        while (out.count() < limit && reader_.next(line)) {
            Time time = 0;
            if (line.too_long || !scanner_.scan(line.text, time)) [[unlikely]] {
                refuse(line, out);
                continue;
            }
            time_ = std::max(time_, time);
            frame.receive_time = time_;
            frame.bytes = line.text;
            out.frames.push_back(frame);
        }
        if (!out.frames.empty()) out.block = reader_.block();
        // Frames of one read share one block: the next block is for the next read.
        if (out.count() > 0) return ReadState::more;
        const Result<bool> more = reader_.fill();
        if (!more) return tl::make_unexpected(more.error());
        if (!*more) return ReadState::end;
        if (time_ == time_before_all) time_ = first_time();
    }
}

/// Dead letters before the first frame take its time.
Time Frames::first_time() {
    const input::LinePosition start = reader_.position();
    Time time = time_before_all;
    for (input::Line line; time == time_before_all && reader_.next(line);) {
        if (Time found = 0; !line.too_long && scanner_.scan(line.text, found)) time = found;
    }
    reader_.rewind(start);
    return time;
}

void Frames::refuse(const input::Line& line, SourceOutput& out) {
    const std::string reason = line.too_long ? fmt::format("the line has {} bytes, max_line is {}",
                                                           line.size, options.max_line)
                                             : scanner_.reason(line.text);
    out.dead_letter(std::max(time_, earliest_event_time),
                    fmt::format("{}:{}", options.path, line.number), reason, line.text);
}

namespace {

struct Position {
    input::LinePosition line;
    Time time = time_before_all;

    template <class Archive>
    void fields(Archive& io) {
        io(1, line);
        io(2, time);
    }
};

}  // namespace

void Frames::position(StateWriter& out) noexcept { out(1, Position{reader_.position(), time_}); }

Status Frames::seek(std::span<const std::byte> position) noexcept {
    StateReader in(position);
    Position place;
    in(1, place);
    if (!in.ok()) return {Code::io, "the stored position is damaged", options.path};
    time_ = place.time;
    return reader_.seek(place.line);
}

}  // namespace spillway::frames

SPILLWAY_PLUGIN(spillway::frames::Frames)
