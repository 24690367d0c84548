#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include <spillway/frame.hpp>
#include <spillway/testing/events.hpp>

namespace spillway::cli {

/// With what a plugin is tried: options, recorded frames, made-up events. Read from a file
/// `check.yaml` beside the plugin's sources, all keys optional:
///
///     plugin: window
///     options: {every: 1m, by: [market, side]}
///     refuses: {compute: ["avg(notional)", "sum(notionl)"]}    # values that it must refuse
///     fixtures: [fixtures/trades.jsonl]                        # of a venue: one frame a line
///     events: {kinds: [trade], count: 500, span: 3h, markets: [BTC], canonical: false}
struct CheckCase {
    /// A file with frames, all of one channel.
    struct Fixture {
        std::filesystem::path file;
        std::string channel;
        FrameType type = FrameType::data;
    };
    using Values = std::vector<std::pair<std::string, std::string>>;  ///< as in a pipeline file

    std::filesystem::path file;  ///< where it was read; empty: nowhere
    std::string plugin;          ///< whom it is for; empty: anybody
    Values options;
    Values refuses;  ///< an option may occur several times
    std::vector<Fixture> fixtures;
    testing::MarketPlan market;

    /// Relative paths in the file start at its folder.
    [[nodiscard]] static tl::expected<CheckCase, std::string> read(
        const std::filesystem::path& file);
};

/// The case file of a plugin: `check.yaml` in the current directory (when it names the plugin, or
/// none), or in the plugin's folder of a source tree, `plugins/<category>/<name>/`. Empty if there
/// is none.
[[nodiscard]] std::filesystem::path find_case(std::string_view plugin);

/// Where options of a plugin can be given, for people: in the case file that was read, or where one
/// would be found.
[[nodiscard]] std::string place_of_options(const CheckCase& with, std::string_view plugin);

/// The frames of a folder: files *.jsonl and *.json, without those that hold expected events.
[[nodiscard]] std::vector<CheckCase::Fixture> fixtures_in(const std::filesystem::path& folder);

}  // namespace spillway::cli
