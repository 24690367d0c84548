// The worked example of docs/plugins.md, typed in as a reader would: what the page shows is what
// compiles, passes, runs and connects.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "author.hpp"
#include "support/mock_exchange.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A fenced block of a page.
struct Block {
    std::string heading;  ///< above it: "3. Decoder"
    std::string language;
    std::string text;
};

std::vector<Block> blocks_of(const fs::path& page) {
    std::vector<Block> blocks;
    std::istringstream lines(content_of(page));
    std::string heading;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) {
            inside = !inside;
            if (inside) blocks.push_back({heading, line.substr(3), ""});
        } else if (inside) {
            blocks.back().text += line + '\n';
        } else if (line.starts_with("#")) {
            heading = line.substr(line.find_first_not_of("# "));
        }
    }
    return blocks;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what << " is not in\n" << text;
    text.replace(at, what.size(), by);
}

class Guide : public ::testing::Test {
protected:
    /// The block number `index` of a language under a heading.
    [[nodiscard]] std::string block(const std::string& heading, const std::string& language,
                                    std::size_t index = 0) const {
        for (const Block& candidate : page_) {
            if (candidate.heading != heading || candidate.language != language) continue;
            if (index-- == 0) return candidate.text;
        }
        ADD_FAILURE() << "docs/plugins.md has too few blocks of " << language << " in " << heading;
        return {};
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder() / name) << text;
    }
    void build_and_test(const std::vector<std::string>& variables = {}) const {
        run(folder(), {SPILLWAY_CMAKE, "--build", "build", "--parallel", "2"});
        run(folder(), {SPILLWAY_CTEST, "--test-dir", "build", "--output-on-failure"}, variables);
    }
    std::string spillway(std::vector<std::string> words,
                         const std::vector<std::string>& variables = {}) const {
        words.insert(words.begin(), prefix() / "bin/spillway");
        words.insert(words.end(), {"--plugin-dir", "build/lib/spillway/plugins"});
        return run(folder(), words, variables);
    }
    [[nodiscard]] fs::path folder() const { return work / "binance_mark"; }

    TemporaryFolder work;

private:
    const std::vector<Block> page_ = blocks_of(fs::path(SPILLWAY_SOURCE_DIR) / "docs/plugins.md");
};

TEST_F(Guide, TheVenueOfThePageWorksAsThePageSays) {
    const std::string plugin = "build/lib/spillway/plugins/binance_mark.so";
    run(work.path(), {prefix() / "bin/spillway", "plugins", "new", "venue", "binance_mark"});
    fs::remove_all(folder() / "fixtures");
    fs::create_directory(folder() / "fixtures");
    write("fixtures/messages.jsonl", block("2. Frames", "json"));
    std::string header = block("3. Decoder", "cpp", 0);
    std::string tests = block("4. Golden file and tests", "cpp");
    write("plugin.hpp", header);
    write("plugin.cpp", block("3. Decoder", "cpp", 1));
    write("plugin_test.cpp", tests);
    run(folder(), configure("build", {"CMAKE_PREFIX_PATH=" + prefix().string()}));
    build_and_test({"SPILLWAY_UPDATE_GOLDEN=1"});
    build_and_test();
    EXPECT_THAT(content_of(folder() / "fixtures/messages.events.jsonl"),
                StartsWith(block("4. Golden file and tests", "json")));

    write("pipeline.yaml", block("5. Pipeline", "yaml"));
    spillway({"validate", "pipeline.yaml"});
    EXPECT_THAT(spillway({"run", "pipeline.yaml"}), HasSubstr("The books balance"));
    EXPECT_THAT(content_of(folder() / "binance_mark_demo/events.jsonl"),
                HasSubstr("84551.11197101"));

    write("check.yaml", block("6. Conformance", "yaml"));
    EXPECT_THAT(spillway({"plugins", "check", plugin}), HasSubstr(" 0 fail"));

    // The connection.
    write("protocol.hpp", block("7. Connection", "cpp", 0));
    write("protocol.cpp", block("7. Connection", "cpp", 1));
    const std::string members = block("7. Connection", "cpp", 2);
    const std::size_t gap = members.find("    ...\n");
    ASSERT_NE(gap, std::string::npos) << members;
    replace(header,
            "    static constexpr auto option_list = no_options();\n    NoOptions options;\n",
            members.substr(0, gap));
    replace(header, "private:\n", members.substr(gap + 8));
    replace(header, "#include <spillway/venue.hpp>\n",
            "#include <spillway/venue.hpp>\n\n#include \"protocol.hpp\"\n");
    write("plugin.hpp", header);
    replace(tests, "}  // namespace\n", block("7. Connection", "cpp", 3) + "}  // namespace\n");
    write("plugin_test.cpp", tests);
    std::string cmake = content_of(folder() / "CMakeLists.txt");
    replace(cmake, "SOURCES plugin.cpp", "SOURCES plugin.cpp protocol.cpp");
    write("CMakeLists.txt", cmake);
    build_and_test();
    EXPECT_THAT(spillway({"plugins", "check", plugin}), HasSubstr(" 0 fail"));

    // The mock of the venue whose host it shares.
    write("live.yaml", block("7. Connection", "yaml"));
    const MockExchange exchange({"--venue", "binance"});
    const std::vector<std::string> gateway = {"SPILLWAY_GATEWAY=" + exchange.gateway()};
    spillway({"doctor", "live.yaml"}, gateway);
    spillway({"record", "live.yaml", "--out", "recording", "--for", "10s"}, gateway);
    spillway({"run", "live.yaml", "--replay", "recording", "--data-dir", "again"});
    EXPECT_THAT(content_of(folder() / "again/binance_mark_live/events.jsonl"),
                HasSubstr(R"("kind":"funding_rate")"));
}

}  // namespace
}  // namespace spillway::testing
