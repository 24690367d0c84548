#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "runtime/load/description.hpp"

namespace spillway::runtime {

/// Writes JSON Schema; every function adds a key or a value.
class SchemaWriter {
public:
    using Json = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

    explicit SchemaWriter(Json& json) : json_(json) {}

    void text(std::string_view value) {
        json_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void text(const char* key, std::string_view value) {
        json_.Key(key);
        text(value);
    }
    void flag(const char* key, bool value) {
        json_.Key(key);
        json_.Bool(value);
    }
    template <class Texts>
    void texts(const char* key, const Texts& values) {
        json_.Key(key);
        json_.StartArray();
        for (const auto& value : values) text(value);
        json_.EndArray();
    }
    template <class Body>
    void object(Body body) {
        json_.StartObject();
        body();
        json_.EndObject();
    }
    template <class Body>
    void object(std::string_view key, Body body) {
        json_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
        object(body);
    }
    template <class Body>
    void list(const char* key, Body body) {
        json_.Key(key);
        json_.StartArray();
        body();
        json_.EndArray();
    }
    void refer(std::string_view definition) {
        object([&] { text("$ref", fmt::format("#/definitions/{}", definition)); });
    }
    void string_like(std::string_view pattern) {
        object([&] {
            text("type", "string");
            text("pattern", pattern);
        });
    }
    /// A plain number within the option's range.
    void number(const char* type, const OptionDescription& option) {
        object([&] {
            text("type", type);
            if (option.minimum) bound("minimum", *option.minimum);
            if (option.maximum) bound("maximum", *option.maximum);
        });
    }
    void bound(const char* key, double value) {
        json_.Key(key);
        json_.Double(value);
    }
    void whole(const char* key, std::int64_t value) {
        json_.Key(key);
        json_.Int64(value);
    }
    void zero() {
        list("enum", [&] { json_.Int(0); });
    }

private:
    Json& json_;
};

}  // namespace spillway::runtime
