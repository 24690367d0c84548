#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <spillway/assessment.hpp>
#include <spillway/kind.hpp>
#include <spillway/manifest.hpp>
#include <spillway/options.hpp>

namespace spillway::runtime {

/// An option as the manifest declares it.
struct OptionDescription {
    std::string name;
    OptionType type = OptionType::text;
    std::string doc;
    std::string unit;
    std::optional<std::string> fallback;     ///< as written in YAML; none = required
    std::optional<double> minimum, maximum;  ///< inclusive; durations in ns, sizes in bytes
    std::vector<std::string> choices;
};

struct ComponentDescription {
    std::string name;
    double cap = 0;
    double weight = 0;
    Trend trend = Trend::none;
};

/// A score that a scorer emits.
struct ScoreDescription {
    std::string name;
    bool headline = false;
    bool directed = false;
    std::vector<ComponentDescription> components;
};

/// What a plugin file says about itself, read without running any of its code.
struct PluginDescription {
    std::string name;
    Category category = Category::transform;
    std::string version;
    std::string summary;
    KindSet consumes, emits;
    Trait traits = Trait::none;
    std::vector<std::string> ports;  ///< named outputs beside the default one and `late`
    std::uint32_t state_version = 1;
    std::vector<OptionDescription> options;  ///< in the order `configure` expects their values
    std::vector<ScoreDescription> outputs;
    std::uint32_t abi = 0;
    std::string compiler;
    std::string sanitizer;
    std::filesystem::path file;

    [[nodiscard]] bool is(Trait trait) const noexcept { return has(traits, trait); }
};

}  // namespace spillway::runtime
