#include "scaffold/plugin_name.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace spillway::cli {
namespace {

constexpr std::size_t longest_name = 40;

// The keywords that match the pattern of names.
constexpr std::string_view keywords[] = {
    "alignas",     "alignof",      "and",          "and_eq",
    "asm",         "auto",         "bitand",       "bitor",
    "bool",        "break",        "case",         "catch",
    "char",        "char8_t",      "char16_t",     "char32_t",
    "class",       "compl",        "concept",      "const",
    "consteval",   "constexpr",    "constinit",    "const_cast",
    "continue",    "co_await",     "co_return",    "co_yield",
    "decltype",    "default",      "delete",       "do",
    "double",      "else",         "enum",         "explicit",
    "export",      "extern",       "false",        "float",
    "for",         "friend",       "goto",         "if",
    "inline",      "int",          "long",         "mutable",
    "namespace",   "new",          "noexcept",     "not",
    "not_eq",      "nullptr",      "operator",     "or",
    "or_eq",       "private",      "protected",    "public",
    "register",    "requires",     "return",       "short",
    "signed",      "sizeof",       "static",       "static_assert",
    "static_cast", "struct",       "switch",       "template",
    "this",        "throw",        "true",         "try",
    "typedef",     "typeid",       "typename",     "union",
    "unsigned",    "using",        "virtual",      "void",
    "volatile",    "wchar_t",      "while",        "xor",
    "xor_eq",      "thread_local", "dynamic_cast", "reinterpret_cast"};

// Namespaces, functions and constants of namespace spillway: a namespace may not be called like
// them.
constexpr std::string_view taken[] = {"abi_number",
                                      "append",
                                      "append_json",
                                      "bad_option",
                                      "bad_record",
                                      "batch_create",
                                      "batch_release",
                                      "block_create",
                                      "block_release",
                                      "category_names",
                                      "cause_of",
                                      "cli",
                                      "day",
                                      "detail",
                                      "dead_letter_limit",
                                      "dead_letter_name",
                                      "every_shard",
                                      "field",
                                      "fields_of",
                                      "find_field",
                                      "floor_to",
                                      "format_duration",
                                      "format_time",
                                      "has",
                                      "hash_id",
                                      "hash_text",
                                      "hour",
                                      "index_of",
                                      "instrument_id",
                                      "key_group",
                                      "key_groups",
                                      "kind_names",
                                      "market_id",
                                      "market_wide",
                                      "max_components",
                                      "microsecond",
                                      "millisecond",
                                      "minute",
                                      "name_id",
                                      "name_in",
                                      "nanosecond",
                                      "no_options",
                                      "option",
                                      "options",
                                      "order_of",
                                      "parse_duration",
                                      "read_number",
                                      "record_phase",
                                      "runtime",
                                      "second",
                                      "side_names",
                                      "source_kinds",
                                      "spillway",
                                      "std",
                                      "testing",
                                      "text_of",
                                      "time_never",
                                      "to_seconds",
                                      "to_string",
                                      "venue_id",
                                      "view",
                                      "write_time"};

template <std::size_t Count>
bool has_name(const std::string_view (&names)[Count], std::string_view name) {
    return std::ranges::find(names, name) != std::end(names);
}

}  // namespace

Status check_plugin_name(std::string_view name) {
    const auto refuse = [&](std::string_view why) {
        return bad_option("NAME", fmt::format("'{}' {}", name, why));
    };
    const bool spelled =
        !name.empty() && name[0] >= 'a' && name[0] <= 'z' && std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    if (!spelled) {
        return refuse(
            "cannot be the name of a plugin; use lower-case letters, digits and "
            "underscores, a letter first: big_trades");
    }
    if (name.size() > longest_name) {
        return refuse(fmt::format("is longer than {} characters", longest_name));
    }
    if (name.find("__") != std::string_view::npos || name.ends_with('_')) {
        return refuse("has an underscore too many; C++ keeps such names to itself");
    }
    if (has_name(keywords, name)) {
        return refuse(fmt::format("is a keyword of C++; how about '{}_data'?", name));
    }
    if (has_name(taken, name)) {
        return refuse(fmt::format("is a name of the SDK; how about 'my_{}'?", name));
    }
    return {};
}

std::string class_name(std::string_view name, Category category) {
    std::string text;
    bool upper = true;
    for (const char c : std::string(name) + '_' + std::string(name_in(category_names, category))) {
        if (c == '_') {
            upper = true;
            continue;
        }
        text += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return text;
}

}  // namespace spillway::cli
