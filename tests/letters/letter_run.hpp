#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"

namespace spillway::testing {

/// The command in the folder of one test, with the plugins of these tests.
class LetterRun {
public:
    CommandResult command(std::vector<std::string> words, std::vector<std::string> more = {},
                          const std::function<void()>& prepare = {}) const {
        words.insert(words.end(), {"pipeline.yaml", "--plugin-dir", LETTER_PLUGINS, "--plugin-dir",
                                   SPILLWAY_BINARY_DIR "/lib/spillway/plugins"});
        words.insert(words.end(), more.begin(), more.end());
        return run_command(
            {.arguments = std::move(words), .folder = folder.path(), .prepare = prepare});
    }
    CommandResult run(std::vector<std::string> more = {}) const {
        return command({"run"}, std::move(more));
    }
    CommandResult letters(const std::string& what, std::vector<std::string> more = {}) const {
        return command({"dead-letters", what}, std::move(more));
    }

    const TemporaryFolder folder;
};

}  // namespace spillway::testing
