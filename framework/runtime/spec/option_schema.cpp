#include "runtime/spec/option_schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "runtime/spec/option_value.hpp"

namespace spillway::runtime {
namespace {

constexpr std::string_view duration_pattern = "^([0-9][0-9_.]*(ns|us|ms|s|m|h|d))+$";
constexpr std::string_view size_pattern = "^[0-9][0-9_.]* *([KMGT]?B|[KMGT]iB)$";
constexpr std::string_view number_pattern = "^[-+]?[0-9][0-9_.eE+-]*$";

std::string documentation(const OptionDescription& option) {
    std::string doc = option.doc;
    if (!option.unit.empty()) doc += fmt::format(" In {}.", option.unit);
    const auto bound = [&](std::string_view name, const std::optional<double>& value) {
        if (!value) return;
        OptionSetting setting;
        setting.description = &option;
        setting.integer = static_cast<std::int64_t>(*value);
        setting.number = *value;
        doc += fmt::format(" {} {}.", name, shown(setting));
    };
    const bool scalar = option.type != OptionType::numbers && option.type != OptionType::texts;
    bound("At least", scalar ? option.minimum : std::nullopt);
    bound("At most", scalar ? option.maximum : std::nullopt);
    return doc;
}

/// The forms that a value may have besides a `${..}` reference.
void write_forms(SchemaWriter& out, const OptionDescription& option) {
    switch (option.type) {
        case OptionType::boolean:
            out.object([&] { out.text("type", "boolean"); });
            break;
        case OptionType::integer:
            out.number("integer", option);
            out.string_like("^[-+]?[0-9][0-9_]*$");
            break;
        case OptionType::number:
            out.number("number", option);
            out.string_like(number_pattern);
            break;
        case OptionType::duration:
            out.object([&] { out.zero(); });
            out.string_like(duration_pattern);
            break;
        case OptionType::size:
            out.number("integer", option);
            out.string_like(size_pattern);
            break;
        case OptionType::text:
        case OptionType::path:
        case OptionType::secret:
            out.refer("scalar");
            break;
        case OptionType::choice:
            out.object([&] { out.texts("enum", option.choices); });
            break;
        case OptionType::texts:
            out.refer("texts");
            break;
        case OptionType::numbers:
            out.object([&] {
                out.text("type", "object");
                out.object("additionalProperties", [&] {
                    out.list("anyOf", [&] {
                        out.number("number", option);
                        out.string_like(number_pattern);
                        out.refer("reference");
                    });
                });
            });
            out.object([&] { out.text("type", "string"); });
            break;
    }
}

/// As an editor may insert it: numbers and flags plain, all else as text.
void write_default(SchemaWriter& out, const OptionDescription& option) {
    if (!option.fallback || option.type == OptionType::secret) return;
    const auto setting = fallback_setting(option);
    if (!setting) return;
    switch (option.type) {
        case OptionType::boolean:
            out.flag("default", setting->integer != 0);
            break;
        case OptionType::integer:
            out.whole("default", setting->integer);
            break;
        case OptionType::number:
            out.bound("default", setting->number);
            break;
        default:
            out.text("default", *option.fallback);
            break;
    }
}

}  // namespace

void write_option(SchemaWriter& out, const OptionDescription& option) {
    out.object(option.name, [&] {
        out.text("description", documentation(option));
        write_default(out, option);
        out.list("anyOf", [&] {
            write_forms(out, option);
            out.refer("reference");
        });
    });
}

void write_options(SchemaWriter& out, std::span<const OptionDescription> options) {
    out.text("type", "object");
    out.flag("additionalProperties", false);
    out.object("properties", [&] {
        for (const OptionDescription& option : options) write_option(out, option);
    });
}

void write_value_definitions(SchemaWriter& out) {
    out.object("reference", [&] {
        out.text("description", "${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:PATH}");
        out.text("type", "string");
        out.text("pattern", "\\$\\{");
    });
    out.object("scalar", [&] { out.texts("type", std::vector{"string", "number", "boolean"}); });
    out.object("texts", [&] {
        out.list("anyOf", [&] {
            out.refer("scalar");
            out.object([&] {
                out.text("type", "array");
                out.object("items", [&] { out.text("$ref", "#/definitions/scalar"); });
            });
        });
    });
}

}  // namespace spillway::runtime
