#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <spillway/frame_reader.hpp>
#include <spillway/frame_writer.hpp>

namespace spillway::runtime {

/// How the frames of one live source are kept: in frame files of a folder, each named after the
/// receive time of its first frame.
struct FrameLogSettings {
    std::filesystem::path folder;
    std::uint64_t file_bytes = std::uint64_t{256} << 20U;  ///< then the next file begins
    Duration file_age = hour;
    std::uint64_t keep_bytes = 0;  ///< older files go; 0 = none goes for its size
    Duration keep_for = 0;         ///< the same by receive time
    /// Each `write` reaches the file: what was taken survives the process.
    bool at_once = false;
};

/// Writes frames as the ingress stamped them: a recording, or a journal that is read back after a
/// crash. Used by the engine thread.
class FrameLog {
public:
    /// Makes the folder. Errors name it.
    [[nodiscard]] static Result<FrameLog> open(const FrameLogSettings& settings);

    [[nodiscard]] Status write(std::span<const Frame> frames);
    /// What was written survives a loss of power.
    [[nodiscard]] Status sync();
    [[nodiscard]] Status close();

private:
    explicit FrameLog(FrameLogSettings settings) : settings_(std::move(settings)) {}
    [[nodiscard]] Status begin_file(Time first);
    void remove_old(Time now);

    struct File {
        std::filesystem::path path;
        std::uint64_t bytes = 0;
        Time first = time_before_all;
    };
    FrameLogSettings settings_;
    std::optional<FrameWriter> writer_;
    std::deque<File> files_;  ///< those of the folder, oldest first; the last one is written
};

/// Reads such a folder, from behind a receive time on. A file that ends inside a block was being
/// written when the process died: it is read up to there.
class FrameLogReader {
public:
    [[nodiscard]] static Result<FrameLogReader> open(const std::filesystem::path& folder,
                                                     Time behind);
    /// The next frames, all in `block`; empty at the end. Valid until the next call.
    [[nodiscard]] Result<std::span<const Frame>> next(BlockRef& block);
    /// What could not be read on the way to these frames, and where; empty if nothing.
    [[nodiscard]] const std::string& damage() const noexcept { return damage_; }

private:
    void note_damage();

    std::string path_;  ///< of the file that is read
    std::string damage_;
    std::deque<std::filesystem::path> files_;
    std::optional<FrameReader> reader_;
    Time behind_ = time_before_all;
};

}  // namespace spillway::runtime
