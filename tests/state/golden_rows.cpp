#include "golden_rows.hpp"

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <spillway/event_json.hpp>
#include <spillway/testing/golden.hpp>

namespace spillway::testing {
namespace {

std::string json_text(std::string_view text) {
    PodVector<char> out;
    append_json_string(out, text);
    return std::string(view(out));
}

std::string hex_of(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::byte byte : bytes) {
        fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned>(byte));
    }
    return text;
}

/// Hexadecimal digits that no test wrote are damage; `read_rows` tells of it.
bool bytes_of(std::string_view text, std::vector<std::byte>& out) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return true;
}

bool parse(const std::string& line, StateRows::Row& row) {
    rapidjson::Document json;
    if (json.Parse(line.c_str()).HasParseError() || !json.IsObject()) return false;
    for (const char* name : {"key", "part", "bytes"}) {
        if (!json.HasMember(name) || !json[name].IsString()) return false;
    }
    if (!json.HasMember("version") || !json["version"].IsUint()) return false;
    row.key = {json["key"].GetString(), json["key"].GetStringLength()};
    row.part = {json["part"].GetString(), json["part"].GetStringLength()};
    row.version = json["version"].GetUint();
    return bytes_of({json["bytes"].GetString(), json["bytes"].GetStringLength()}, row.bytes);
}

}  // namespace

StateRows read_rows(const std::filesystem::path& file) {
    StateRows rows;
    int number = 0;
    for (const std::string& line : read_lines(file)) {
        ++number;
        if (!parse(line, rows.rows.emplace_back())) {
            ADD_FAILURE() << file.string() << ":" << number << ": not a row of state";
            rows.rows.pop_back();
        }
    }
    return rows;
}

void write_new_rows(const std::filesystem::path& file, const StateRows& rows) {
    if (std::filesystem::exists(file)) return;
    std::ofstream out(file);
    for (const StateRows::Row& row : rows.rows) {
        out << fmt::format(R"({{"key":{},"part":{},"version":{},"bytes":"{}"}})",
                           json_text(row.key), json_text(row.part), row.version, hex_of(row.bytes))
            << '\n';
    }
    ASSERT_TRUE(out.flush()) << "cannot write " << file;
}

}  // namespace spillway::testing
