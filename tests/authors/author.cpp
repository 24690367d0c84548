#include "author.hpp"

#include <array>
#include <cstdio>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <spillway/testing/temporary_folder.hpp>

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

/// Words for a shell: every one quoted.
std::string quoted(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += '\'' + word + "' ";
    return line;
}

}  // namespace

ShellResult shell(const fs::path& folder, const std::vector<std::string>& words,
                  const std::vector<std::string>& variables) {
    const std::string environment = variables.empty() ? "" : "env " + quoted(variables);
    const std::string line =
        "cd " + quoted({folder.string()}) + "&& " + environment + quoted(words) + "2>&1";
    std::FILE* const pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) return {};
    ShellResult result;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.output.append(buffer.data(), size);
    }
    const int status = ::pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

std::string run(const fs::path& folder, const std::vector<std::string>& words,
                const std::vector<std::string>& variables) {
    const ShellResult result = shell(folder, words, variables);
    EXPECT_EQ(result.code, 0) << quoted(words) << '\n' << result.output;
    return result.output;
}

std::vector<std::string> configure(const fs::path& build, std::vector<std::string> definitions) {
    std::vector<std::string> words = {SPILLWAY_CMAKE, "-B", build.string(), "-G",
                                      SPILLWAY_GENERATOR};
    words.push_back(std::string("-DCMAKE_CXX_COMPILER=") + SPILLWAY_CXX);
    words.push_back(std::string("-DCMAKE_CXX_COMPILER_LAUNCHER=") + SPILLWAY_LAUNCHER);
    words.emplace_back("-DCMAKE_BUILD_TYPE=Debug");
    words.emplace_back("-DCMAKE_CXX_FLAGS_DEBUG=-O0 -Werror");
    for (std::string& definition : definitions) words.push_back("-D" + std::move(definition));
    return words;
}

const fs::path& prefix() {
    static const TemporaryFolder folder;
    static const fs::path installed = [] {
        run("/", {SPILLWAY_CMAKE, "--install", SPILLWAY_BINARY_DIR, "--prefix",
                  (folder / "a prefix").string()});
        return folder / "a prefix";
    }();
    return installed;
}

}  // namespace spillway::testing
