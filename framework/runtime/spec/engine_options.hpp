#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// The options that the engine itself has, described like those of a plugin, so that parsing,
/// explanation and JSON Schema treat them alike. The descriptions live as long as the process.

/// Keys that a pipeline file may have.
inline constexpr std::array<std::string_view, 8> pipeline_keys = {
    "name", "sources", "transforms", "scorers", "sinks", "checkpoint", "dead_letters", "tests"};
/// Keys of a test, and of a file that holds only tests of a pipeline elsewhere.
inline constexpr std::array<std::string_view, 9> test_keys = {
    "name", "start", "variables", "set", "executor", "input", "expect", "books", "fails"};
inline constexpr std::array<std::string_view, 2> test_file_keys = {"pipeline", "tests"};
/// Keys of a node that are not options of its plugin.
inline constexpr std::array<std::string_view, 3> node_keys = {"type", "inputs", "run"};
/// Keys of an input in its long form.
inline constexpr std::array<std::string_view, 4> input_keys = {"from", "kinds", "as", "broadcast"};
/// The maps of nodes and what is in them.
struct NodeMap {
    std::string_view key;
    Category category;
};
inline constexpr std::array<NodeMap, 4> node_maps = {{{"sources", Category::source},
                                                      {"transforms", Category::transform},
                                                      {"scorers", Category::scorer},
                                                      {"sinks", Category::sink}}};

/// `run:` of a node of that category.
[[nodiscard]] std::span<const OptionDescription> run_options(Category category);
/// The categories whose `run:` has that key, "sources, sinks"; empty if none has.
[[nodiscard]] std::string run_option_owners(std::string_view key);
/// `run:` as the engine takes it. `settings` came from run_options().
[[nodiscard]] NodeRunOptions to_run_options(std::span<const OptionSetting> settings);

[[nodiscard]] std::span<const OptionDescription> pipeline_options();  ///< `name`
[[nodiscard]] std::span<const OptionDescription> checkpoint_options();
[[nodiscard]] std::span<const OptionDescription> dead_letter_options();

/// Ids of nodes: they become table keys, metric labels and the first part of `id.port`.
[[nodiscard]] bool is_id(std::string_view text) noexcept;
inline constexpr std::string_view id_rule =
    "lower-case letters, digits and '_', a letter first, at most 63";
/// For schemas, without the length: RapidJSON's regex corrupts memory on long `{m,n}` repeats.
inline constexpr std::string_view id_pattern = "^[a-z][a-z0-9_]*$";

}  // namespace spillway::runtime
