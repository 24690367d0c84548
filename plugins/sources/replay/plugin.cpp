#include "plugin.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace spillway::replay {

Status Replay::open(const SourceSetup& setup) noexcept {
    needs_ids_ = setup.needs_ids;
    time_ = time_before_all;
    ordinals_ = Ordinals();
    return reader_.open(options.path, options.max_line);
}

Result<ReadState> Replay::read(SourceOutput& out, std::uint32_t limit) noexcept {
    while (out.count() < limit) {
        if (input::Line line; reader_.next(line)) {
            take(line, out);
            continue;
        }
        const Result<bool> more = reader_.fill();
        if (!more) return tl::make_unexpected(more.error());
        if (!*more) return ReadState::end;
        if (time_ == time_before_all) time_ = first_time();
    }
    return ReadState::more;
}

void Replay::take(const input::Line& line, SourceOutput& out) {
    if (line.too_long) {
        refuse(line,
               fmt::format("the line has {} bytes, max_line is {}", line.size, options.max_line),
               out);
        return;
    }
    Record record;
    Status status = parser_.parse(line.text, needs_ids_, record);
    if (status.ok()) {
        const Time time = std::max(time_, record.time);
        Id id;
        if (needs_ids_) {
            const std::array<std::uint64_t, 3> key = {record.content.high, record.content.low,
                                                      ordinals_.next(time, record.content)};
            id = hash_id(key.data(), sizeof(key));
        }
        status = events_.emit(record, line.text, time, id, out);
        if (status.ok()) time_ = time;
    }
    if (!status.ok()) refuse(line, status.message(), out);
}

/// Dead letters before the first good record take its time.
Time Replay::first_time() {
    const input::LineReader::Mark start = reader_.mark();
    Time time = time_before_all;
    Record record;
    for (input::Line line; time == time_before_all && reader_.next(line);) {
        if (!line.too_long && parser_.parse(line.text, false, record).ok()) time = record.time;
    }
    reader_.rewind(start);
    return time;
}

void Replay::refuse(const input::Line& line, std::string_view reason, SourceOutput& out) {
    out.dead_letter(std::max(time_, earliest_event_time),
                    fmt::format("{}:{}", options.path, line.number), reason, line.text, line.size);
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

void Replay::position(StateWriter& out) noexcept {
    out(1, Position{reader_.position(), time_});
    out(2, ordinals_);
}

Status Replay::seek(std::span<const std::byte> position) noexcept {
    StateReader in(position);
    Position place;
    in(1, place);
    in(2, ordinals_);
    if (!in.ok()) return {Code::io, "the stored position is damaged", options.path};
    time_ = place.time;
    return reader_.seek(place.line);
}

}  // namespace spillway::replay

SPILLWAY_PLUGIN(spillway::replay::Replay)
