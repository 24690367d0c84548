#include "run/run_arguments.hpp"

#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

Duration run_for(const std::string& time) {
    RunArguments arguments;
    CLI::App command;
    arguments.add_to(command);
    command.parse("p.yaml --for " + time);
    return arguments.settings().run_for;
}

TEST(RunArguments, ARunLastsAsLongAsIsSaid) {
    EXPECT_EQ(run_for("90s"), 90 * second);
    EXPECT_EQ(run_for("1h30m"), 90 * minute);
    EXPECT_EQ(run_for("36525d"), 36'525 * day);
}

TEST(RunArguments, ATimeThatNoRunCanLastIsRefused) {
    for (const char* time : {"0s", "soon", "36526d", "106751d"}) {
        EXPECT_THROW(run_for(time), CLI::ValidationError) << time;
    }
}

}  // namespace
}  // namespace spillway::cli
