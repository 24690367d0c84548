#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace spillway::testing {

/// A pipeline test in a file:
///
///     pipeline: |            # as a user writes it; ${DIR} is the folder of the input files
///     input:                 # files by name
///       events.jsonl: |
///     expect:                # outputs (`node` or `node.port`) and what leaves them, in order,
///       kept: |              # one JSON object a line; a line needs only what matters
///     books:                 # nodes and what they counted
///       kept: {in: 3, filtered: 1}
///     fails: text            # the run fails and its message holds this text
struct CaseFile {
    std::string pipeline;
    std::map<std::string, std::string> input;
    std::map<std::string, std::vector<std::string>> expect;
    std::map<std::string, std::map<std::string, std::uint64_t>> books;
    std::string fails;
};

/// Throws YAML::Exception with the place of the mistake.
[[nodiscard]] CaseFile read_case(const std::filesystem::path& file);

}  // namespace spillway::testing
