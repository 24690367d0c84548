#pragma once

#include <array>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <zlib.h>

#include "report/records.hpp"

namespace spillway::report {

inline std::string replay_2026_02_05() {
    return std::string{SPILLWAY_SOURCE_DIR} + "/pipelines/data/replay-2026-02-05.jsonl.gz";
}

// Calls `handle` with every line of a gzipped JSON-lines file; a test helper without recovery.
inline void for_each_line(const std::string& path,
                          const std::function<void(const rapidjson::Document&)>& handle) {
    gzFile file = gzopen(path.c_str(), "rb");
    ASSERT_NE(file, nullptr) << path;
    std::array<char, 65536> line{};
    while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
        rapidjson::Document document;
        document.Parse(line.data());
        ASSERT_FALSE(document.HasParseError()) << path << ": " << line.data();
        handle(document);
    }
    gzclose(file);
}

}  // namespace spillway::report
