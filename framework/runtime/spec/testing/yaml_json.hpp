#pragma once

#include <charconv>
#include <string>

#include <rapidjson/document.h>

#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime::testing {

/// The document as an editor's YAML server sees it: YAML 1.2 core types for plain scalars.
inline rapidjson::Value to_json_value(const YamlNode& node,
                                      rapidjson::Document::AllocatorType& memory) {
    rapidjson::Value value;
    const auto set_text = [&](rapidjson::Value& target, const std::string& text) {
        target.SetString(text.c_str(), static_cast<rapidjson::SizeType>(text.size()), memory);
    };
    const char* const end = node.text.data() + node.text.size();
    double number = 0;
    std::int64_t whole = 0;
    switch (node.type) {
        case YamlNode::Type::null:
            break;
        case YamlNode::Type::scalar:
            if (!node.quoted && (node.text == "true" || node.text == "false")) {
                value.SetBool(node.text == "true");
            } else if (!node.quoted && std::from_chars(node.text.data(), end, whole).ptr == end) {
                value.SetInt64(whole);
            } else if (!node.quoted && std::from_chars(node.text.data(), end, number).ptr == end) {
                value.SetDouble(number);
            } else {
                set_text(value, node.text);
            }
            break;
        case YamlNode::Type::sequence:
            value.SetArray();
            for (const YamlNode& item : node.items) {
                value.PushBack(to_json_value(item, memory), memory);
            }
            break;
        case YamlNode::Type::map:
            value.SetObject();
            for (const YamlEntry& entry : node.entries) {
                rapidjson::Value key;
                set_text(key, entry.key.text);
                value.AddMember(key, to_json_value(entry.value, memory), memory);
            }
            break;
    }
    return value;
}

}  // namespace spillway::runtime::testing
