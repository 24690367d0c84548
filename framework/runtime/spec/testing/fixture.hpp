#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "runtime/spec/load_pipeline.hpp"
#include "runtime/spec/testing/catalogue.hpp"

namespace spillway::runtime::testing {

/// A pipeline file under tests/pipelines, loaded with the plugins of the tests. Comments at its
/// start set the scene: `# environment: NAME=value ..` and `# set: path=value`. `@DIR@` in it is a
/// folder of its own that holds token.txt.
class Fixture {
public:
    explicit Fixture(const std::filesystem::path& file)
        : folder_(std::filesystem::temp_directory_path() /
                  ("spillway_spec_" + std::to_string(getpid()))),
          file_(folder_ / file.filename()) {
        std::filesystem::create_directories(folder_);
        write(folder_ / "token.txt", "hunter2-from-file\n");
        const std::string text = replaced(read(file), "@DIR@", folder_.string());
        read_scene(text);
        write(file_, text);
    }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;
    ~Fixture() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] tl::expected<PipelineSpec, Diagnostics> load(Diagnostics* warnings = nullptr) {
        options_.environment = [this](std::string_view name) -> std::optional<std::string> {
            const auto found = environment_.find(std::string(name));
            return found != environment_.end() ? std::optional(found->second) : std::nullopt;
        };
        return load_pipeline(file_, catalogue_, options_, warnings);
    }
    /// Everything that the loader has to say, with the names that the fixture was written with.
    [[nodiscard]] std::string complaints() {
        Diagnostics warnings;
        const auto loaded = load(&warnings);
        std::string text = loaded ? std::string() : to_text(loaded.error());
        return plain(text + to_text(warnings));
    }
    /// The text without the folder of this run.
    [[nodiscard]] std::string plain(const std::string& text) const {
        return replaced(replaced(text, folder_.string() + "/" + file_.filename().string(),
                                 file_.filename().string()),
                        folder_.string(), "@DIR@");
    }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    [[nodiscard]] const Catalogue& plugins() const noexcept { return catalogue_; }
    [[nodiscard]] LoadOptions& options() noexcept { return options_; }

    [[nodiscard]] static std::string read(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static void write(const std::filesystem::path& file, std::string_view text) {
        std::ofstream(file, std::ios::binary) << text;
    }
    [[nodiscard]] static std::string replaced(std::string text, std::string_view what,
                                              std::string_view with) {
        for (auto at = text.find(what); at != std::string::npos;
             at = text.find(what, at + with.size())) {
            text.replace(at, what.size(), with);
        }
        return text;
    }

private:
    void read_scene(const std::string& text) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line) && line.starts_with('#');) {
            constexpr std::string_view set = "# set: ";
            constexpr std::string_view environment = "# environment: ";
            if (line.starts_with(set)) {
                options_.overrides.push_back(split(line.substr(set.size())));
            } else if (line.starts_with(environment)) {
                std::istringstream words(line.substr(environment.size()));
                for (std::string word; words >> word;) environment_.insert(split(word));
            }
        }
    }
    static std::pair<std::string, std::string> split(const std::string& text) {
        const std::size_t equals = text.find('=');
        return {text.substr(0, equals), text.substr(equals + 1)};
    }

    std::filesystem::path folder_;
    std::filesystem::path file_;
    Catalogue catalogue_ = testing::catalogue();
    LoadOptions options_;
    std::map<std::string, std::string> environment_;
};

inline const std::filesystem::path fixtures =
    std::filesystem::path(SPILLWAY_SOURCE_DIR) / "tests" / "pipelines";

/// The YAML files of a folder of fixtures, in alphabetical order.
[[nodiscard]] inline std::vector<std::filesystem::path> fixture_files(std::string_view folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(fixtures / folder)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace spillway::runtime::testing
