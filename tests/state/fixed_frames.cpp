#include "fixed_frames.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include <gtest/gtest.h>

#include <spillway/testing/golden.hpp>

namespace spillway::testing {
namespace {

constexpr std::array<std::string_view, 6> types = {"opened",   "subscribed", "data",
                                                   "response", "closed",     "gap"};
// Younger than any recording: a decoder never sees the future.
constexpr Time start = 1'798'761'600 * second;  // 2027-01-01 00:00 UTC

std::string_view next_column(std::string_view& line) {
    const std::size_t tab = line.find('\t');
    const std::string_view column = line.substr(0, tab);
    line = tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
    return column;
}

}  // namespace

FixedFrames FixedFrames::read(const std::filesystem::path& file) {
    FixedFrames frames;
    for (const std::string& text : read_lines(file)) {
        if (text == "half") {
            frames.half = frames.script.size();
            continue;
        }
        std::string_view line = text;
        const auto type = std::ranges::find(types, next_column(line));
        const std::string_view channel = next_column(line);
        const std::string_view status = next_column(line);
        if (type == types.end()) {
            ADD_FAILURE() << file << ": no frame has the type of " << text;
            continue;
        }
        auto& message = frames.script.add(start + frames.script.size() * second, line,
                                          static_cast<FrameType>(type - types.begin()));
        message.channel = channel;
        std::from_chars(status.data(), status.data() + status.size(), message.http_status);
    }
    return frames;
}

}  // namespace spillway::testing
