#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include "support/command.hpp"

namespace spillway::testing {

/// What `spillway plugins check` says of one property.
struct CheckedProperty {
    std::string outcome;
    std::string text;  ///< its findings: expected, happened and where of each, a line each
};

/// The report on one plugin file.
struct CheckedPlugin {
    int code = 0;  ///< exit code of the command
    std::string out, err;
    std::map<std::string, CheckedProperty> properties;

    /// Names of the properties with this outcome.
    [[nodiscard]] std::vector<std::string> with(const std::string& outcome) const {
        std::vector<std::string> names;
        for (const auto& [name, property] : properties) {
            if (property.outcome == outcome) names.push_back(name);
        }
        return names;
    }
};

[[nodiscard]] inline CheckedPlugin check_plugin(const std::filesystem::path& file,
                                                const std::filesystem::path& case_file,
                                                const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"plugins", "check", file.string(), "--format", "json"};
    if (std::filesystem::exists(case_file)) {
        arguments.insert(arguments.end(), {"--case", case_file.string()});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    CommandResult result = run_command({.arguments = arguments});
    CheckedPlugin checked{result.code, result.out, result.err, {}};
    rapidjson::Document report;
    if (report.Parse(result.out.c_str()).HasParseError()) return checked;
    for (const auto& property : report["plugins"][0]["properties"].GetArray()) {
        CheckedProperty& one = checked.properties[property["name"].GetString()];
        one.outcome = property["outcome"].GetString();
        for (const auto& finding : property["findings"].GetArray()) {
            for (const char* key : {"expected", "happened", "where"}) {
                one.text += finding[key].GetString();
                one.text += '\n';
            }
        }
    }
    return checked;
}

}  // namespace spillway::testing
