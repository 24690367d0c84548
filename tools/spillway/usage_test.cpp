#include "usage.hpp"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

class Usage : public ::testing::Test {
protected:
    Usage() {
        app_.name("spillway");
        app_.add_subcommand("run")->add_option("--speed", speed_);
        CLI::App* const plugins = app_.add_subcommand("plugins");
        plugins->add_subcommand("list");
        plugins->add_subcommand("describe");
    }
    /// What is said of options after these words.
    std::string after(std::vector<std::string> words) {
        std::reverse(words.begin(), words.end());  // as CLI11 takes them
        EXPECT_THROW(app_.parse(std::move(words)), CLI::ExtrasError);
        return unknown_option(app_);
    }

    CLI::App app_;
    std::string speed_;
};

TEST_F(Usage, HelpIsAWordToo) {
    const char* const words[] = {"spillway", "help", "plugins", "list"};
    EXPECT_EQ(words_of(4, words), (std::vector<std::string>{"plugins", "list", "--help"}));
    EXPECT_EQ(words_of(2, words), (std::vector<std::string>{"--help"}));
    EXPECT_TRUE(words_of(1, words).empty());
}

TEST_F(Usage, AMistypedCommandIsRecognisedAtEveryDepth) {
    EXPECT_EQ(unknown_command(app_, {"rnu"}), "there is no command 'rnu'; did you mean 'run'?");
    EXPECT_EQ(unknown_command(app_, {"plugins", "lst"}),
              "there is no command 'lst'; did you mean 'list'?");
    EXPECT_EQ(unknown_command(app_, {"frobnicate"}),
              "there is no command 'frobnicate'; known: run, plugins");
    EXPECT_EQ(unknown_command(app_, {"run", "a.yaml"}), "");
    EXPECT_EQ(unknown_command(app_, {"plugins", "--help"}), "");
    EXPECT_EQ(unknown_command(app_, {}), "");
}

TEST_F(Usage, AMistypedOptionIsRecognised) {
    EXPECT_EQ(after({"run", "--sped", "9"}), "there is no option --sped; did you mean '--speed'?");
    EXPECT_EQ(after({"run", "--sped=9"}), "there is no option --sped; did you mean '--speed'?");
    EXPECT_EQ(after({"run", "--frobnicate"}),
              "there is no option --frobnicate; see spillway run --help");
    EXPECT_EQ(after({"run", "a.yaml"}), "");
}

}  // namespace
}  // namespace spillway::cli
