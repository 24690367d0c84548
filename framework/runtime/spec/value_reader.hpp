#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/findings.hpp"
#include "runtime/spec/interpolation.hpp"
#include "runtime/spec/option_value.hpp"
#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

/// Turns YAML values into texts and typed settings: variables in, type and range checked, every
/// mistake reported where it stands.
class ValueReader {
public:
    ValueReader(const Interpolation& interpolation, Findings& findings)
        : interpolation_(interpolation), findings_(findings) {}

    [[nodiscard]] Findings& findings() const noexcept { return findings_; }

    /// One text of the pipeline itself (a type, an input): no list, no secret. `what` for the
    /// message: "the type of a plugin".
    [[nodiscard]] std::optional<std::string> text(const YamlNode& value, const Location& where,
                                                  const std::string& path,
                                                  std::string_view what) const;
    /// A list of such texts; one text is split at commas.
    struct Item {
        std::string text;
        Location where;
        std::string path;
    };
    [[nodiscard]] std::vector<Item> texts(const YamlEntry& entry, const std::string& path,
                                          std::string_view what) const;

    /// The settings of `options`, in that order, as `map` (may be null) has them; `owner` is
    /// blamed for a required option that is missing. Other keys of the map are ignored.
    [[nodiscard]] std::vector<OptionSetting> settings(
        const YamlNode* map, const Location& owner, const std::string& path,
        std::span<const OptionDescription> options) const;

    /// Reports the keys of the map that are not known. `what` for the message: "option of 'file'".
    void unknown_keys(const YamlNode& map, const std::string& path, std::string_view what,
                      std::span<const std::string_view> known) const;

private:
    [[nodiscard]] std::optional<OptionSetting> setting(const YamlEntry& entry,
                                                       const std::string& path,
                                                       const OptionDescription& option) const;
    /// Expands a scalar and notes origin and secrecy in the setting.
    [[nodiscard]] std::optional<std::string> expanded(const YamlNode& value,
                                                      const std::string& path,
                                                      OptionSetting& setting) const;
    [[nodiscard]] bool read_items(const YamlNode& list, OptionSetting& setting) const;
    [[nodiscard]] bool read_numbers(const YamlNode& map, OptionSetting& setting) const;
    bool report(const ValueResult& result, const Location& where, const std::string& path) const;

    const Interpolation& interpolation_;
    Findings& findings_;
};

}  // namespace spillway::runtime
