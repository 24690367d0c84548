#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "commands/frames.hpp"
#include "exit_code.hpp"
#include "failure.hpp"

namespace spillway::cli {
namespace {

Duration unit_of(std::string_view name) noexcept {
    constexpr std::array<std::pair<std::string_view, Duration>, 4> units = {
        {{"s", second}, {"ms", millisecond}, {"us", microsecond}, {"ns", nanosecond}}};
    for (const auto& [text, unit] : units) {
        if (text == name) return unit;
    }
    return millisecond;
}

/// Messages of one venue and channel, with the time in their bytes.
class PlainLines {
public:
    explicit PlainLines(const MakeFrames& arguments)
        : pattern_(fmt::format("\"{}\":", arguments.time_key)),
          unit_(unit_of(arguments.time_unit)) {
        frame_ = {time_before_all,
                  0,
                  {},
                  arguments.session,
                  name_id(arguments.channel),
                  venue_id(arguments.venue),
                  0,
                  FrameType::data,
                  false};
    }

    Status parse(std::string_view line, Frame& frame) {
        const std::size_t key = line.find(pattern_);
        if (key == std::string_view::npos) {
            return bad_record(fmt::format("no {} in the line: no receive time", pattern_));
        }
        const std::string_view rest = line.substr(key + pattern_.size());
        const std::string_view digits =
            rest.substr(std::min(rest.find_first_not_of(" \""), rest.size()));
        std::int64_t value = 0;
        const char* const end = digits.data() + digits.size();
        const auto [last, error] = std::from_chars(digits.data(), end, value);
        const bool fraction = last < end && (*last == '.' || *last == 'e');
        if (error != std::errc() || fraction || value < earliest_event_time / unit_ ||
            value >= latest_event_time / unit_) {
            return bad_record(fmt::format(
                "{}{} is not an integer time of the years 2009 to 2100; check --time-unit",
                pattern_, rest.substr(0, 24)));
        }
        frame_.receive_time = std::max(frame_.receive_time, value * unit_);
        frame = frame_;
        frame.bytes = line;
        return {};
    }

private:
    std::string pattern_;
    Duration unit_;
    Frame frame_{};
};

/// Writes a frame for every line that is not empty; what is wrong names the line.
Status write_lines(std::istream& in, const std::string& name, const MakeFrames& arguments,
                   FrameWriter& writer) {
    PlainLines plain(arguments);
    std::string line, storage;
    for (std::uint64_t number = 1; std::getline(in, line); ++number) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        Frame frame{};
        Status status = arguments.venue.empty() ? parse_frame_json(line, storage, frame)
                                                : plain.parse(line, frame);
        if (status.ok()) status = writer.write(frame);
        if (!status.ok()) {
            return {status.code(), fmt::format("{}:{}: {}", name, number, status.message())};
        }
    }
    if (in.bad()) return {Code::io, name + ": cannot be read"};
    return writer.close();
}

}  // namespace

int make_frames(const MakeFrames& arguments) {
    const bool standard = arguments.input == "-";
    const std::string name = standard ? "standard input" : arguments.input.string();
    std::ifstream file;
    if (!standard) {
        file.open(arguments.input, std::ios::binary);
        if (!file || std::filesystem::is_directory(arguments.input)) {
            fmt::print(stderr, "spillway: {}: cannot open\n", name);
            return exit_usage;
        }
    }
    auto writer = FrameWriter::create(
        arguments.out.string(),
        {.codec = arguments.codec == "none" ? FrameCodec::none : FrameCodec::zstd});
    if (!writer) return fail(writer.error());
    const Status status = write_lines(standard ? std::cin : file, name, arguments, *writer);
    if (!status.ok()) {
        fmt::print(stderr, "spillway: {}\n", status.message());
        std::error_code ignored;
        std::filesystem::remove(arguments.out, ignored);  // half a fixture is worse than none
        return exit_failed;
    }
    fmt::print(stderr, "{}: {} frames, {} bytes\n", arguments.out.string(), writer->records(),
               writer->size());
    return exit_ok;
}

}  // namespace spillway::cli
