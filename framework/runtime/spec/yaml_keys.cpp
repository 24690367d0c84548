#include "runtime/spec/yaml_keys.hpp"

#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace spillway::runtime {
namespace {

std::string below(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

void check(const YamlNode& node, const std::string& path, Findings& findings) {
    std::map<std::string_view, Location> seen;
    for (const YamlEntry& entry : node.entries) {
        const std::string key_path = below(path, entry.key.text);
        if (!entry.key.is_scalar()) {
            findings.error(entry.key.where, path,
                           fmt::format("a key must be a text, got {}", describe(entry.key.type)));
            continue;
        }
        if (entry.key.text == "<<") {
            findings.error(entry.key.where, key_path, "merge keys ('<<') are not merged here",
                           "write the keys out, or use an alias for a whole value");
            continue;
        }
        const auto [first, added] = seen.emplace(entry.key.text, entry.key.where);
        if (!added) {
            findings.error(entry.key.where, key_path,
                           fmt::format("the key '{}' is given twice, first at {}:{}",
                                       entry.key.text, first->second.line, first->second.column),
                           "remove one of the two");
        }
        check(entry.value, key_path, findings);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        check(node.items[i], fmt::format("{}[{}]", path, i), findings);
    }
}

}  // namespace

void check_keys(const YamlNode& root, Findings& findings) { check(root, {}, findings); }

}  // namespace spillway::runtime
