#include "runtime/spec/test_reader.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/option_value.hpp"
#include "runtime/spec/suggestions.hpp"
#include "runtime/spec/test_parts.hpp"
#include "runtime/spec/test_values.hpp"

namespace spillway::runtime {
namespace {

/// One entry of `tests`.
class OneTest {
public:
    OneTest(const YamlNode& map, std::string path, const PipelineSpec& pipeline,
            const ValueReader& reader)
        : map_(map), path_(std::move(path)), pipeline_(pipeline), reader_(reader) {}

    [[nodiscard]] TestSpec read() {
        reader_.unknown_keys(map_, path_, "key of a test", test_keys);
        test_.where = map_.where;
        read_name();
        read_start();
        read_variables();
        read_overrides();
        read_executors();
        const TestParts parts(pipeline_, reader_, test_.start);
        if (const YamlEntry* input = map_.find("input")) {
            test_.inputs = parts.inputs(*input, path_ + ".input");
        }
        if (const YamlEntry* expect = map_.find("expect")) {
            test_.expectations = parts.expectations(*expect, path_ + ".expect");
        }
        if (const YamlEntry* books = map_.find("books")) {
            test_.books = parts.books(*books, path_ + ".books");
        }
        if (const YamlEntry* fails = map_.find("fails")) test_.fails = text(*fails, "fails");
        if (map_.find("expect") == nullptr && map_.find("books") == nullptr &&
            map_.find("fails") == nullptr) {
            error(map_.where, path_, "the test expects nothing: it could not fail",
                  "add 'expect', 'books' or 'fails'");
        }
        return std::move(test_);
    }

private:
    void error(const Location& where, const std::string& path, std::string message,
               std::string suggestion = {}) const {
        reader_.findings().error(where, path, std::move(message), std::move(suggestion));
    }
    /// A text of the test itself, not empty.
    [[nodiscard]] std::string text(const YamlEntry& entry, std::string_view key) const {
        if (entry.value.is_scalar() && !entry.value.text.empty()) return entry.value.text;
        error(entry.place(), fmt::format("{}.{}", path_, key),
              fmt::format("expected a text, got {}",
                          entry.value.is_scalar() ? "an empty one" : describe(entry.value.type)));
        return {};
    }
    [[nodiscard]] const YamlEntry* find_map(std::string_view key, std::string_view expected) const {
        const YamlEntry* entry = map_.find(key);
        if (entry == nullptr || entry->value.is_map()) return entry;
        error(entry->place(), fmt::format("{}.{}", path_, key),
              fmt::format("expected {}, got {}", expected, describe(entry->value.type)));
        return nullptr;
    }

    void read_name() {
        if (const YamlEntry* name = map_.find("name")) {
            test_.name = text(*name, "name");
        } else {
            error(map_.where, path_, "'name' is missing: it says what the test shows",
                  "add 'name: ..'");
        }
    }
    void read_start() {
        const YamlEntry* start = map_.find("start");
        if (start == nullptr) return;
        const auto time =
            start->value.is_scalar() ? parse_iso_time(start->value.text) : std::optional<Time>();
        if (time && *time % millisecond == 0 && *time >= earliest_event_time &&
            *time < latest_event_time) {
            test_.start = *time;
        } else {
            error(start->place(), path_ + ".start",
                  fmt::format("expected a time such as 2026-02-05T20:25:00Z, got {}",
                              start->value.is_scalar() ? in_quotes(start->value.text)
                                                       : std::string(describe(start->value.type))));
        }
    }
    void read_variables() {
        const YamlEntry* variables = find_map("variables", "a map such as {NAME: text}");
        if (variables == nullptr) return;
        for (const YamlEntry& entry : variables->value.entries) {
            if (entry.value.is_scalar()) {
                test_.variables[entry.key.text] = entry.value.text;
            } else {
                error(entry.place(), fmt::format("{}.variables.{}", path_, entry.key.text),
                      fmt::format("expected a text, got {}", describe(entry.value.type)));
            }
        }
    }
    void read_overrides() {
        const YamlEntry* set = find_map("set", "a map such as {transforms.large.where: [..]}");
        if (set == nullptr) return;
        for (const YamlEntry& entry : set->value.entries) {
            const YamlNode& value = entry.value;
            const bool plain = value.is_scalar() && !value.quoted;
            test_.overrides.push_back(
                {entry.key.text, plain ? value.text : to_json(value), entry.key.where});
        }
    }
    void read_executors() {
        const YamlEntry* entry = map_.find("executor");
        if (entry == nullptr) return;
        test_.executors.clear();
        const std::string path = path_ + ".executor";
        for (const auto& [name, where, item_path] : reader_.texts(*entry, path, "an executor")) {
            const auto* const known =
                std::find(test_executor_names.begin(), test_executor_names.end(), name);
            if (known == test_executor_names.end()) {
                error(where, item_path, fmt::format("{} is no executor", in_quotes(name)),
                      suggest(name, test_executor_names));
            } else {
                test_.executors.push_back(
                    static_cast<TestExecutor>(known - test_executor_names.begin()));
            }
        }
    }

    const YamlNode& map_;
    std::string path_;
    const PipelineSpec& pipeline_;
    const ValueReader& reader_;
    TestSpec test_;
};

}  // namespace

std::vector<TestSpec> read_tests(const YamlEntry& tests, const PipelineSpec& pipeline,
                                 const ValueReader& reader) {
    std::vector<TestSpec> found;
    const std::string key = tests.key.text;
    if (!tests.value.is_sequence()) {
        reader.findings().error(
            tests.place(), key,
            fmt::format("expected a list of tests, got {}", describe(tests.value.type)),
            "write '- name: ..' for each");
        return found;
    }
    std::map<std::string_view, Location> names;
    for (std::size_t i = 0; i < tests.value.items.size(); ++i) {
        const YamlNode& item = tests.value.items[i];
        const std::string path = fmt::format("{}[{}]", key, i);
        if (!item.is_map()) {
            reader.findings().error(
                item.where, path,
                fmt::format("expected a test (a map), got {}", describe(item.type)));
            continue;
        }
        found.push_back(OneTest(item, path, pipeline, reader).read());
        const YamlEntry* name = item.find("name");
        if (name == nullptr || name->value.text.empty()) continue;
        const auto [first, added] = names.emplace(name->value.text, name->place());
        if (added) continue;
        reader.findings().error(name->place(), path + ".name",
                                fmt::format("the name is taken by the test at {}:{}",
                                            first->second.line, first->second.column),
                                "say what makes this test another");
    }
    return found;
}

}  // namespace spillway::runtime
