// schemas/pipeline.schema.json: what `spillway schema` prints; accepts every pipeline file that
// ships and rejects broken ones.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <spillway/testing/temporary_folder.hpp>

#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/load_pipeline.hpp"
#include "runtime/spec/source_text.hpp"
#include "runtime/spec/testing/yaml_json.hpp"
#include "runtime/spec/yaml_document.hpp"
#include "support/command.hpp"
#include "support/run_pipeline.hpp"

namespace spillway::testing {
namespace {

const std::filesystem::path source_dir = SPILLWAY_SOURCE_DIR;
const std::filesystem::path schema_file = source_dir / "schemas/pipeline.schema.json";

/// Where the committed schema refuses a pipeline file; empty if it does not.
std::string refusal(const std::string& yaml) {
    static const rapidjson::SchemaDocument schema = [] {
        rapidjson::Document text;
        text.Parse(content_of(schema_file).c_str());
        EXPECT_FALSE(text.HasParseError());
        return rapidjson::SchemaDocument(text);
    }();
    const auto root = runtime::parse_yaml(runtime::SourceText("pipeline.yaml", yaml));
    if (!root) return "no YAML";
    rapidjson::Document memory;
    const rapidjson::Value value = runtime::testing::to_json_value(*root, memory.GetAllocator());
    rapidjson::SchemaValidator validator(schema);
    if (value.Accept(validator)) return {};
    rapidjson::StringBuffer place;
    validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
    return std::string(place.GetString()) + ' ' + validator.GetInvalidSchemaKeyword();
}

std::vector<std::filesystem::path> pipeline_files(const char* folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir / folder)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

TEST(Schema, IsTheOneThatTheCommandPrints) {
    const CommandResult result = run_command({.arguments = {"schema"}});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(result.out == content_of(schema_file))
        << "out of date: run `spillway schema --out schemas/pipeline.schema.json`";
}

TEST(Schema, IsWrittenToAFile) {
    const TemporaryFolder folder;
    const CommandResult result =
        run_command({.arguments = {"schema", "--out", folder / "schema.json"}});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(content_of(folder / "schema.json"), content_of(schema_file));
}

class ShippedPipeline : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(ShippedPipeline, IsAccepted) { EXPECT_EQ(refusal(content_of(GetParam())), ""); }

TEST_P(ShippedPipeline, IsValid) {
    runtime::Diagnostics warnings;
    const auto spec = runtime::load_pipeline(GetParam(), built_plugins(), {}, &warnings);
    EXPECT_TRUE(spec.has_value()) << (spec ? "" : to_text(spec.error()));
    EXPECT_TRUE(warnings.empty()) << to_text(warnings);
}

TEST_P(ShippedPipeline, TellsEditorsItsSchema) {
    const std::string text = content_of(GetParam());
    EXPECT_EQ(text.substr(0, text.find('\n')),
              "# yaml-language-server: $schema=../schemas/pipeline.schema.json");
}

INSTANTIATE_TEST_SUITE_P(Pipelines, ShippedPipeline,
                         ::testing::ValuesIn(pipeline_files("pipelines")), [](const auto& test) {
                             std::string name = test.param.stem().string();
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

struct Broken {
    std::string name;
    std::string what;  ///< of the demo
    std::string with;
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

std::vector<Broken> all_broken() {
    const auto file = source_dir / "tests/schema/broken.yaml";
    const auto list = runtime::parse_yaml(runtime::SourceText(file.string(), content_of(file)));
    EXPECT_TRUE(list.has_value());
    std::vector<Broken> all;
    for (const runtime::YamlNode& one : list->items) {
        all.push_back({one.find("name")->value.text, one.find("what")->value.text,
                       one.find("with")->value.text});
    }
    return all;
}

class BrokenPipeline : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenPipeline, IsRejected) {
    std::string text = content_of(source_dir / "pipelines/demo.yaml");
    const std::size_t at = text.find(GetParam().what);
    ASSERT_NE(at, std::string::npos) << "the demo has changed: " << GetParam().what;
    text.replace(at, GetParam().what.size(), GetParam().with);
    EXPECT_NE(refusal(text), "");
    // What the schema refuses, the program refuses, too.
    const TemporaryFolder folder;
    const auto spec =
        runtime::load_pipeline(folder.write("pipeline.yaml", text), built_plugins(), {});
    EXPECT_FALSE(spec.has_value());
}

INSTANTIATE_TEST_SUITE_P(Demos, BrokenPipeline, ::testing::ValuesIn(all_broken()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace spillway::testing
