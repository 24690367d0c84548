// A source of recorded frames whose options name what the recording does not have.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Of binance only.
constexpr std::string_view recording =
    SPILLWAY_SOURCE_DIR "/pipelines/data/frames/2026-09-27.frames";

class SilentSource : public ::testing::Test {
protected:
    CommandResult run(const std::string& venue, const std::string& channel = "") {
        folder_.write("pipeline.yaml",
                      "name: silent\n"
                      "sources:\n"
                      "  mine: {type: frames, venue: binance, path: " +
                          std::string(recording) +
                          "}\n"
                          "  other: {type: frames, venue: " +
                          venue + ", channel: \"" + channel +
                          "\", path: " + std::string(recording) +
                          "}\n"
                          "sinks:\n"
                          "  rows: {type: \"null\", inputs: [mine, other]}\n");
        return run_command({.arguments = {"run", "pipeline.yaml"}, .folder = folder_.path()});
    }
    TemporaryFolder folder_;
};

TEST_F(SilentSource, IsExplainedWithOptionValueAndWhatThereIs) {
    const CommandResult venue = run("okx");
    EXPECT_EQ(venue.code, 0) << venue.err;
    EXPECT_THAT(venue.err, HasSubstr("other gave no records: " + std::string(recording) +
                                     ": no frame is of `venue: okx`; there are frames of binance"));
    EXPECT_THAT(venue.err, Not(HasSubstr("mine gave no records")));
    const CommandResult channel = run("binance", "no such stream");
    EXPECT_EQ(channel.code, 0) << channel.err;
    EXPECT_THAT(channel.err, HasSubstr("no frame of binance is of `channel: no such stream`; there "
                                       "are frames of "));
}

TEST_F(SilentSource, OnlyIfItIsSilent) {
    const CommandResult result = run("binance");
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, Not(HasSubstr("gave no records")));
}

}  // namespace
}  // namespace spillway::testing
