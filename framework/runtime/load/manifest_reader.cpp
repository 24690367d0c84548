#include "runtime/load/manifest_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

namespace spillway::runtime {
namespace {

using Json = rapidjson::Value;

std::string_view view(const Json& text) { return {text.GetString(), text.GetStringLength()}; }

/// Takes a manifest's JSON apart. The first thing that is missing or of the wrong type is kept
/// with its path; what follows reads as empty.
class ManifestJson {
public:
    [[nodiscard]] const std::optional<std::string>& problem() const noexcept { return problem_; }

    PluginDescription plugin(const Json& root) {
        PluginDescription plugin;
        plugin.name = identifier(root, "name");
        plugin.category =
            static_cast<Category>(index_of(text(root, "category"), category_names, "category"));
        plugin.version = text(root, "version");
        plugin.summary = text(root, "summary");
        plugin.consumes = kinds(root, "consumes");
        plugin.emits = kinds(root, "emits");
        for (const std::string& trait : texts(root, "traits")) {
            const auto bit = index_of(trait, trait_names, "traits");
            plugin.traits = plugin.traits | static_cast<Trait>(1U << bit);
        }
        plugin.ports = texts(root, "ports");
        plugin.state_version = whole(root, "state_version");
        for_each(root, "options",
                 [&](const Json& item) { plugin.options.push_back(option(item)); });
        if (has_member(root, "outputs")) {
            for_each(root, "outputs",
                     [&](const Json& item) { plugin.outputs.push_back(score(item)); });
        }
        return plugin;
    }

private:
    OptionDescription option(const Json& item) {
        OptionDescription option;
        option.name = identifier(item, "name");
        option.type = static_cast<OptionType>(
            index_of(text(item, "type"), detail::option_type_names, "type"));
        option.doc = text(item, "doc");
        if (has_member(item, "default")) option.fallback = text(item, "default");
        if (has_member(item, "unit")) option.unit = text(item, "unit");
        if (has_member(item, "minimum")) option.minimum = number(item, "minimum");
        if (has_member(item, "maximum")) option.maximum = number(item, "maximum");
        if (has_member(item, "choices")) option.choices = texts(item, "choices");
        if (option.type == OptionType::choice && option.choices.empty()) {
            fail(fmt::format("option '{}' has no choices", option.name));
        }
        return option;
    }

    ScoreDescription score(const Json& item) {
        ScoreDescription score;
        score.name = identifier(item, "name");
        score.headline = boolean(item, "headline");
        score.directed = boolean(item, "directed");
        for_each(item, "components", [&](const Json& component) {
            ComponentDescription& added = score.components.emplace_back();
            added.name = identifier(component, "name");
            added.cap = number(component, "cap");
            added.weight = number(component, "weight");
            if (has_member(component, "trend")) {
                added.trend =
                    static_cast<Trend>(index_of(text(component, "trend"), trend_names, "trend"));
            }
        });
        return score;
    }

    static bool has_member(const Json& object, const char* key) {
        return object.IsObject() && object.HasMember(key);
    }
    /// The member, or null after noting that it is missing.
    const Json* member(const Json& object, const char* key) {
        if (has_member(object, key)) return &object[key];
        fail(fmt::format("'{}' is missing", key));
        return nullptr;
    }
    std::string text(const Json& object, const char* key) {
        const Json* value = member(object, key);
        if (value == nullptr) return {};
        if (!value->IsString()) return fail(fmt::format("'{}' is not a text", key)), std::string();
        return std::string(view(*value));
    }
    /// Names go into pipeline files, metrics and tables: lower-case letters, digits, underscores.
    std::string identifier(const Json& object, const char* key) {
        std::string name = text(object, key);
        const bool valid = !name.empty() && std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        if (!valid) fail(fmt::format("'{}' is not a snake_case name", key));
        return name;
    }
    double number(const Json& object, const char* key) {
        const Json* value = member(object, key);
        if (value == nullptr) return 0;
        if (!value->IsNumber()) fail(fmt::format("'{}' is not a number", key));
        return value->IsNumber() ? value->GetDouble() : 0;
    }
    std::uint32_t whole(const Json& object, const char* key) {
        const Json* value = member(object, key);
        if (value == nullptr) return 0;
        if (!value->IsUint()) fail(fmt::format("'{}' is not a whole number", key));
        return value->IsUint() ? value->GetUint() : 0;
    }
    bool boolean(const Json& object, const char* key) {
        const Json* value = member(object, key);
        if (value == nullptr) return false;
        if (!value->IsBool()) fail(fmt::format("'{}' is neither true nor false", key));
        return value->IsTrue();
    }
    template <class Visit>
    void for_each(const Json& object, const char* key, Visit visit) {
        const Json* list = member(object, key);
        if (list == nullptr) return;
        if (!list->IsArray()) return fail(fmt::format("'{}' is not a list", key));
        for (const Json& item : list->GetArray()) visit(item);
    }
    std::vector<std::string> texts(const Json& object, const char* key) {
        std::vector<std::string> out;
        for_each(object, key, [&](const Json& item) {
            if (!item.IsString()) return fail(fmt::format("'{}' holds more than texts", key));
            out.emplace_back(view(item));
        });
        return out;
    }
    KindSet kinds(const Json& object, const char* key) {
        KindSet set;
        for (const std::string& name : texts(object, key)) {
            set.add(static_cast<Kind>(index_of(name, kind_names, key)));
        }
        return set;
    }
    template <std::size_t Count>
    std::size_t index_of(std::string_view name, const std::array<std::string_view, Count>& names,
                         const char* key) {
        const auto* found = std::ranges::find(names, name);
        if (found == names.end()) {
            fail(fmt::format("'{}' cannot be '{}'", key, name));
            return 0;
        }
        return static_cast<std::size_t>(found - names.begin());
    }
    void fail(std::string what) {
        if (!problem_) problem_ = std::move(what);
    }

    std::optional<std::string> problem_;
};

/// The text in a fixed array of characters, up to the first zero.
template <std::size_t Size>
std::string fixed_text(const char (&field)[Size]) {
    return {field, static_cast<std::size_t>(std::find(field, field + Size, '\0') - field)};
}

Refusal damaged(std::string_view what) {
    return {fmt::format("its manifest is damaged: {}", what), "Copy or build the plugin again."};
}

std::string sanitizer_text(std::string_view sanitizer) {
    if (sanitizer == "none") return "without sanitizers";
    return fmt::format("with the {} sanitizer", sanitizer);
}

std::optional<Refusal> check_build(const PluginDescription& plugin, const RunnerBuild& runner) {
    if (plugin.abi != runner.abi) {
        return Refusal{fmt::format("it was built for plugin ABI {}; this spillway has ABI {}",
                                   plugin.abi, runner.abi),
                       "Build the plugin again with this version's SDK headers."};
    }
    if (plugin.sanitizer != runner.sanitizer) {
        return Refusal{
            fmt::format("it was built {}, this spillway {}", sanitizer_text(plugin.sanitizer),
                        sanitizer_text(runner.sanitizer)),
            fmt::format("Build the plugin {}, or use a spillway of the plugin's kind.",
                        sanitizer_text(runner.sanitizer))};
    }
    return std::nullopt;
}

}  // namespace

Checked<PluginDescription> read_manifest(std::span<const std::byte> section,
                                         const RunnerBuild& runner) {
    ManifestHeader header = {};
    if (section.size() < sizeof header) {
        return tl::unexpected(
            damaged(fmt::format("{} bytes instead of at least {}", section.size(), sizeof header)));
    }
    std::memcpy(&header, section.data(), sizeof header);
    if (std::string_view(header.magic, sizeof header.magic) != "SPILLWAY") {
        return tl::unexpected(damaged("it does not start with SPILLWAY"));
    }
    PluginDescription build;
    build.abi = header.abi;
    build.compiler = fixed_text(header.compiler);
    build.sanitizer = fixed_text(header.sanitizer);
    // First, because another ABI may describe itself in other words.
    if (auto refusal = check_build(build, runner)) return tl::unexpected(std::move(*refusal));

    const auto body = section.subspan(sizeof header);
    if (header.json_size > body.size()) {
        return tl::unexpected(damaged(
            fmt::format("its description has {} of {} bytes", body.size(), header.json_size)));
    }
    // Iterative: depth costs no stack. Not full precision: its parser is undefined for "0e41", and
    // the numbers of manifests (nine decimals) are exact without it.
    constexpr unsigned flags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    rapidjson::Document json;
    json.Parse<flags>(reinterpret_cast<const char*>(body.data()), header.json_size);
    if (json.HasParseError()) {
        return tl::unexpected(damaged(fmt::format("byte {} of its JSON: {}", json.GetErrorOffset(),
                                                  GetParseError_En(json.GetParseError()))));
    }
    ManifestJson reader;
    PluginDescription plugin = reader.plugin(json);
    if (const auto& problem = reader.problem()) return tl::unexpected(damaged(*problem));
    plugin.abi = build.abi;
    plugin.compiler = std::move(build.compiler);
    plugin.sanitizer = std::move(build.sanitizer);
    return plugin;
}

}  // namespace spillway::runtime
