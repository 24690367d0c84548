// Who may include whom: plugins see the SDK, their own folder and plugins/common; the SDK sees
// itself; the runtime sees no plugin.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

const fs::path source_dir = SPILLWAY_SOURCE_DIR;

struct Include {
    fs::path file;
    int line = 0;
    std::string header;
    bool quoted = false;
};

std::vector<Include> includes_below(const fs::path& folder) {
    static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
    std::vector<Include> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        std::ifstream stream(entry.path());
        std::string line;
        for (int number = 1; std::getline(stream, line); ++number) {
            std::smatch match;
            if (std::regex_search(line, match, pattern)) {
                found.push_back({entry.path(), number, match[2], match[1] == "\""});
            }
        }
    }
    return found;
}

bool is_below(const fs::path& file, const fs::path& folder) {
    const fs::path relative = file.lexically_normal().lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

std::string place(const Include& include) {
    return include.file.lexically_relative(source_dir).string() + ':' +
           std::to_string(include.line) + " includes " + include.header;
}

/// Whether a header is found from the including file's folder up to the plugin's.
bool is_found_within(const Include& include, const fs::path& own) {
    for (fs::path folder = include.file.parent_path(); is_below(folder, own) || folder == own;
         folder = folder.parent_path()) {
        if (fs::exists(folder / include.header)) return is_below(folder / include.header, own);
    }
    return false;
}

/// plugins/<category>/<name>, or plugins/common.
fs::path folder_of_plugin(const fs::path& file) {
    const fs::path relative = file.lexically_relative(source_dir / "plugins");
    auto part = relative.begin();
    fs::path folder = source_dir / "plugins" / *part;
    return *part == "common" ? folder : folder / *++part;
}

TEST(Includes, OfPluginsStayInTheSdkTheirOwnFolderAndCommon) {
    const auto includes = includes_below(source_dir / "plugins");
    ASSERT_GT(includes.size(), 100U);
    for (const Include& include : includes) {
        EXPECT_EQ(include.header.find("runtime/"), std::string::npos) << place(include);
        if (!include.quoted) continue;
        const fs::path own = folder_of_plugin(include.file);
        const bool allowed = is_found_within(include, own) ||
                             include.header.starts_with("common/") ||
                             include.header.ends_with(".inc");
        EXPECT_TRUE(allowed) << place(include);
    }
}

TEST(Includes, OfTheSdkStayInTheSdk) {
    for (const char* folder : {"framework/sdk/include", "framework/sdk/src"}) {
        for (const Include& include : includes_below(source_dir / folder)) {
            // Private headers lie beside the sources that share them.
            const bool beside = fs::exists(include.file.parent_path() / include.header);
            EXPECT_TRUE(!include.quoted || beside) << place(include);
            EXPECT_FALSE(include.header.starts_with("runtime/")) << place(include);
        }
    }
}

TEST(Includes, OfTheRuntimeKnowNoPluginAndNoTool) {
    for (const Include& include : includes_below(source_dir / "framework/runtime")) {
        if (!include.quoted) continue;
        EXPECT_TRUE(include.header.starts_with("runtime/")) << place(include);
    }
}

}  // namespace
}  // namespace spillway::testing
