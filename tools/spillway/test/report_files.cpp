#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "test/report.hpp"

namespace spillway::cli {
namespace {

/// Text for XML, also inside of attributes. Control characters have no place there.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\n':
            case '\t':
                result += c;
                break;
            default:
                result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return result;
}

void write_case(std::string& out, const FileResult& file, const TestResult& test) {
    out += fmt::format(
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" "
        "time=\"{:.6f}\"",
        escaped(file.file.stem().string()), escaped(test.name), escaped(file.file.string()),
        test.where.line, test.seconds);
    if (!test.failed()) {
        out += "/>\n";
        return;
    }
    out += ">\n";
    for (const TestFailure& failure : test.failures) {
        out += fmt::format("      <failure message=\"{}\">{}:{}: {}\n{}</failure>\n",
                           escaped(failure.what), escaped(failure.where.file), failure.where.line,
                           escaped(failure.what), escaped(failure.diff));
    }
    out += "    </testcase>\n";
}

void write_suite(std::string& out, const FileResult& file) {
    double seconds = 0;
    for (const TestResult& test : file.tests) seconds += test.seconds;
    const auto failed = std::count_if(file.tests.begin(), file.tests.end(),
                                      [](const TestResult& test) { return test.failed(); });
    out += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
        "time=\"{:.6f}\">\n",
        escaped(file.file.string()), file.tests.size(), failed, seconds);
    for (const TestResult& test : file.tests) write_case(out, file, test);
    out += "  </testsuite>\n";
}

using Json = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void field(Json& json, const char* name, std::string_view value) {
    json.Key(name);
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void identify(Json& json, const FileResult& file, const TestResult& test) {
    field(json, "file", file.file.string());
    json.Key("line");
    json.Int(test.where.line);
    field(json, "name", test.name);
}

void write_result(Json& json, const FileResult& file, const TestResult& test) {
    json.StartObject();
    identify(json, file, test);
    field(json, "status", test.passed() ? "passed" : test.updated ? "updated" : "failed");
    json.Key("seconds");
    json.Double(test.seconds);
    json.Key("failures");
    json.StartArray();
    for (const TestFailure& failure : test.failures) {
        json.StartObject();
        json.Key("line");
        json.Int(failure.where.line);
        field(json, "what", failure.what);
        field(json, "diff", failure.diff);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
}

template <class WriteTest>
std::string json_list(const std::vector<FileResult>& results, WriteTest write) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.SetIndent(' ', 2);
    json.StartArray();
    for (const FileResult& file : results) {
        for (const TestResult& test : file.tests) write(json, file, test);
    }
    json.EndArray();
    return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace

std::string junit_xml(const std::vector<FileResult>& results) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const FileResult& file : results) {
        if (!file.tests.empty()) write_suite(out, file);
    }
    return out + "</testsuites>\n";
}

std::string test_json(const std::vector<FileResult>& results) {
    return json_list(results, write_result);
}

std::string list_json(const std::vector<FileResult>& tests) {
    return json_list(tests, [](Json& json, const FileResult& file, const TestResult& test) {
        json.StartObject();
        identify(json, file, test);
        json.EndObject();
    });
}

}  // namespace spillway::cli
