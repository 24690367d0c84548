#include "runtime/spec/option_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <spillway/time.hpp>

#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

struct SizeUnit {
    std::string_view name;
    std::int64_t bytes;
};
constexpr std::array<SizeUnit, 9> size_units = {{{"B", 1},
                                                 {"KiB", 1LL << 10},
                                                 {"MiB", 1LL << 20},
                                                 {"GiB", 1LL << 30},
                                                 {"TiB", 1LL << 40},
                                                 {"KB", 1'000},
                                                 {"MB", 1'000'000},
                                                 {"GB", 1'000'000'000},
                                                 {"TB", 1'000'000'000'000}}};

std::string_view trim(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Takes out `_` between two digits; any other `_` stays and makes the number wrong.
std::string ungrouped(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool groups =
            text[i] == '_' && i > 0 && i + 1 < text.size() && digit(i - 1) && digit(i + 1);
        if (!groups) plain += text[i];
    }
    if (plain.starts_with('+')) plain.erase(0, 1);
    return plain;
}

template <class Number>
std::optional<Number> whole_text_as(std::string_view text) {
    const std::string plain = ungrouped(text);
    Number number{};
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), number);
    if (error != std::errc{} || end != plain.data() + plain.size()) return std::nullopt;
    return number;
}

std::optional<double> parse_number(std::string_view text) {
    const auto number = whole_text_as<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    const std::size_t split = std::min(text.find_first_not_of("0123456789._"), text.size());
    const auto count = parse_number(text.substr(0, split));
    const std::string_view name = trim(text.substr(split));
    const auto* const unit =
        std::find_if(size_units.begin(), size_units.end(),
                     [&](const SizeUnit& known) { return known.name == name; });
    if (!count || (unit == size_units.end() && !name.empty())) return std::nullopt;
    const double bytes = *count * static_cast<double>(name.empty() ? 1 : unit->bytes);
    if (bytes >= 9.2e18) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(bytes));
}

std::optional<std::int64_t> parse_span(std::string_view text) {
    if (text == "0") return 0;
    Duration span = 0;
    return parse_duration(ungrouped(text), span) ? std::optional(span) : std::nullopt;
}

/// A number in the notation of the option's type.
std::string measure(const OptionDescription& description, double value) {
    if (description.type == OptionType::duration) {
        return format_duration(static_cast<Duration>(value));
    }
    if (description.type == OptionType::size) return format_size(static_cast<std::int64_t>(value));
    return description.unit.empty() ? fmt::format("{}", value)
                                    : fmt::format("{} {}", value, description.unit);
}

std::string got(const OptionSetting& setting, std::string_view text) {
    return setting.secret ? std::string("a secret that is none") : in_quotes(text);
}

tl::unexpected<ValueError> wrong(const OptionSetting& setting, std::string_view text,
                                 std::string suggestion = {}) {
    return tl::unexpected(ValueError{
        fmt::format("expected {}, got {}", expectation(*setting.description), got(setting, text)),
        setting.secret ? std::string() : std::move(suggestion)});
}

ValueResult check_range(const OptionSetting& setting, std::string_view text, double value) {
    const OptionDescription& description = *setting.description;
    const auto refuse = [&](std::string_view bound, double limit) -> ValueResult {
        return tl::unexpected(
            ValueError{fmt::format("must be {} {}, got {}", bound, measure(description, limit),
                                   got(setting, text)),
                       {}});
    };
    if (description.minimum && value < *description.minimum) {
        return refuse("at least", *description.minimum);
    }
    if (description.maximum && value > *description.maximum) {
        return refuse("at most", *description.maximum);
    }
    return {};
}

ValueResult read_boolean(OptionSetting& setting, std::string_view text) {
    constexpr std::array<std::string_view, 5> yes = {"yes", "on", "True", "TRUE", "1"};
    constexpr std::array<std::string_view, 5> no = {"no", "off", "False", "FALSE", "0"};
    if (text != "true" && text != "false") {
        const bool like_yes = std::find(yes.begin(), yes.end(), text) != yes.end();
        const bool like_no = std::find(no.begin(), no.end(), text) != no.end();
        return wrong(setting, text, like_yes ? "write true" : like_no ? "write false" : "");
    }
    setting.integer = text == "true" ? 1 : 0;
    return {};
}

ValueResult read_choice(OptionSetting& setting, std::string_view text) {
    const std::vector<std::string>& choices = setting.description->choices;
    const auto found = std::find(choices.begin(), choices.end(), text);
    if (found == choices.end()) {
        const std::vector<std::string_view> known(choices.begin(), choices.end());
        const std::string_view near = nearest(text, known);
        return wrong(setting, text,
                     near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
    }
    setting.integer = found - choices.begin();
    setting.text = *found;
    return {};
}

ValueResult read_numbers(OptionSetting& setting, std::string_view text) {
    for (const std::string& item : split_list(text)) {
        const std::size_t split = item.find_first_of(":=");
        if (split == std::string::npos) return wrong(setting, item);
        const std::string_view whole = item;
        if (auto added =
                add_number(setting, trim(whole.substr(0, split)), trim(whole.substr(split + 1)));
            !added) {
            return added;
        }
    }
    return {};
}

/// "did you mean '64MiB'?" for a unit in other letters.
std::string repaired_size(std::string_view text) {
    const std::size_t split = std::min(text.find_first_not_of("0123456789._"), text.size());
    for (const SizeUnit& unit : size_units) {
        if (split > 0 && edit_distance(trim(text.substr(split)), unit.name) == 0) {
            return fmt::format("did you mean '{}{}'?", text.substr(0, split), unit.name);
        }
    }
    return {};
}

/// For the types whose value is an int64: integer, duration, size.
ValueResult read_whole(OptionSetting& setting, std::string_view text) {
    const bool plain = setting.description->type == OptionType::integer;
    const bool duration = setting.description->type == OptionType::duration;
    const auto value = plain      ? whole_text_as<std::int64_t>(text)
                       : duration ? parse_span(text)
                                  : parse_size(text);
    if (!value) {
        const bool lacks_unit = duration && parse_number(text).has_value();
        return wrong(setting, text,
                     lacks_unit          ? fmt::format("add the unit: {0}s or {0}ms?", text)
                     : plain || duration ? std::string()
                                         : repaired_size(text));
    }
    if (duration && *value > longest_duration) {
        return tl::unexpected(
            ValueError{fmt::format("expected at most {}, got {}", format_duration(longest_duration),
                                   got(setting, text)),
                       {}});
    }
    setting.integer = *value;
    return check_range(setting, text, static_cast<double>(*value));
}

}  // namespace

ValueResult read_value(OptionSetting& setting, std::string_view text) {
    switch (setting.description->type) {
        case OptionType::boolean:
            return read_boolean(setting, text);
        case OptionType::choice:
            return read_choice(setting, text);
        case OptionType::integer:
        case OptionType::duration:
        case OptionType::size:
            return read_whole(setting, text);
        case OptionType::number: {
            const auto value = parse_number(text);
            if (!value) return wrong(setting, text);
            setting.number = *value;
            return check_range(setting, text, *value);
        }
        case OptionType::text:
        case OptionType::path:
        case OptionType::secret:
            setting.text = text;
            return {};
        case OptionType::texts:
            setting.texts = split_list(text);
            return {};
        case OptionType::numbers:
            return read_numbers(setting, text);
    }
    return {};
}

ValueResult add_number(OptionSetting& setting, std::string_view name, std::string_view text) {
    const auto value = parse_number(text);
    if (!value || name.empty()) {
        return tl::unexpected(
            ValueError{fmt::format("expected {}, got {}",
                                   name.empty() ? "name: number" : "a number", got(setting, text)),
                       {}});
    }
    setting.numbers.emplace_back(name, *value);
    return check_range(setting, text, *value);
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    if (trim(text).empty()) return items;
    std::size_t start = 0;
    int depth = 0;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if (c == ')' || c == ']' || c == '}') {
            --depth;
        } else if (c == ',' && depth <= 0) {
            items.emplace_back(trim(text.substr(start, i - start)));
            start = i + 1;
        }
    }
    items.emplace_back(trim(text.substr(start)));
    return items;
}

tl::expected<OptionSetting, ValueError> fallback_setting(const OptionDescription& description) {
    OptionSetting setting;
    setting.description = &description;
    setting.secret = description.type == OptionType::secret;
    if (auto read = read_value(setting, description.fallback.value_or("")); !read) {
        return tl::unexpected(std::move(read.error()));
    }
    return setting;
}

std::string format_size(std::int64_t bytes) {
    for (const std::string_view name : {"TiB", "GiB", "MiB", "KiB"}) {
        const auto* const unit =
            std::find_if(size_units.begin(), size_units.end(),
                         [&](const SizeUnit& known) { return known.name == name; });
        if (bytes != 0 && bytes % unit->bytes == 0) {
            return fmt::format("{}{}", bytes / unit->bytes, name);
        }
    }
    return fmt::format("{}B", bytes);
}

std::string expectation(const OptionDescription& description) {
    switch (description.type) {
        case OptionType::boolean:
            return "true or false";
        case OptionType::integer:
            return "a whole number";
        case OptionType::number:
            return "a number";
        case OptionType::duration:
            return "a duration such as 5s or 1h30m";
        case OptionType::size:
            return "a size such as 64MiB or 10MB";
        case OptionType::text:
        case OptionType::path:
        case OptionType::secret:
            return "a text";
        case OptionType::choice:
            return "one of " + comma_list(description.choices);
        case OptionType::texts:
            return "a list of texts";
        case OptionType::numbers:
            return "a map from names to numbers";
    }
    return "a value";
}

std::string shown(const OptionSetting& setting) {
    if (setting.secret) return "***";
    switch (setting.description->type) {
        case OptionType::boolean:
            return setting.integer != 0 ? "true" : "false";
        case OptionType::integer:
            return fmt::format("{}", setting.integer);
        case OptionType::number:
            return fmt::format("{}", setting.number);
        case OptionType::duration:
            return format_duration(setting.integer);
        case OptionType::size:
            return format_size(setting.integer);
        case OptionType::text:
        case OptionType::path:
        case OptionType::choice:
            return setting.text.empty() ? "\"\"" : setting.text;
        case OptionType::secret:
            return "***";
        case OptionType::texts:
            return fmt::format("[{}]", comma_list(setting.texts));
        case OptionType::numbers: {
            std::vector<std::string> items;
            items.reserve(setting.numbers.size());
            for (const auto& [name, number] : setting.numbers) {
                items.push_back(fmt::format("{}: {}", name, number));
            }
            return fmt::format("{{{}}}", comma_list(items));
        }
    }
    return {};
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t limit = 60;
    std::string result = "'";
    for (const char c : text.substr(0, limit)) {
        if (static_cast<unsigned char>(c) < 0x20U || c == '\x7F') {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            result += c;
        }
    }
    // Never end inside a character.
    if (text.size() > limit) {
        while ((static_cast<unsigned char>(result.back()) & 0xC0U) == 0x80U) result.pop_back();
        if ((static_cast<unsigned char>(result.back()) & 0x80U) != 0) result.pop_back();
        result += "..";
    }
    return result + "'";
}

}  // namespace spillway::runtime
