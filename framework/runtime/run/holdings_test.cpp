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
        live_.name = "wire";
        live_.category = Category::source;
        live_.traits = Trait::live;
        sink_.name = "log";
        sink_.category = Category::sink;
        option_.name = "markets";
        secret_.name = "proxy";
        NodeSpec source;
        source.id = "venue";
        source.category = Category::source;
        source.plugin = &live_;
        OptionSetting markets, proxy;
        markets.description = &option_;
        markets.texts = {"BTC", "ETH"};
        proxy.description = &secret_;
        proxy.secret = true;
        proxy.text = "http://a";
        source.options = {markets, proxy};
        NodeSpec sink;
        sink.id = "log";
        sink.category = Category::sink;
        sink.plugin = &sink_;
        InputSpec input;
        input.from = "venue";
        sink.inputs.push_back(input);
        spec_.nodes = {source, sink};
    }
    [[nodiscard]] bool goes_on(bool has_ids = true) const {
        return goes_on_in(spec_, opened_, has_ids);
    }
    NodeSpec& now() { return spec_.nodes.front(); }

    PluginDescription live_, sink_;
    OptionDescription option_, secret_;
    PipelineSpec spec_;
    NodeSpec opened_;
};

TEST_F(GoesOn, WhereItIsConfiguredAlike) {
    opened_ = now();
    EXPECT_TRUE(goes_on());
    now().options[0].where.line = 7;
    EXPECT_TRUE(goes_on()) << "where an option stands changes nothing";
    now().options[0].texts.pop_back();
    EXPECT_FALSE(goes_on());
}

TEST_F(GoesOn, NotWithAnotherSecretOfAnyType) {
    opened_ = now();
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
    opened_ = now();
    PluginDescription other = live_;
    now().plugin = &other;
    EXPECT_FALSE(goes_on());
    now().plugin = &live_;
    now().id = "elsewhere";
    EXPECT_FALSE(goes_on());
}

TEST_F(GoesOn, NotAsARecordedSource) {
    live_.traits = Trait::none;
    opened_ = now();
    EXPECT_FALSE(goes_on()) << "its position does";
}

TEST_F(GoesOn, NotWithoutIdsWhereTheyAreWanted) {
    opened_ = now();
    EXPECT_TRUE(goes_on(false)) << "nobody asks";
    sink_.traits = Trait::needs_ids;
    EXPECT_FALSE(goes_on(false));
    EXPECT_TRUE(goes_on(true));
}

}  // namespace
}  // namespace spillway::runtime
