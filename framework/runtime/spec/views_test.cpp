#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "runtime/spec/explain.hpp"
#include "runtime/spec/graph_view.hpp"
#include "runtime/spec/testing/fixture.hpp"

namespace spillway::runtime {
namespace {

using ::testing::Test;

class Views : public Test {
protected:
    void SetUp() override {
        auto loaded = fixture.load();
        ASSERT_TRUE(loaded.has_value()) << to_text(loaded.error());
        pipeline = std::move(*loaded);
    }
    static bool has(const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
    testing::Fixture fixture{testing::fixtures / "good" / "everything.yaml"};
    PipelineSpec pipeline;
};

TEST_F(Views, ExplanationTellsWhereEveryValueCameFrom) {
    const std::string text = fixture.plain(explain_text(pipeline));
    EXPECT_TRUE(has(text, "scorers.risk: liquidation_risk 1.0.0\n"));
    EXPECT_TRUE(has(text, "  <- big: price, open_interest, liquidation (broadcast)\n"));
    EXPECT_TRUE(has(text, "  profile         = classic    # --set scorers.risk.profile\n"));
    EXPECT_TRUE(has(text, "  every           = 1s    # default\n"));
    EXPECT_TRUE(has(text, "= 1000    # environment LIMIT at everything.yaml:46:12\n"));
    EXPECT_TRUE(has(text, "= out/demo.db    # default of ${DIR} at everything.yaml:9:11\n"));
    EXPECT_TRUE(has(text, "= ***    # file @DIR@/token.txt at everything.yaml:15:12\n"));
    EXPECT_TRUE(has(text, "  checkpoint.interval = 2s    # everything.yaml:53:38\n"));
}

TEST_F(Views, ExplanationShowsNoSecret) {
    EXPECT_FALSE(has(explain_text(pipeline), "hunter2"));
    EXPECT_FALSE(has(explain_json(pipeline), "hunter2"));
}

TEST_F(Views, ExplanationAsJsonHasEveryNodeAndSetting) {
    rapidjson::Document json;
    json.Parse(explain_json(pipeline).c_str());
    ASSERT_FALSE(json.HasParseError());
    ASSERT_EQ(json["nodes"].Size(), pipeline.nodes.size());
    const auto& feed = json["nodes"][1];
    EXPECT_STREQ(feed["venue"].GetString(), "binance");
    EXPECT_EQ(feed["settings"].Size(), 11U);
    EXPECT_STREQ(feed["settings"][1]["origin"].GetString(), "environment");
    EXPECT_STREQ(feed["settings"][1]["value"].GetString(), "[BTC, ETH]");
}

TEST_F(Views, MermaidDrawsNodesByCategoryAndLabelsEdges) {
    const std::string text = graph_mermaid(pipeline);
    EXPECT_TRUE(text.starts_with("flowchart LR\n"));
    EXPECT_TRUE(has(text, "    n_feed([\"feed<br/>live binance\"])\n"));
    EXPECT_TRUE(has(text, "    n_risk{{\"risk<br/>liquidation_risk\"}}\n"));
    EXPECT_TRUE(has(text, "    n_store[(\"store<br/>sqlite\")]\n"));
    EXPECT_TRUE(has(text, "    n_minute -->|\"late: liquidation, trade\"| n_store\n"));
    EXPECT_TRUE(has(text, "    n_ticks -->|\"12 kinds\"| n_big\n"));
}

TEST_F(Views, DotDrawsTheSame) {
    const std::string text = graph_dot(pipeline);
    EXPECT_TRUE(text.starts_with("digraph \"demo\" {\n"));
    EXPECT_TRUE(has(text, "    \"risk\" [shape=hexagon, label=\"risk\\nliquidation_risk\"];\n"));
    EXPECT_TRUE(has(text, "    \"risk\" -> \"alerts\" [label=\"score\"];\n"));
    EXPECT_TRUE(text.ends_with("}\n"));
}

TEST_F(Views, JsonGraphHasNodesAndEdges) {
    rapidjson::Document json;
    json.Parse(graph_json(pipeline).c_str());
    ASSERT_FALSE(json.HasParseError());
    EXPECT_EQ(json["nodes"].Size(), 9U);
    EXPECT_EQ(json["edges"].Size(), 12U);
    EXPECT_STREQ(json["edges"][0]["from"].GetString(), "ticks");
    EXPECT_STREQ(json["edges"][0]["to"].GetString(), "big");
    EXPECT_EQ(json["edges"][0]["kinds"].Size(), 12U);
}

}  // namespace
}  // namespace spillway::runtime
