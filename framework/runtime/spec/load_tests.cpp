#include "runtime/spec/load_tests.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/findings.hpp"
#include "runtime/spec/interpolation.hpp"
#include "runtime/spec/source_file.hpp"
#include "runtime/spec/test_reader.hpp"
#include "runtime/spec/yaml_keys.hpp"

namespace spillway::runtime {
namespace {

using Variables = std::map<std::string, std::string>;

std::function<std::optional<std::string>(std::string_view)> environment(Variables variables) {
    return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(std::string(name));
        return found != variables.end() ? std::optional(found->second) : std::nullopt;
    };
}

/// The variables of all tests: with them the pipeline is complete enough to be checked.
Variables all_variables(const YamlNode& root) {
    Variables all;
    const YamlEntry* tests = root.find("tests");
    if (tests == nullptr) return all;
    for (const YamlNode& test : tests->value.items) {
        const YamlEntry* variables = test.find("variables");
        if (variables == nullptr) continue;
        for (const YamlEntry& one : variables->value.entries) {
            all.emplace(one.key.text, one.value.text);
        }
    }
    return all;
}

/// What is missing is missing in the test, not in the environment.
void adapt_suggestions(Diagnostics& errors) {
    constexpr std::string_view elsewhere = "set it in the environment";
    for (Diagnostic& one : errors) {
        if (!one.suggestion.starts_with(elsewhere)) continue;
        one.suggestion.replace(0, elsewhere.size(), "give it under 'variables:' of the test");
    }
}

/// The pipeline file that a file of tests names; empty if that is wrong.
std::filesystem::path named_pipeline(const YamlNode& root, const std::filesystem::path& file,
                                     Findings& findings) {
    const YamlEntry& entry = *root.find("pipeline");
    if (!entry.value.is_scalar() || entry.value.text.empty()) {
        findings.error(entry.place(), "pipeline",
                       fmt::format("expected the path of a pipeline file, got {}",
                                   describe(entry.value.type)));
        return {};
    }
    const std::filesystem::path pipeline = file.parent_path() / entry.value.text;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(pipeline, ignored)) return pipeline.lexically_normal();
    findings.error(entry.value.where, "pipeline",
                   fmt::format("there is no file '{}'", pipeline.lexically_normal().string()),
                   "the path starts at the folder of this file");
    return {};
}

}  // namespace

LoadOptions load_options(const TestSpec& test) {
    LoadOptions options;
    options.without_places = true;
    options.environment = environment(test.variables);
    for (const TestOverride& one : test.overrides) {
        options.overrides.emplace_back(one.path, one.yaml);
    }
    return options;
}

tl::expected<TestFile, Diagnostics> load_tests(const std::filesystem::path& file,
                                               const Catalogue& catalogue) {
    auto read = read_source(file);
    if (!read) return tl::unexpected(read.error());
    TestFile result{std::move(*read), file, {}};
    Findings findings(result.source, catalogue);
    const auto root = parse_yaml(result.source);
    if (!root) {
        findings.error(root.error().where, {},
                       root.error().message + " (YAML; nothing after this was checked)",
                       root.error().suggestion);
        return tl::unexpected(findings.errors());
    }
    const Interpolation interpolation(environment({}));
    const ValueReader reader(interpolation, findings);
    const bool elsewhere = root->find("pipeline") != nullptr;
    if (elsewhere) {
        check_keys(*root, findings);
        reader.unknown_keys(*root, {}, "key of a file of tests", test_file_keys);
        result.pipeline = named_pipeline(*root, file, findings);
        if (result.pipeline.empty()) return tl::unexpected(findings.errors());
    }
    LoadOptions options;
    options.without_places = true;
    options.environment = environment(all_variables(*root));
    const auto pipeline = load_pipeline(result.pipeline, catalogue, options);
    Diagnostics errors = pipeline ? Diagnostics() : pipeline.error();
    const YamlEntry* tests = root->find("tests");
    if (pipeline && tests != nullptr) result.tests = read_tests(*tests, *pipeline, reader);
    adapt_suggestions(errors);
    const Diagnostics own = findings.errors();
    errors.insert(errors.end(), own.begin(), own.end());
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return result;
}

}  // namespace spillway::runtime
