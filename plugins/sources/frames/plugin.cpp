#include "plugin.hpp"

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include <spillway/frame_file.hpp>

#include "absence.hpp"
#include "common/input/file.hpp"

namespace spillway::frames {
namespace {

/// Whether a path is a recording: a folder, or a file that is named or begins like a frame file.
Result<bool> is_recording(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return true;
    if (fs::path(path).extension() == frame_file_extension) return true;
    // A pipe has no second reader: it can only be lines.
    if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) return false;
    Result<input::File> file = input::File::open(path);
    if (!file) return tl::make_unexpected(file.error());
    std::array<std::byte, max_frame_file_header + 64> head{};
    const Result<std::size_t> size = file->read(head);
    if (!size) return tl::make_unexpected(size.error());
    return is_frame_file(std::span(head).first(*size));
}

}  // namespace

Status Frames::check() const {
    if (options.venue.empty()) return bad_option("venue", "empty; expected a venue plugin's name");
    if (options.engine_time.find('"') != std::string::npos) {
        return bad_option("engine_time", "expected a JSON key without quotes, like E or ts");
    }
    return {};
}

Status Frames::open(const SourceSetup&) noexcept {
    const Result<bool> recording = is_recording(options.path);
    if (!recording) return recording.error();
    if (*recording) {
        return input_.emplace<Recording>().open(
            options.path, {venue_id(options.venue), name_id(options.channel)});
    }
    if (options.engine_time.empty()) {
        return bad_option(
            "engine_time",
            fmt::format("{} is no frame file: name the key of its messages that receive times come "
                        "from, like `engine_time: E`",
                        options.path));
    }
    return input_.emplace<Lines>().open(options);
}

// `input_` always has a value: no visit throws. NOLINTNEXTLINE(bugprone-exception-escape)
Result<ReadState> Frames::read(SourceOutput& out, std::uint32_t limit) noexcept {
    return std::visit([&](auto& input) { return input.read(out, limit); }, input_);
}

void Frames::position(StateWriter& out) noexcept {
    if (const auto* lines = std::get_if<Lines>(&input_)) {
        out(1, lines->position());
    } else {
        out(2, std::get<Recording>(input_).position());
    }
}

Status Frames::seek(std::span<const std::byte> position) noexcept {
    StateReader in(position);
    LinesPosition line;
    RecordingPosition record;
    in(1, line);
    in(2, record);
    if (!in.ok()) return {Code::io, "the stored position is damaged", options.path};
    const bool of_lines = record.place.file.empty();
    if (auto* lines = std::get_if<Lines>(&input_); lines != nullptr && of_lines) {
        return lines->seek(line);
    }
    auto* recording = std::get_if<Recording>(&input_);
    if (recording != nullptr && line.time == time_before_all) return recording->seek(record);
    return {Code::io,
            fmt::format("{}: cannot go on: {} was read before, this is {}; start over with --fresh",
                        options.path, of_lines ? "a file of lines" : "a recording",
                        of_lines ? "a recording" : "a file of lines"),
            options.path};
}

// NOLINTNEXTLINE(bugprone-exception-escape)
Progress Frames::progress() const noexcept {
    return std::visit([](const auto& input) { return input.progress(); }, input_);
}

void Frames::examine(const SourceSetup&, Examiner& out) noexcept {
    const Status status = detail::guarded([&]() -> Status {
        const Result<bool> recording = is_recording(options.path);
        if (!recording) return recording.error();
        if (!*recording) return {};
        const auto absence =
            find_absence(options.path, {venue_id(options.venue), name_id(options.channel)}, out);
        if (!absence) return absence.error();
        if (*absence) {
            out.report({options.path, (*absence)->option, Outcome::warning, (*absence)->detail,
                        "what a recording holds: spillway frames inspect FILE"});
        }
        return {};
    });
    if (!status.ok()) out.report({options.path, "path", Outcome::failed, status.message()});
}

}  // namespace spillway::frames

SPILLWAY_PLUGIN(spillway::frames::Frames)
