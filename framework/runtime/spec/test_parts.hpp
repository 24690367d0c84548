#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"
#include "runtime/spec/test_spec.hpp"
#include "runtime/spec/value_reader.hpp"
#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

/// The parts of one test, each read where it stands. Paths are YAML paths for messages.
class TestParts {
public:
    TestParts(const PipelineSpec& pipeline, const ValueReader& reader, Time start)
        : pipeline_(pipeline), reader_(reader), start_(start) {}

    /// `input: {source: ..}`
    [[nodiscard]] std::vector<TestInput> inputs(const YamlEntry& entry,
                                                const std::string& path) const;
    /// `expect: {output: ..}`
    [[nodiscard]] std::vector<TestExpectation> expectations(const YamlEntry& entry,
                                                            const std::string& path) const;
    /// `books: {node: {in: 3}}`
    [[nodiscard]] std::vector<TestBook> books(const YamlEntry& entry,
                                              const std::string& path) const;

private:
    friend class InputReader;

    [[nodiscard]] bool is_map(const YamlEntry& entry, const std::string& path,
                              std::string_view expected) const;
    [[nodiscard]] const NodeSpec* find_node(const YamlEntry& entry, const std::string& path,
                                            std::string_view id) const;
    [[nodiscard]] bool is_output(const YamlEntry& entry, const std::string& path) const;
    [[nodiscard]] std::vector<TestLine> expected_lines(const YamlEntry& entry,
                                                       const std::string& path) const;
    void read_long_form(const YamlEntry& entry, const std::string& path,
                        std::vector<TestExpectation>& out) const;
    void error(const Location& where, const std::string& path, std::string message,
               std::string suggestion = {}) const {
        reader_.findings().error(where, path, std::move(message), std::move(suggestion));
    }

    const PipelineSpec& pipeline_;
    const ValueReader& reader_;
    Time start_;
};

/// The lines of a text, each with its place: those of a block text stand below its `|`. Empty
/// lines are left out.
[[nodiscard]] std::vector<TestLine> lines_of(const YamlNode& text);

/// A whole number without a sign, `1_000` too.
[[nodiscard]] std::optional<std::uint64_t> read_count(const YamlNode& value);

}  // namespace spillway::runtime
