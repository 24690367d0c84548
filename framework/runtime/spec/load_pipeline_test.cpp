#include "runtime/spec/load_pipeline.hpp"

#include <gtest/gtest.h>

#include "runtime/spec/testing/fixture.hpp"

namespace spillway::runtime {
namespace {

using testing::Fixture;

class BrokenFile : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(BrokenFile, GetsEveryMistakeAtItsPlace) {
    const auto expected = std::filesystem::path(GetParam()).replace_extension(".expected");
    ASSERT_TRUE(std::filesystem::exists(expected)) << expected;
    Fixture fixture(GetParam());
    EXPECT_FALSE(fixture.load().has_value());
    EXPECT_EQ(fixture.complaints(), Fixture::read(expected));
}

TEST_P(BrokenFile, ShowsNoSecret) {
    Fixture fixture(GetParam());
    const auto loaded = fixture.load();
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(to_text(loaded.error()).find("hunter2"), std::string::npos);
    EXPECT_EQ(to_json(loaded.error()).find("hunter2"), std::string::npos);
}

std::string test_name(const ::testing::TestParamInfo<std::filesystem::path>& info) {
    return info.param.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Pipelines, BrokenFile, ::testing::ValuesIn(testing::fixture_files("bad")),
                         test_name);

class GoodFile : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoodFile, Loads) {
    Fixture fixture(GetParam());
    const auto loaded = fixture.load();
    EXPECT_TRUE(loaded.has_value()) << to_text(loaded.error());
}

INSTANTIATE_TEST_SUITE_P(Pipelines, GoodFile, ::testing::ValuesIn(testing::fixture_files("good")),
                         test_name);

const OptionSetting& option(const PipelineSpec& pipeline, std::string_view id,
                            std::string_view name) {
    for (const OptionSetting& setting : pipeline.find(id)->options) {
        if (setting.description->name == name) return setting;
    }
    throw std::invalid_argument(std::string(name));
}

class LoadedPipeline : public ::testing::Test {
protected:
    void SetUp() override {
        auto loaded = fixture.load();
        ASSERT_TRUE(loaded.has_value()) << to_text(loaded.error());
        pipeline = std::move(*loaded);
    }
    Fixture fixture{testing::fixtures / "good" / "everything.yaml"};
    PipelineSpec pipeline;
};

TEST_F(LoadedPipeline, StandsInTopologicalOrderWithSourcesFirst) {
    std::vector<std::string> ids;
    ids.reserve(pipeline.nodes.size());
    for (const NodeSpec& node : pipeline.nodes) ids.push_back(node.id);
    const std::vector<std::string> expected = {"ticks", "feed",   "big",   "minute", "letters",
                                               "risk",  "alerts", "store", "alarm"};
    EXPECT_EQ(ids, expected);
}

TEST_F(LoadedPipeline, HasOptionsInThePluginsOrderWithTypesAndOrigins) {
    const NodeSpec& risk = *pipeline.find("risk");
    ASSERT_EQ(risk.options.size(), risk.plugin->options.size());
    for (std::size_t i = 0; i < risk.options.size(); ++i) {
        EXPECT_EQ(risk.options[i].description, &risk.plugin->options[i]);
    }
    const OptionSetting& profile = option(pipeline, "risk", "profile");
    EXPECT_EQ(profile.integer, 1);
    EXPECT_EQ(profile.origin, Origin::override);
    EXPECT_EQ(option(pipeline, "risk", "every").integer, second);
    EXPECT_EQ(option(pipeline, "risk", "every").origin, Origin::fallback);
    EXPECT_EQ(option(pipeline, "risk", "trial").integer, 1);
    const std::vector<std::pair<std::string, double>> weights = {{"funding", 0.5}, {"price", 1000}};
    EXPECT_EQ(option(pipeline, "risk", "weights").numbers, weights);
    EXPECT_EQ(option(pipeline, "store", "cache").integer, 16 << 20);
    EXPECT_EQ(option(pipeline, "minute", "length").integer, 90 * second);
}

TEST_F(LoadedPipeline, KnowsWhereAValueStands) {
    const OptionSetting& length = option(pipeline, "minute", "length");
    EXPECT_EQ(length.path, "transforms.minute.length");
    EXPECT_EQ(length.where.line, 32);
    EXPECT_EQ(length.where.column, 13);
}

TEST_F(LoadedPipeline, PutsVariablesIn) {
    const OptionSetting& limit = option(pipeline, "ticks", "limit");
    EXPECT_EQ(limit.integer, 1000);
    EXPECT_EQ(limit.origin, Origin::environment);
    EXPECT_EQ(limit.origin_detail, "LIMIT");
    const OptionSetting& path = option(pipeline, "store", "path");
    EXPECT_EQ(path.text, "out/demo.db");
    EXPECT_EQ(path.origin, Origin::file);
    EXPECT_EQ(path.origin_detail, "default of ${DIR}");
    EXPECT_EQ(option(pipeline, "feed", "symbols").texts, (std::vector<std::string>{"BTC", "ETH"}));
    EXPECT_EQ(option(pipeline, "alarm", "url").text, "https://example.org/$hook");
    const OptionSetting& token = option(pipeline, "alarm", "token");
    EXPECT_EQ(token.text, "hunter2-from-file");
    EXPECT_EQ(token.origin, Origin::secret);
    EXPECT_TRUE(token.secret);
}

TEST_F(LoadedPipeline, SplitsListsOnlyOutsideOfBrackets) {
    EXPECT_EQ(option(pipeline, "big", "where").texts,
              std::vector<std::string>{"notional >= 100_000 and side in (long, short)"});
    EXPECT_EQ(option(pipeline, "minute", "sums").texts,
              (std::vector<std::string>{"notional", "quantity"}));
}

TEST_F(LoadedPipeline, FindsTheDecoderOfASourceOfFrames) {
    const NodeSpec& feed = *pipeline.find("feed");
    ASSERT_NE(feed.venue, nullptr);
    EXPECT_EQ(feed.venue->name, "binance");
    ASSERT_EQ(feed.venue_options.size(), 1U);
    EXPECT_EQ(feed.venue_options[0].integer, 50);
    EXPECT_EQ(feed.emits, (KindSet{Kind::price, Kind::liquidation}));
}

TEST_F(LoadedPipeline, FollowsTheKindsThroughTheGraph) {
    EXPECT_EQ(pipeline.find("big")->emits, source_kinds);
    const NodeSpec& risk = *pipeline.find("risk");
    EXPECT_EQ(risk.inputs[0].kinds, (KindSet{Kind::price, Kind::liquidation, Kind::open_interest}));
    EXPECT_TRUE(risk.inputs[0].broadcast);
    const NodeSpec& store = *pipeline.find("store");
    EXPECT_EQ(store.inputs[1].kinds, KindSet{Kind::score});
    EXPECT_EQ(store.inputs[3].from, "minute");
    EXPECT_EQ(store.inputs[3].port, "late");
    EXPECT_EQ(store.inputs[3].kinds, (KindSet{Kind::liquidation, Kind::trade}));
    EXPECT_EQ(pipeline.find("letters")->inputs[0].kinds, KindSet{Kind::extension});
}

TEST_F(LoadedPipeline, TakesTheEnginesOptions) {
    EXPECT_EQ(pipeline.find("minute")->run.parallelism, 2U);
    EXPECT_EQ(pipeline.find("minute")->run.on_error, OnError::skip);
    EXPECT_EQ(pipeline.find("feed")->run.idle_after, 10 * second);
    EXPECT_EQ(pipeline.find("feed")->run.out_of_order, 2 * second);
    EXPECT_EQ(pipeline.find("ticks")->run.out_of_order, 5 * second);
    EXPECT_EQ(pipeline.find("letters")->run.when_full, WhenFull::drop_oldest);
    EXPECT_EQ(pipeline.find("store")->run.when_full, WhenFull::block);
    EXPECT_EQ(pipeline.find("alarm")->run.when_full, std::nullopt);
    EXPECT_EQ(pipeline.checkpoint_store, "store");
    EXPECT_EQ(pipeline.checkpoint_interval, 2 * second);
    EXPECT_EQ(pipeline.dead_letter_file, "dead.jsonl");
    EXPECT_EQ(pipeline.dead_letter_store, "");
}

TEST(LoadPipeline, IsNamedAfterItsFile) {
    Fixture fixture(testing::fixtures / "good" / "smallest.yaml");
    EXPECT_EQ(fixture.load()->name, "smallest");
}

TEST(LoadPipeline, TellsOfAFileThatIsNotThere) {
    const auto loaded = load_pipeline("no/such/file.yaml", testing::catalogue(), {});
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(to_text(loaded.error()),
              "no/such/file.yaml: error: no such file\n      = check the path\n");
    const auto folder = load_pipeline(testing::fixtures, testing::catalogue(), {});
    EXPECT_EQ(folder.error()[0].message, "is no regular file");
}

TEST(LoadPipeline, WarnsOfTwoSinksOnOnePlace) {
    Fixture fixture(testing::fixtures / "good" / "warnings.yaml");
    Diagnostics warnings;
    ASSERT_TRUE(fixture.load(&warnings).has_value());
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].level, DiagnosticLevel::warning);
    EXPECT_EQ(warnings[0].line, 4);
    EXPECT_EQ(warnings[0].message, "'one' and 'two' write to the same place, out.jsonl");
}

TEST(LoadPipeline, WithoutPluginsSaysWhereTheyAreLookedFor) {
    Fixture fixture(testing::fixtures / "good" / "smallest.yaml");
    const auto loaded = load_pipeline(fixture.file(), Catalogue(), {});
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error()[0].suggestion, "no plugins were found; see --plugin-dir");
}

}  // namespace
}  // namespace spillway::runtime
