#include "support/json.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace spillway::testing {
namespace {

using rapidjson::Value;

std::string text_of(const Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return buffer.GetString();
}

bool equal_numbers(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

std::string compare(const Value& expected, const Value& actual, const std::string& path) {
    if (expected.IsObject() && actual.IsObject()) {
        for (const auto& member : expected.GetObject()) {
            const std::string name = path + '.' + member.name.GetString();
            const auto found = actual.FindMember(member.name);
            if (found == actual.MemberEnd()) return name + " is missing";
            if (auto why = compare(member.value, found->value, name); !why.empty()) return why;
        }
        return {};
    }
    if (expected.IsArray() && actual.IsArray() && expected.Size() == actual.Size()) {
        for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
            auto why = compare(expected[i], actual[i], fmt::format("{}[{}]", path, i));
            if (!why.empty()) return why;
        }
        return {};
    }
    const bool equal = expected.IsNumber() && actual.IsNumber()
                           ? equal_numbers(expected.GetDouble(), actual.GetDouble())
                           : expected == actual;
    if (equal) return {};
    return fmt::format("{} is {} instead of {}", path, text_of(actual), text_of(expected));
}

}  // namespace

std::string json_difference(std::string_view expected, std::string_view actual) {
    rapidjson::Document wanted;
    rapidjson::Document found;
    if (wanted.Parse(expected.data(), expected.size()).HasParseError()) {
        return fmt::format("the expectation is no JSON: {}", expected);
    }
    if (found.Parse(actual.data(), actual.size()).HasParseError()) {
        return fmt::format("no JSON: {}", actual);
    }
    return compare(wanted, found, "$");
}

}  // namespace spillway::testing
