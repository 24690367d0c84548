#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <spillway/testing/conformance/subject.hpp>

#include "fixed_frames.hpp"
#include "fixed_market.hpp"
#include "runtime/load/description.hpp"

namespace spillway::testing {

/// A plugin that ships, its options, and the input after whose first part its state is kept.
struct StateCase {
    std::string name;  ///< of its golden files
    std::string plugin;
    std::vector<std::pair<std::string, std::string>> options = {};
    FixedPlan plan = {};
    bool venue = false;  ///< its frames lie in plugins/sources/<plugin>/state/input.tsv
};

void PrintTo(const StateCase& with, std::ostream* out);

/// One case for every set of options whose state looks different, and one for every venue.
[[nodiscard]] const std::vector<StateCase>& state_cases();

/// The plugins of this build that could keep state: decoders, transforms and scorers.
[[nodiscard]] std::vector<const runtime::PluginDescription*> node_plugins();

/// The plugin of a case as the engine has it: from its file, through its manifest.
class StatefulNode {
public:
    explicit StatefulNode(const StateCase& with);

    [[nodiscard]] std::uint32_t state_version() const noexcept { return subject_.state_version; }
    /// Started, without state.
    [[nodiscard]] NodePlayer fresh() const;
    [[nodiscard]] Status play_before(NodePlayer& player) const;
    [[nodiscard]] Status play_after(NodePlayer& player) const;

private:
    Subject subject_;
    std::variant<FixedFrames, FixedMarket> input_;
};

/// Where the golden files lie.
[[nodiscard]] std::filesystem::path golden_file(const StateCase& with, std::uint32_t version);

}  // namespace spillway::testing
