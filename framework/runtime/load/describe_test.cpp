#include "runtime/load/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <yaml-cpp/yaml.h>

#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

using namespace testing;
using ::testing::HasSubstr;

PluginDescription scorer() {
    PluginDescription plugin;
    plugin.name = "heat";
    plugin.category = Category::scorer;
    plugin.version = "2.0.0";
    plugin.summary = "How hot it is.";
    plugin.consumes = {Kind::price, Kind::open_interest};
    plugin.emits = {Kind::score};
    plugin.traits = Trait::keyed;
    plugin.outputs = {
        {"heat", true, true, {{"leverage", 30, 0.3, Trend::rising}, {"oi", 12.5, 0.2}}}};
    plugin.compiler = "gcc 12";
    plugin.abi = 1;
    plugin.sanitizer = "none";
    return plugin;
}

Catalogue good_and_bad(const TemporaryFolder& folder) {
    folder.write("good.so", bytes_of(test_plugin("good")));
    folder.write("bad.so", "text");
    return Catalogue::scan(std::vector{folder.path()});
}

const PluginDescription& good(const Catalogue& catalogue) {
    return *catalogue.find(Category::transform, "good");
}

TEST(Describe, ListsPluginsByCategoryAndThenWhatIsNotUsable) {
    const TemporaryFolder folder;
    Catalogue catalogue = good_and_bad(folder);
    catalogue.add(scorer());
    EXPECT_EQ(list_text(catalogue),
              "transforms\n"
              "  good  1.2.3  Keeps \"large\" liquidations.\n"
              "\n"
              "scorers\n"
              "  heat  2.0.0  How hot it is.\n"
              "\n"
              "not usable\n"
              "  " +
                  (folder.path() / "bad.so").string() +
                  "\n"
                  "    it is not an ELF file\n"
                  "    fix: Only plugins belong in a plugin folder: move it elsewhere, or build it "
                  "with SPILLWAY_PLUGIN(Type) in one of its sources.\n");
    EXPECT_EQ(list_text(Catalogue()), "no plugins found\n");
}

TEST(Describe, ListsAsJson) {
    const TemporaryFolder folder;
    rapidjson::Document json;
    json.Parse(list_json(good_and_bad(folder)).c_str());
    ASSERT_FALSE(json.HasParseError());
    ASSERT_EQ(json["plugins"].Size(), 1U);
    EXPECT_STREQ(json["plugins"][0]["name"].GetString(), "good");
    EXPECT_STREQ(json["plugins"][0]["category"].GetString(), "transform");
    ASSERT_EQ(json["problems"].Size(), 1U);
    EXPECT_STREQ(json["problems"][0]["reason"].GetString(), "it is not an ELF file");
}

TEST(Describe, ShowsEveryOptionWithTypeDefaultRangeAndMeaning) {
    const TemporaryFolder folder;
    const std::string text = describe_text(good(good_and_bad(folder)));
    EXPECT_THAT(text, HasSubstr("good 1.2.3 (transform)\nKeeps \"large\" liquidations.\n"));
    EXPECT_THAT(text, HasSubstr("consumes  liquidation, trade\n"));
    EXPECT_THAT(text, HasSubstr("traits    in_place\n"));
    EXPECT_THAT(text, HasSubstr("  least     number    100000         >= 0 USD\n"
                                "      Smallest notional that is kept.\n"));
    EXPECT_THAT(text, HasSubstr("  window    duration  1m             1s to 1d\n"));
    EXPECT_THAT(text, HasSubstr("  room      size      64MiB          >= 4KiB\n"));
    EXPECT_THAT(text, HasSubstr("  mode      choice    required       keep | drop\n"));
    EXPECT_THAT(text, HasSubstr("  password  secret    required\n"));
}

TEST(Describe, ShowsTheScoresOfAScorer) {
    EXPECT_THAT(
        describe_text(scorer()),
        HasSubstr("score heat, for prices going down and up, shown first\n"
                  "  leverage  up to 30 points, 0.3 of the coverage; more as its input rises\n"
                  "  oi        up to 12.5 points, 0.2 of the coverage\n"));
}

TEST(Describe, GivesAnExampleThatIsYaml) {
    const TemporaryFolder folder;
    const std::string yaml = example_yaml(good(good_and_bad(folder)));
    EXPECT_EQ(
        yaml,
        "transforms:\n"
        "  my_good:                                # an id of your choice\n"
        "    type: good\n"
        "    inputs: [ID]                          # ids of nodes that emit liquidation, trade\n"
        "    least: 100000                         # Smallest notional that is kept.\n"
        "    window: 1m                            # Length of a window.\n"
        "    room: 64MiB                           # Memory it may use.\n"
        "    venues: [binance, bybit]              # Venues to look at.\n"
        "    mode: keep                            # required: What becomes of a large one.\n"
        "    password: \"${file:secrets/password}\"  # required: Of nobody.\n");
    const YAML::Node node = YAML::Load(yaml)["transforms"]["my_good"];
    EXPECT_EQ(node["venues"].size(), 2U);
    EXPECT_EQ(node["password"].as<std::string>(), "${file:secrets/password}");
}

TEST(Describe, QuotesDefaultsThatYamlWouldMisread) {
    PluginDescription plugin = scorer();
    for (const char* text : {"yes", "a: b", "", "12", "*", "plain.txt"}) {
        OptionDescription option;
        option.name = "option_" + std::to_string(plugin.options.size());
        option.fallback = text;
        plugin.options.push_back(option);
    }
    const std::string yaml = example_yaml(plugin);
    const YAML::Node node = YAML::Load(yaml)["scorers"]["my_heat"];
    for (const OptionDescription& option : plugin.options) {
        EXPECT_EQ(node[option.name].as<std::string>(), *option.fallback) << option.name;
    }
    EXPECT_THAT(yaml, HasSubstr("\"yes\""));
    EXPECT_THAT(yaml, HasSubstr("option_5: plain.txt"));
}

TEST(Describe, WritesEverythingAsJson) {
    const TemporaryFolder folder;
    const Catalogue catalogue = good_and_bad(folder);
    rapidjson::Document json;
    json.Parse(describe_json(good(catalogue)).c_str());
    ASSERT_FALSE(json.HasParseError());
    ASSERT_EQ(json["options"].Size(), 6U);
    EXPECT_EQ(json["options"][1]["maximum"].GetDouble(), 86400e9);
    EXPECT_TRUE(json["options"][4]["required"].GetBool());
    EXPECT_FALSE(json["options"][4].HasMember("default"));
    EXPECT_EQ(json["abi"].GetUint(), abi_number);
    rapidjson::Document scores;
    scores.Parse(describe_json(scorer()).c_str());
    const auto& components = scores["outputs"][0]["components"];
    EXPECT_EQ(components[1]["cap"].GetDouble(), 12.5);
    EXPECT_STREQ(components[0]["trend"].GetString(), "rising");
    EXPECT_STREQ(components[1]["trend"].GetString(), "none");
}

}  // namespace
}  // namespace spillway::runtime
