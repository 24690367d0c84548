#include "runtime/run/holdings.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

/// A live source with an option and a secret, and a sink that may ask for ids.
class GoesOn : public ::testing::Test {
protected:
    GoesOn() {
        live.name = "wire";
        live.category = Category::source;
        live.traits = Trait::live;
        sink.name = "log";
        sink.category = Category::sink;
        option.name = "markets";
        secret.name = "proxy";
        NodeSpec source;
        source.id = "venue";
        source.category = Category::source;
        source.plugin = &live;
        OptionSetting markets, proxy;
        markets.description = &option;
        markets.texts = {"BTC", "ETH"};
        proxy.description = &secret;
        proxy.secret = true;
        proxy.text = "http://a";
        source.options = {markets, proxy};
        NodeSpec log;
        log.id = "log";
        log.category = Category::sink;
        log.plugin = &sink;
        InputSpec input;
        input.from = "venue";
        log.inputs.push_back(input);
        spec.nodes = {source, log};
    }
    [[nodiscard]] bool goes_on(bool has_ids = true) const {
        return goes_on_in(spec, opened, has_ids);
    }
    NodeSpec& now() { return spec.nodes.front(); }

    PluginDescription live, sink;
    OptionDescription option, secret;
    PipelineSpec spec;
    NodeSpec opened;
};

TEST_F(GoesOn, WhereItIsConfiguredAlike) {
    opened = now();
    EXPECT_TRUE(goes_on());
    now().options[0].where.line = 7;
    EXPECT_TRUE(goes_on()) << "where an option stands changes nothing";
    now().options[0].texts.pop_back();
    EXPECT_FALSE(goes_on());
}

TEST_F(GoesOn, NotWithAnotherSecretOfAnyType) {
    opened = now();
    now().options[1].text = "http://b";
    EXPECT_FALSE(goes_on());
    now().options[1].text = "http://a";
    EXPECT_TRUE(goes_on());
    now().options[1].texts = {"b"};
    EXPECT_FALSE(goes_on());
    now().options[1].texts.clear();
    now().options[1].integer = 1;
    EXPECT_FALSE(goes_on());
}

TEST_F(GoesOn, NotWhereItIsNotOrIsAnotherPlugin) {
    opened = now();
    PluginDescription other = live;
    now().plugin = &other;
    EXPECT_FALSE(goes_on());
    now().plugin = &live;
    now().id = "elsewhere";
    EXPECT_FALSE(goes_on());
}

TEST_F(GoesOn, NotAsARecordedSource) {
    live.traits = Trait::none;
    opened = now();
    EXPECT_FALSE(goes_on()) << "its position does";
}

TEST_F(GoesOn, NotWithoutIdsWhereTheyAreWanted) {
    opened = now();
    EXPECT_TRUE(goes_on(false)) << "nobody asks";
    sink.traits = Trait::needs_ids;
    EXPECT_FALSE(goes_on(false));
    EXPECT_TRUE(goes_on(true));
}

}  // namespace
}  // namespace spillway::runtime
