#include "runtime/load/manifest_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/load/elf_section.hpp"
#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view minimal =
    R"({"name":"a","category":"scorer","version":"1","summary":"s","consumes":["price"],)"
    R"("emits":["score"],"traits":["keyed"],"ports":["p"],"state_version":3,"options":[],)"
    R"("outputs":[{"name":"risk","headline":true,"directed":false,)"
    R"("components":[{"name":"c","cap":30,"weight":0.3,"trend":"rising"}]}]})";

Bytes section_with(std::string_view json, const RunnerBuild& build = {}) {
    ManifestHeader header = {};
    std::memcpy(header.magic, "SPILLWAY", sizeof header.magic);
    header.abi = build.abi;
    header.json_size = static_cast<std::uint32_t>(json.size());
    std::memcpy(header.compiler, "gcc", 3);
    std::memcpy(header.sanitizer, build.sanitizer.data(), build.sanitizer.size());
    Bytes section(sizeof header + json.size());
    std::memcpy(section.data(), &header, sizeof header);
    std::memcpy(section.data() + sizeof header, json.data(), json.size());
    return section;
}

std::string with(std::string_view from, std::string_view to) {
    std::string json(minimal);
    return json.replace(json.find(from), from.size(), to);
}

std::string reason(const Bytes& section, const RunnerBuild& runner = {}) {
    const auto plugin = read_manifest(section, runner);
    return plugin ? "none" : plugin.error().reason;
}

TEST(ManifestReader, ReadsWhatTheCompilerPutIntoAPlugin) {
    const Bytes file = bytes_of(test_plugin("good"));
    const auto plugin = manifest_section(file).and_then(
        [](std::span<const std::byte> section) { return read_manifest(section); });
    ASSERT_TRUE(plugin) << plugin.error().reason;
    EXPECT_EQ(plugin->name, "good");
    EXPECT_EQ(plugin->category, Category::transform);
    EXPECT_EQ(plugin->version, "1.2.3");
    EXPECT_EQ(plugin->summary, "Keeps \"large\" liquidations.");
    EXPECT_EQ(plugin->consumes, (KindSet{Kind::liquidation, Kind::trade}));
    EXPECT_TRUE(plugin->is(Trait::in_place));
    EXPECT_FALSE(plugin->is(Trait::keyed));
    EXPECT_EQ(plugin->abi, abi_number);
    EXPECT_THAT(plugin->compiler, HasSubstr("."));

    ASSERT_EQ(plugin->options.size(), 6U);
    const OptionDescription& least = plugin->options[0];
    EXPECT_EQ(least.name, "least");
    EXPECT_EQ(least.type, OptionType::number);
    EXPECT_EQ(least.fallback, "100000");
    EXPECT_EQ(least.unit, "USD");
    EXPECT_EQ(least.minimum, 0.0);
    EXPECT_EQ(least.maximum, std::nullopt);
    EXPECT_EQ(plugin->options[1].maximum, 86400e9);
    EXPECT_THAT(plugin->options[4].choices, ElementsAre("keep", "drop"));
    EXPECT_EQ(plugin->options[4].fallback, std::nullopt);
}

TEST(ManifestReader, ReadsTheOutputsOfAScorer) {
    const auto plugin = read_manifest(section_with(minimal));
    ASSERT_TRUE(plugin) << plugin.error().reason;
    EXPECT_EQ(plugin->state_version, 3U);
    EXPECT_THAT(plugin->ports, ElementsAre("p"));
    ASSERT_EQ(plugin->outputs.size(), 1U);
    EXPECT_TRUE(plugin->outputs[0].headline);
    ASSERT_EQ(plugin->outputs[0].components.size(), 1U);
    EXPECT_EQ(plugin->outputs[0].components[0].cap, 30);
}

TEST(ManifestReader, RefusesAnotherAbiEvenIfItsDescriptionIsUnreadable) {
    const Bytes section = section_with("{future}", {.abi = 7, .sanitizer = "none"});
    EXPECT_EQ(reason(section, {.abi = 1, .sanitizer = "none"}),
              "it was built for plugin ABI 7; this spillway has ABI 1");
}

TEST(ManifestReader, RefusesAnotherSanitizer) {
    const Bytes section = section_with(minimal, {.sanitizer = "address"});
    EXPECT_EQ(reason(section, {.sanitizer = "none"}),
              "it was built with the address sanitizer, this spillway without sanitizers");
    EXPECT_EQ(reason(section, {.sanitizer = "address"}), "none");
}

TEST(ManifestReader, SaysWhereJsonIsBroken) {
    EXPECT_THAT(reason(section_with(R"({"name":"a",})")), HasSubstr("byte 12 of its JSON"));
    EXPECT_THAT(reason(section_with("")), HasSubstr("byte 0 of its JSON"));
    EXPECT_THAT(reason(section_with("\"\xFF\"")), HasSubstr("encoding"));
}

TEST(ManifestReader, NamesTheMemberThatIsMissingOrWrong) {
    const auto broken = [](std::string_view from, std::string_view to) {
        return reason(section_with(with(from, to)));
    };
    EXPECT_THAT(reason(section_with("[]")), HasSubstr("'name' is missing"));
    EXPECT_THAT(broken(R"("name":"a")", R"("name":7)"), HasSubstr("'name' is not a text"));
    EXPECT_THAT(broken(R"("name":"a")", R"("name":"../a")"), HasSubstr("snake_case"));
    EXPECT_THAT(broken(R"("scorer")", R"("score")"), HasSubstr("'category' cannot be 'score'"));
    EXPECT_THAT(broken(R"(["price"])", R"(["prize"])"), HasSubstr("'consumes' cannot be 'prize'"));
    EXPECT_THAT(broken(R"(["p"])", R"([1])"), HasSubstr("'ports' holds more than texts"));
    EXPECT_THAT(broken(R"("options":[])", R"("options":{})"), HasSubstr("'options' is not a list"));
    EXPECT_THAT(broken(R"("options":[])", R"("options":[1])"), HasSubstr("'name' is missing"));
    EXPECT_THAT(broken(R"(:3,)", R"(:-3,)"), HasSubstr("'state_version' is not a whole number"));
    EXPECT_THAT(broken(R"("cap":30)", R"("cap":"x")"), HasSubstr("'cap' is not a number"));
    EXPECT_THAT(broken(R"("rising")", R"("sideways")"), HasSubstr("'trend' cannot be 'sideways'"));
}

TEST(ManifestReader, RefusesASectionThatIsTooShort) {
    Bytes section = section_with(minimal);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{8}, sizeof(ManifestHeader), section.size() - 1}) {
        EXPECT_THAT(
            reason(Bytes(section.begin(), section.begin() + static_cast<std::ptrdiff_t>(size))),
            HasSubstr("its manifest is damaged"));
    }
    section[0] = std::byte{'s'};
    EXPECT_THAT(reason(section), HasSubstr("does not start with SPILLWAY"));
}

TEST(ManifestReader, SurvivesDeepNesting) {
    EXPECT_THAT(reason(section_with(std::string(1'000'000, '['))), HasSubstr("JSON"));
}

}  // namespace
}  // namespace spillway::runtime
