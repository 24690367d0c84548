#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/frame_reader.hpp>
#include <spillway/frame_writer.hpp>
#include <spillway/pod_vector.hpp>

// What `spillway frames` does; frames.cpp holds its command line.
namespace spillway::cli {

// ---- a frame as a line of JSON ----

/// {"time":..,"venue":..,"session":..,"channel":..,"type":..,"text":..}, without a line break.
/// Bytes that are no UTF-8, and binary ones, go into "base64"; "status" and "binary" only if set.
void append_frame_json(PodVector<char>& out, const Frame& frame);
/// Reads that form. `storage` holds the bytes of the frame.
[[nodiscard]] Status parse_frame_json(std::string_view line, std::string& storage, Frame& frame);
/// "2026-02-05T20:25:00.123456789Z", parts from the right may be missing down to the day; or
/// nanoseconds since 1970.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// ---- reading files ----

/// The files themselves: in place of a folder the frame files in it and below, in the order of
/// their paths, which in a recording is by source and time.
[[nodiscard]] std::vector<std::filesystem::path> frame_files(
    const std::vector<std::filesystem::path>& named);

/// Which frames are wanted; empty lists mean all.
struct FrameSelection {
    std::string from, to;  ///< receive times, as written by the user; `to` is not included
    std::vector<std::string> venues, channels;
    std::vector<std::uint32_t> sessions;
};

/// Hands over the wanted frames of the files, in the order of the files, and tells damage on
/// standard error. Answers the exit code: 1 after damage or an error.
[[nodiscard]] int for_each_frame(const std::vector<std::filesystem::path>& files,
                                 const FrameSelection& selection,
                                 const std::function<Status(const Frame&)>& take);
/// "FILE:OFFSET: reason; 3 records lost, 120 bytes".
[[nodiscard]] std::string describe(const std::filesystem::path& file, const FrameDamage& damage);

// ---- the commands; each answers the exit code ----

[[nodiscard]] int inspect_frames(const std::vector<std::filesystem::path>& files, bool json);
[[nodiscard]] int verify_frames(const std::vector<std::filesystem::path>& files, bool json);
[[nodiscard]] int cat_frames(const std::vector<std::filesystem::path>& files,
                             const FrameSelection& selection);
[[nodiscard]] int cut_frames(const std::vector<std::filesystem::path>& files,
                             const FrameSelection& selection, const std::filesystem::path& out);

/// Where `make` takes frames from.
struct MakeFrames {
    std::filesystem::path input = "-";  ///< `-` is standard input
    std::filesystem::path out;
    std::string codec = "zstd";
    // Of plain messages; with an empty venue every line is a frame as `cat` prints it.
    std::string venue, channel, time_key, time_unit = "ms";
    std::uint32_t session = 1;
};
[[nodiscard]] int make_frames(const MakeFrames& arguments);

}  // namespace spillway::cli
