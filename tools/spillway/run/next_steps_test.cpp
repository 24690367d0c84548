#include "run/next_steps.hpp"

#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

using runtime::NodeSpec;
using runtime::OptionDescription;
using runtime::OptionSetting;
using runtime::PluginDescription;

class NextSteps : public testing::Test {
protected:
    NextSteps() {
        path_.name = "path";
        path_.type = OptionType::path;
        sqlite_.name = "sqlite";
        sqlite_.category = Category::sink;
        NodeSpec store;
        store.id = "store";
        store.category = Category::sink;
        store.plugin = &sqlite_;
        OptionSetting file;
        file.description = &path_;
        file.text = "demo data/x.db";
        store.options = {file};
        spec_.nodes = {store};
    }

    OptionDescription path_;
    PluginDescription sqlite_;
    runtime::PipelineSpec spec_;
};

TEST_F(NextSteps, OutputsLieBelowTheDataDirectory) {
    const auto outputs = outputs_of(spec_, "/var/lib/spillway");
    ASSERT_EQ(outputs.size(), 1u);
    EXPECT_EQ(outputs[0].path, "/var/lib/spillway/demo data/x.db");
    EXPECT_EQ(outputs_of(spec_, ".")[0].path, "demo data/x.db");
    EXPECT_EQ(describe(outputs[0]), "sqlite   /var/lib/spillway/demo data/x.db");
}

TEST_F(NextSteps, AreCommandsToPaste) {
    const auto steps =
        next_steps("demo.yaml", outputs_of(spec_, "."), "build/release/bin/spillway", false);
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_TRUE(steps[0].starts_with("sqlite3 -box 'demo data/x.db' \"select")) << steps[0];
    EXPECT_EQ(steps[1], "build/release/bin/spillway validate demo.yaml --graph mermaid");
    EXPECT_EQ(steps[2], "build/release/bin/spillway run demo.yaml --speed 3600");
}

TEST_F(NextSteps, AreThreeWithoutAStoreToo) {
    EXPECT_EQ(next_steps("demo.yaml", {}, "spillway", false).size(), 3u);
    EXPECT_EQ(next_steps("demo.yaml", {}, "spillway", true).size(), 3u);
}

}  // namespace
}  // namespace spillway::cli
