#include "runtime/spec/value_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {

std::optional<std::string> ValueReader::text(const YamlNode& value, const Location& where,
                                             const std::string& path, std::string_view what) const {
    if (!value.is_scalar()) {
        findings_.error(where, path,
                        fmt::format("expected {}, got {}", what, describe(value.type)));
        return std::nullopt;
    }
    auto expansion = interpolation_.expand(value.text);
    if (!expansion) {
        findings_.error(where, path, std::move(expansion.error().message),
                        std::move(expansion.error().suggestion));
        return std::nullopt;
    }
    if (expansion->secret) {
        findings_.hide(expansion->text);
        findings_.error(where, path, fmt::format("{} cannot be a secret", what),
                        "use ${file:..} only in options of plugins");
        return std::nullopt;
    }
    return std::move(expansion->text);
}

std::vector<ValueReader::Item> ValueReader::texts(const YamlEntry& entry, const std::string& path,
                                                  std::string_view what) const {
    std::vector<Item> items;
    if (!entry.value.is_sequence()) {
        const auto whole = text(entry.value, entry.place(), path, what);
        for (std::string& item : split_list(whole.value_or(""))) {
            items.push_back({std::move(item), entry.place(), path});
        }
        return items;
    }
    for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
        const YamlNode& item = entry.value.items[i];
        const std::string item_path = fmt::format("{}[{}]", path, i);
        if (auto read = text(item, item.where, item_path, what)) {
            items.push_back({std::move(*read), item.where, item_path});
        }
    }
    return items;
}

std::vector<OptionSetting> ValueReader::settings(const YamlNode* map, const Location& owner,
                                                 const std::string& path,
                                                 std::span<const OptionDescription> options) const {
    std::vector<OptionSetting> settings;
    for (const OptionDescription& option : options) {
        const std::string option_path = path.empty() ? option.name : path + "." + option.name;
        const YamlEntry* entry = map != nullptr ? map->find(option.name) : nullptr;
        OptionSetting result;
        result.description = &option;
        if (entry != nullptr) {
            result = setting(*entry, option_path, option).value_or(result);
        } else if (!option.fallback) {
            findings_.error(owner, option_path,
                            fmt::format("the option '{}' is missing: {}", option.name, option.doc),
                            fmt::format("add '{}:' with {}", option.name, expectation(option)));
        } else if (auto fallback = fallback_setting(option)) {
            result = std::move(*fallback);
        } else {
            findings_.error(owner, option_path,
                            fmt::format("the plugin's default for '{}' is wrong: {}", option.name,
                                        fallback.error().message),
                            "set the option, and report this to the plugin's author");
        }
        result.path = option_path;
        settings.push_back(std::move(result));
    }
    return settings;
}

void ValueReader::unknown_keys(const YamlNode& map, const std::string& path, std::string_view what,
                               std::span<const std::string_view> known) const {
    for (const YamlEntry& entry : map.entries) {
        const std::string& key = entry.key.text;
        // `<<` and keys that are no text are reported for the whole file.
        if (!entry.key.is_scalar() || key == "<<") continue;
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        findings_.error(entry.key.where, path.empty() ? key : fmt::format("{}.{}", path, key),
                        fmt::format("{} is no {}", in_quotes(key), what), suggest(key, known));
    }
}

std::optional<OptionSetting> ValueReader::setting(const YamlEntry& entry, const std::string& path,
                                                  const OptionDescription& option) const {
    const YamlNode& value = entry.value;
    OptionSetting setting;
    setting.description = &option;
    setting.secret = option.type == OptionType::secret;
    setting.where = entry.place();
    setting.path = path;
    setting.origin = value.is_override ? Origin::override : Origin::file;
    bool good = false;
    if (value.is_scalar()) {
        const auto text = expanded(value, path, setting);
        good = text && report(read_value(setting, *text), setting.where, path);
    } else if (value.is_sequence() && option.type == OptionType::texts) {
        good = read_items(value, setting);
    } else if (value.is_map() && option.type == OptionType::numbers) {
        good = read_numbers(value, setting);
    } else {
        findings_.error(
            setting.where, path,
            fmt::format("expected {}, got {}", expectation(option), describe(value.type)),
            option.fallback && value.is_null()
                ? fmt::format("remove the key to get the default, {}",
                              option.fallback->empty() ? "empty" : *option.fallback)
                : std::string());
    }
    return good ? std::optional(std::move(setting)) : std::nullopt;
}

std::optional<std::string> ValueReader::expanded(const YamlNode& value, const std::string& path,
                                                 OptionSetting& setting) const {
    auto expansion = interpolation_.expand(value.text);
    if (!expansion) {
        findings_.error(value.where, path, std::move(expansion.error().message),
                        std::move(expansion.error().suggestion));
        return std::nullopt;
    }
    setting.secret = setting.secret || expansion->secret;
    if (setting.secret) findings_.hide(expansion->text);
    if (setting.origin == Origin::file || expansion->secret) {
        setting.origin = expansion->origin;
        setting.origin_detail = expansion->detail;
    }
    return std::move(expansion->text);
}

bool ValueReader::read_items(const YamlNode& list, OptionSetting& setting) const {
    bool good = true;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const YamlNode& item = list.items[i];
        const std::string path = fmt::format("{}[{}]", setting.path, i);
        if (!item.is_scalar()) {
            findings_.error(item.where, path,
                            fmt::format("expected a text, got {}", describe(item.type)),
                            item.is_map() ? "quote a text that holds ': ' or '{'" : "");
            good = false;
            continue;
        }
        const auto text = expanded(item, path, setting);
        good = good && text;
        if (!text) continue;
        if (is_one_reference(item.text)) {
            std::ranges::move(split_list(*text), std::back_inserter(setting.texts));
        } else {
            setting.texts.push_back(*text);
        }
    }
    return good;
}

bool ValueReader::read_numbers(const YamlNode& map, OptionSetting& setting) const {
    bool good = true;
    for (const YamlEntry& entry : map.entries) {
        const std::string path = setting.path + "." + entry.key.text;
        if (!entry.value.is_scalar()) {
            findings_.error(entry.place(), path,
                            fmt::format("expected a number, got {}", describe(entry.value.type)));
            good = false;
            continue;
        }
        const auto text = expanded(entry.value, path, setting);
        good =
            text && report(add_number(setting, entry.key.text, *text), entry.place(), path) && good;
    }
    return good;
}

bool ValueReader::report(const ValueResult& result, const Location& where,
                         const std::string& path) const {
    if (!result) findings_.error(where, path, result.error().message, result.error().suggestion);
    return result.has_value();
}

}  // namespace spillway::runtime
