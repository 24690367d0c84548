#pragma once

#include <filesystem>

#include <spillway/testing/frames.hpp>

namespace spillway::testing {

/// Frames for a decoder from a file, a frame a line: type, channel, HTTP status and bytes with tabs
/// between them. The line `half` is where the state is kept. Like the golden files such a file
/// never changes.
struct FixedFrames {
    FrameScript script;
    std::uint32_t half = 0;  ///< frames before it

    [[nodiscard]] static FixedFrames read(const std::filesystem::path& file);
};

}  // namespace spillway::testing
