#include "runtime/spec/json_schema.hpp"

#include <ranges>

#include <gtest/gtest.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include "runtime/spec/testing/fixture.hpp"
#include "runtime/spec/testing/yaml_json.hpp"

namespace spillway::runtime {
namespace {

/// Where the schema refuses the document, as a JSON pointer and a keyword; empty if it does not.
std::string refusal(const std::string& yaml) {
    rapidjson::Document schema;
    schema.Parse(json_schema(testing::catalogue()).c_str());
    EXPECT_FALSE(schema.HasParseError());
    const rapidjson::SchemaDocument compiled(schema);
    rapidjson::SchemaValidator validator(compiled);
    const auto root = parse_yaml(SourceText("test.yaml", yaml));
    EXPECT_TRUE(root.has_value());
    rapidjson::Document document;
    const rapidjson::Value value = testing::to_json_value(*root, document.GetAllocator());
    if (value.Accept(validator)) return {};
    rapidjson::StringBuffer place;
    validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
    return std::string(place.GetString()) + " " + validator.GetInvalidSchemaKeyword();
}

std::string with_source(std::string_view options) {
    return "sources: {a: {" + std::string(options) +
           "}}\nsinks: {out: {type: terminal, inputs: a}}\n";
}
std::string with_scorer(std::string_view options) {
    return "sources: {a: {type: replay, path: x}}\n"
           "scorers: {risk: {type: liquidation_risk, inputs: [a], " +
           std::string(options) + "}}\nsinks: {out: {type: terminal, inputs: risk}}\n";
}

TEST(JsonSchema, AcceptsEveryGoodFile) {
    for (const auto& file : testing::fixture_files("good")) {
        EXPECT_EQ(refusal(testing::Fixture::read(file)), "") << file;
    }
}

TEST(JsonSchema, RefusesTheBrokenFilesWhoseMistakesItCanSee) {
    for (const auto* name :
         {"unknown_keys", "unknown_types", "wrong_values", "missing_parts", "no_nodes", "not_a_map",
          "ids", "run_options", "checkpoint_without_store", "empty"}) {
        const auto file = testing::fixtures / "bad" / (std::string(name) + ".yaml");
        EXPECT_NE(refusal(testing::Fixture::read(file)), "") << name;
    }
}

TEST(JsonSchema, KnowsTypesRangesAndChoices) {
    for (const auto* good :
         {"profile: classic", "profile: \"${P:-scaled}\"", "every: 1h30m", "min_change: 99.5",
          "min_change: 1_0", "trial: true", "weights: {BTC: 1, ETH: \"${W}\"}",
          "run: {parallelism: 8, on_error: skip}"}) {
        EXPECT_EQ(refusal(with_scorer(good)), "") << good;
    }
    for (const auto* bad :
         {"profile: clasic", "every: 5", "every: 5 parsecs", "min_change: 101", "min_change: -1",
          "trial: yes", "weights: {BTC: heavy}", "weights: [1]", "run: {parallelism: 0}",
          "run: {parallelism: 65}", "run: {when_full: block}", "colour: red", "inputs: 5"}) {
        EXPECT_NE(refusal(with_scorer(bad)), "") << bad;
    }
}

TEST(JsonSchema, KnowsWhatASourceNeeds) {
    EXPECT_EQ(refusal(with_source("type: replay, path: x, limit: 5")), "");
    EXPECT_EQ(refusal(with_source("type: live, venue: bybit, symbols: [BTC, 1]")), "");
    EXPECT_NE(refusal(with_source("type: replay")), "");
    EXPECT_NE(refusal(with_source("path: x")), "");
    EXPECT_NE(refusal(with_source("type: replay, path: x, inputs: [b]")), "");
    EXPECT_NE(refusal(with_source("type: live, venue: nowhere")), "");
}

TEST(JsonSchema, DocumentsOptionsForEditors) {
    rapidjson::Document schema;
    schema.Parse(json_schema(testing::catalogue()).c_str());
    const auto& risk = schema["definitions"]["scorer_liquidation_risk"]["properties"];
    EXPECT_STREQ(risk["profile"]["default"].GetString(), "scaled");
    EXPECT_DOUBLE_EQ(risk["min_change"]["default"].GetDouble(), 0.5);
    EXPECT_FALSE(risk["trial"]["default"].GetBool());
    EXPECT_STREQ(risk["min_change"]["description"].GetString(),
                 "What min_change does. In points. At least 0. At most 100.");
    const auto& token = schema["definitions"]["sink_webhook"]["properties"]["token"];
    EXPECT_FALSE(token.HasMember("default"));
}

TEST(JsonSchema, DoesNotDependOnTheOrderOfPlugins) {
    const Catalogue plugins = testing::catalogue();
    Catalogue reversed;
    for (const auto& plugin : plugins.plugins() | std::views::reverse) reversed.add(plugin);
    EXPECT_EQ(json_schema(plugins), json_schema(reversed));
}

TEST(JsonSchema, WithoutPluginsIsStillASchema) {
    rapidjson::Document schema;
    schema.Parse(json_schema(Catalogue()).c_str());
    EXPECT_FALSE(schema.HasParseError());
}

}  // namespace
}  // namespace spillway::runtime
