#include "test/match.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "runtime/spec/suggestions.hpp"
#include "runtime/spec/test_values.hpp"

namespace spillway::cli {
namespace {

using rapidjson::Value;

std::string_view text_of(const Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

std::string shown(const Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

bool equal_numbers(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

/// Whether `actual` is as a text such as ">= 60" asks; none if the text asks nothing like that.
std::optional<bool> compared(std::string_view expected, double actual) {
    constexpr std::array<std::string_view, 4> operators = {">=", "<=", ">", "<"};
    for (std::size_t i = 0; i < operators.size(); ++i) {
        if (!expected.starts_with(operators[i])) continue;
        std::string_view rest = expected.substr(operators[i].size());
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        double bound = 0;
        const char* const end = rest.data() + rest.size();
        if (rest.empty() || std::from_chars(rest.data(), end, bound).ptr != end) return {};
        const std::array<bool, 4> holds = {actual >= bound, actual <= bound, actual > bound,
                                           actual < bound};
        return holds[i];
    }
    return {};
}

bool equal_texts(std::string_view expected, std::string_view actual, Time start) {
    if (expected == actual) return true;
    const auto wanted = runtime::parse_moment(expected, start);
    return wanted && wanted == runtime::parse_iso_time(actual);
}

bool equal_values(const Value& expected, const Value& actual, Time start) {
    if (expected.IsNumber() && actual.IsNumber()) {
        return equal_numbers(expected.GetDouble(), actual.GetDouble());
    }
    if (expected.IsString() && actual.IsNumber()) {
        return compared(text_of(expected), actual.GetDouble()).value_or(false);
    }
    if (expected.IsString() && actual.IsString()) {
        return equal_texts(text_of(expected), text_of(actual), start);
    }
    return expected == actual;
}

/// "notional is not there; did you mean 'amount'?"
std::string missing(const std::string& path, std::string_view name, const Value& actual) {
    std::vector<std::string_view> known;
    for (const auto& member : actual.GetObject()) known.push_back(text_of(member.name));
    const std::string_view meant = runtime::nearest(name, known);
    return meant.empty() ? fmt::format("{} is not there", path)
                         : fmt::format("{} is not there; did you mean '{}'?", path, meant);
}

class Comparison {
public:
    explicit Comparison(Time start) : start_(start) {}

    [[nodiscard]] std::string of(const Value& expected, const Value& actual,
                                 const std::string& path) const {
        if (expected.IsObject() && actual.IsObject()) return objects(expected, actual, path);
        if (expected.IsArray() && actual.IsArray()) return lists(expected, actual, path);
        if (equal_values(expected, actual, start_)) return {};
        return fmt::format("{} is {}, not {}", path, shown(actual), shown(expected));
    }

private:
    [[nodiscard]] std::string objects(const Value& expected, const Value& actual,
                                      const std::string& path) const {
        for (const auto& member : expected.GetObject()) {
            const std::string_view name = text_of(member.name);
            const std::string below =
                path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
            const auto found = actual.FindMember(member.name);
            const bool there = found != actual.MemberEnd() && !found->value.IsNull();
            if (member.value.IsNull() && !there) continue;
            if (!there) return missing(below, name, actual);
            if (auto why = of(member.value, found->value, below); !why.empty()) return why;
        }
        return {};
    }
    [[nodiscard]] std::string lists(const Value& expected, const Value& actual,
                                    const std::string& path) const {
        if (expected.Size() != actual.Size()) {
            return fmt::format("{} has {} items, not {}", path, actual.Size(), expected.Size());
        }
        for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
            auto why = of(expected[i], actual[i], fmt::format("{}[{}]", path, i));
            if (!why.empty()) return why;
        }
        return {};
    }

    Time start_;
};

}  // namespace

std::string difference(const Value& expected, const Value& actual, Time start) {
    return Comparison(start).of(expected, actual, {});
}

}  // namespace spillway::cli
