#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>

namespace spillway::testing {

/// Lines of a text file, without their ends; a file that cannot be read fails the test.
inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file) << "cannot read " << path;
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// The event as a line of a golden file: its JSON form without `raw`, which is the frame itself.
inline std::string golden_line(const Event& event, const Batch& batch) {
    Event shown = event;
    if (event.kind() == Kind::liquidation) shown.set_absent(field::liquidation::raw);
    PodVector<char> text;
    append_json(text, shown, batch);
    return std::string(view(text));
}

/// Compares lines with a golden file that a person has checked. With SPILLWAY_UPDATE_GOLDEN=1 in
/// the environment the file is written instead: look at the difference before you commit it.
inline void expect_golden(const std::filesystem::path& path,
                          const std::vector<std::string>& lines) {
    const char* const update = std::getenv("SPILLWAY_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream file(path);
        for (const std::string& line : lines) file << line << '\n';
        ASSERT_TRUE(file.flush()) << "cannot write " << path;
        return;
    }
    constexpr std::string_view hint =
        "; run the test with SPILLWAY_UPDATE_GOLDEN=1 and check by hand what changed";
    ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing" << hint;
    const std::vector<std::string> golden = read_lines(path);
    for (std::size_t i = 0; i < std::min(golden.size(), lines.size()); ++i) {
        EXPECT_EQ(lines[i], golden[i]) << path << ":" << i + 1 << hint;
    }
    EXPECT_EQ(lines.size(), golden.size()) << path << hint;
}

}  // namespace spillway::testing
