#include <string_view>

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <spillway/detail/manifest_json.hpp>

#include "runtime/load/describe.hpp"
#include "runtime/load/names_in.hpp"

namespace spillway::runtime {
namespace {

/// RapidJSON's writer with keys and values in one call.
class JsonText {
public:
    JsonText() : out_(buffer_) { out_.SetIndent(' ', 2); }
    [[nodiscard]] std::string take() const {
        return std::string(buffer_.GetString(), buffer_.GetSize()) + '\n';
    }

    template <class Fill>
    void object(Fill fill) {
        out_.StartObject();
        fill();
        out_.EndObject();
    }
    template <class Items, class Write>
    void list(std::string_view key, const Items& items, Write write) {
        name(key);
        out_.StartArray();
        for (const auto& item : items) write(item);
        out_.EndArray();
    }
    template <class Items>
    void texts(std::string_view key, const Items& items) {
        list(key, items, [this](std::string_view item) { string(item); });
    }
    void text(std::string_view key, std::string_view value) {
        name(key);
        string(value);
    }
    void number(std::string_view key, double value) {
        name(key);
        out_.Double(value);
    }
    void count(std::string_view key, std::uint32_t value) {
        name(key);
        out_.Uint(value);
    }
    void flag(std::string_view key, bool value) {
        name(key);
        out_.Bool(value);
    }
    void string(std::string_view value) {
        out_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }

private:
    void name(std::string_view key) {
        out_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    }
    rapidjson::StringBuffer buffer_;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> out_;
};

void write_option(JsonText& json, const OptionDescription& option) {
    json.object([&] {
        json.text("name", option.name);
        json.text("type", detail::option_type_names[static_cast<std::size_t>(option.type)]);
        json.text("doc", option.doc);
        json.flag("required", !option.fallback.has_value());
        if (option.fallback) json.text("default", *option.fallback);
        if (!option.unit.empty()) json.text("unit", option.unit);
        if (option.minimum) json.number("minimum", *option.minimum);
        if (option.maximum) json.number("maximum", *option.maximum);
        if (!option.choices.empty()) json.texts("choices", option.choices);
    });
}

void write_score(JsonText& json, const ScoreDescription& score) {
    json.object([&] {
        json.text("name", score.name);
        json.flag("headline", score.headline);
        json.flag("directed", score.directed);
        json.list("components", score.components, [&](const ComponentDescription& component) {
            json.object([&] {
                json.text("name", component.name);
                json.number("cap", component.cap);
                json.number("weight", component.weight);
                json.text("trend", name_in(trend_names, component.trend));
            });
        });
    });
}

}  // namespace

std::string list_json(const Catalogue& catalogue) {
    JsonText json;
    json.object([&] {
        json.list("plugins", catalogue.plugins(), [&](const PluginDescription& plugin) {
            json.object([&] {
                json.text("name", plugin.name);
                json.text("category", name_of(plugin.category));
                json.text("version", plugin.version);
                json.text("summary", plugin.summary);
                json.text("file", plugin.file.string());
            });
        });
        json.list("problems", catalogue.problems(), [&](const PluginProblem& problem) {
            json.object([&] {
                json.text("file", problem.file.string());
                json.text("reason", problem.reason);
                json.text("fix", problem.fix);
            });
        });
    });
    return json.take();
}

std::string describe_json(const PluginDescription& plugin) {
    JsonText json;
    json.object([&] {
        json.text("name", plugin.name);
        json.text("category", name_of(plugin.category));
        json.text("version", plugin.version);
        json.text("summary", plugin.summary);
        json.texts("consumes", names_in(plugin.consumes));
        json.texts("emits", names_in(plugin.emits));
        json.texts("traits", names_in(plugin.traits));
        json.texts("ports", plugin.ports);
        json.count("state_version", plugin.state_version);
        json.list("options", plugin.options,
                  [&](const OptionDescription& option) { write_option(json, option); });
        json.list("outputs", plugin.outputs,
                  [&](const ScoreDescription& score) { write_score(json, score); });
        json.count("abi", plugin.abi);
        json.text("compiler", plugin.compiler);
        json.text("sanitizer", plugin.sanitizer);
        json.text("file", plugin.file.string());
        json.text("example", example_yaml(plugin));
    });
    return json.take();
}

}  // namespace spillway::runtime
