#include "state/checkpoint_view.hpp"

#include <gmock/gmock.h>

#include <spillway/state.hpp>

namespace spillway::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CheckpointView : public ::testing::Test {
protected:
    CheckpointView() {
        for (const char* id : {"risk", "renamed"}) {
            runtime::NodeSpec node;
            node.id = id;
            spec.nodes.push_back(node);
        }
        spec.nodes.back().run.was = "old";
        checkpoint.info = {7, 1'770'292'800 * second, false};
        put("risk", "BTC", "", 5);
        put("risk", "BTC", "days", 7);
        put("risk", "ETH", "", 3);
        put("risk", "", "spillway.plugin", 1);
        put("spillway.ingress", "", "spillway.position", 7);
        put("old", "BTC", "", 2);
        put("gone", "BTC", "", 2);
    }
    void put(std::string_view node, std::string_view key, std::string_view part,
             std::uint64_t epoch) {
        StateWriter writer;
        writer(1, 0.5);
        checkpoint.row({node, key, part, 2, writer.bytes()}, epoch);
    }
    runtime::PipelineSpec spec;
    runtime::Checkpoint checkpoint;
};

TEST_F(CheckpointView, CountsKeysRowsAndBytesOfEachNode) {
    const auto nodes = nodes_of(checkpoint, spec);
    ASSERT_EQ(nodes.size(), 4U);
    const NodeState& risk = nodes[2];
    EXPECT_EQ(risk.node, "risk");
    EXPECT_EQ(risk.keys, 2U);
    EXPECT_EQ(risk.rows, 4U);
    EXPECT_EQ(risk.bytes, 4U * 14);
    EXPECT_EQ(risk.newest_epoch, 7U);
}

TEST_F(CheckpointView, OnlyNodesThatTheFileDoesNotKnowAreStrangers) {
    for (const NodeState& node : nodes_of(checkpoint, spec)) {
        EXPECT_EQ(node.in_pipeline, node.node != "gone") << node.node;
    }
    const std::string text = list_text("demo", checkpoint.info, nodes_of(checkpoint, spec));
    EXPECT_THAT(text, HasSubstr("demo: epoch 7, 2026-02-05T12:00:00.000Z, unfinished"));
    EXPECT_THAT(text, HasSubstr("gone *"));
    EXPECT_THAT(text, Not(HasSubstr("old *")));
}

TEST_F(CheckpointView, SaysThatThereIsNone) {
    EXPECT_THAT(list_text("demo", {}, {}), HasSubstr("no epoch was completed yet"));
    EXPECT_THAT(list_json("demo", {}, {}), HasSubstr("\"epoch\": 0"));
}

TEST_F(CheckpointView, ShowsTheRowsOfANodeOrOfOneKey) {
    EXPECT_EQ((Selection{"risk", std::nullopt}).rows(checkpoint).size(), 4U);
    const auto rows = Selection{"risk", "BTC"}.rows(checkpoint);
    ASSERT_EQ(rows.size(), 2U);
    const std::string text = show_text("risk", rows);
    EXPECT_THAT(text, HasSubstr("risk  BTC / days  version 2, 14 bytes, epoch 7\n"));
    EXPECT_THAT(text, HasSubstr("8 B  0.5\n"));
    EXPECT_THAT(show_json("risk", rows), HasSubstr("\"value\": \"0.5\""));
}

TEST_F(CheckpointView, TellsWhatPruningRemoves) {
    const std::vector<PrunedRow> rows = {{"gone", "BTC", "", 14}, {"gone", "ETH", "", 14}};
    EXPECT_EQ(prune_text(rows, true), "would remove 2 rows of gone (28 bytes)\n");
    EXPECT_EQ(prune_text(rows, false), "removed 2 rows of gone (28 bytes)\n");
    EXPECT_THAT(prune_text({}, false), HasSubstr("nothing to remove"));
}

}  // namespace
}  // namespace spillway::cli
