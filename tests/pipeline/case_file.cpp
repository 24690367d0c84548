#include "case_file.hpp"

#include <set>
#include <sstream>

#include <yaml-cpp/yaml.h>

namespace spillway::testing {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

}  // namespace

CaseFile read_case(const std::filesystem::path& file) {
    const YAML::Node root = YAML::LoadFile(file.string());
    static const std::set<std::string> keys = {"pipeline", "input", "expect", "books", "fails"};
    for (const auto& entry : root) {
        if (!keys.contains(entry.first.as<std::string>())) {
            throw YAML::Exception(entry.first.Mark(), "unknown key");
        }
    }
    CaseFile found;
    found.pipeline = root["pipeline"].as<std::string>();
    for (const auto& entry : root["input"]) {
        found.input[entry.first.as<std::string>()] = entry.second.as<std::string>();
    }
    for (const auto& entry : root["expect"]) {
        found.expect[entry.first.as<std::string>()] = lines_of(entry.second.as<std::string>());
    }
    for (const auto& entry : root["books"]) {
        found.books[entry.first.as<std::string>()] =
            entry.second.as<std::map<std::string, std::uint64_t>>();
    }
    if (root["fails"]) found.fails = root["fails"].as<std::string>();
    return found;
}

}  // namespace spillway::testing
