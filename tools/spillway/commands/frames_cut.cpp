#include <algorithm>
#include <cstdio>
#include <limits>
#include <unordered_set>

#include <fmt/format.h>

#include <spillway/event_json.hpp>

#include "commands/frames.hpp"
#include "exit_code.hpp"
#include "failure.hpp"

namespace spillway::cli {
namespace {

/// A selection, ready to be asked.
class Filter {
public:
    explicit Filter(const FrameSelection& selection)
        : sessions_(selection.sessions.begin(), selection.sessions.end()) {
        if (!selection.from.empty()) from_ = parse_time(selection.from).value_or(from_);
        if (!selection.to.empty()) to_ = parse_time(selection.to).value_or(to_);
        for (const std::string& name : selection.venues) venues_.insert(venue_id(name));
        for (const std::string& name : selection.channels) channels_.insert(name_id(name));
    }

    [[nodiscard]] bool takes(const Frame& frame) const {
        return frame.receive_time >= from_ && frame.receive_time < to_ &&
               holds(venues_, frame.venue) && holds(channels_, frame.channel) &&
               holds(sessions_, frame.session);
    }
    [[nodiscard]] bool bounded() const noexcept {
        return from_ != time_before_all || to_ != time_never;
    }
    /// Whether a block may have wanted frames; damage has no times.
    [[nodiscard]] bool takes(const FramePiece& piece) const noexcept {
        return piece.raw_size == 0 || (piece.last_time >= from_ && piece.first_time < to_);
    }

private:
    template <class T>
    static bool holds(const std::unordered_set<T>& wanted, const T& value) {
        return wanted.empty() || wanted.contains(value);
    }

    Time from_ = time_before_all, to_ = time_never;
    std::unordered_set<VenueId> venues_;
    std::unordered_set<NameId> channels_;
    std::unordered_set<std::uint32_t> sessions_;
};

/// The next piece that may have wanted frames is read; the others are gone past.
Result<bool> next_wanted(FrameReader& reader, const Filter& filter) {
    while (filter.bounded()) {
        const std::uint64_t offset = reader.offset();
        Result<bool> more = reader.skip();
        if (!more || !*more) return more;
        if (!reader.piece().damages.empty() && reader.piece().raw_size == 0) return true;
        if (!filter.takes(reader.piece())) continue;
        reader.seek(offset, reader.piece().first_record);
        break;
    }
    return reader.next();
}

}  // namespace

std::string describe(const std::filesystem::path& file, const FrameDamage& damage) {
    std::string text = fmt::format("{}:{}: {}", file.string(), damage.offset, damage.reason);
    if (damage.records > 0) {
        text += fmt::format("; {} record{} lost", damage.records, damage.records > 1 ? "s" : "");
    }
    if (damage.bytes > 0) text += fmt::format("; {} bytes lost", damage.bytes);
    return text;
}

int for_each_frame(const std::vector<std::filesystem::path>& files, const FrameSelection& selection,
                   const std::function<Status(const Frame&)>& take) {
    const Filter filter(selection);
    int code = exit_ok;
    for (const std::filesystem::path& file : files) {
        auto reader = FrameReader::open(file.string());
        if (!reader) return fail(reader.error());
        for (;;) {
            const Result<bool> more = next_wanted(*reader, filter);
            if (!more) return fail(more.error());
            if (!*more) break;
            for (const FrameDamage& damage : reader->piece().damages) {
                fmt::print(stderr, "spillway: {}\n", describe(file, damage));
                code = exit_failed;
            }
            for (const Frame& frame : reader->piece().frames) {
                if (!filter.takes(frame)) continue;
                if (Status status = take(frame); !status.ok()) return fail(status);
            }
        }
    }
    return code;
}

int cat_frames(const std::vector<std::filesystem::path>& files, const FrameSelection& selection) {
    PodVector<char> line;
    const int code = for_each_frame(files, selection, [&](const Frame& frame) -> Status {
        line.clear();
        append_frame_json(line, frame);
        line.push_back('\n');
        if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size()) return {};
        return {Code::io, "cannot write to standard output"};
    });
    if (std::fflush(stdout) == 0) return code;
    return fail({Code::io, "cannot write to standard output"});
}

int cut_frames(const std::vector<std::filesystem::path>& files, const FrameSelection& selection,
               const std::filesystem::path& out) {
    auto writer = FrameWriter::create(out.string());
    if (!writer) return fail(writer.error());
    const int code =
        for_each_frame(files, selection, [&](const Frame& frame) { return writer->write(frame); });
    if (Status status = writer->close(); !status.ok()) return fail(status);
    fmt::print(stderr, "{}: {} frames, {} bytes\n", out.string(), writer->records(),
               writer->size());
    return code;
}

}  // namespace spillway::cli
