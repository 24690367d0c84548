#pragma once

#include <algorithm>
#include <charconv>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/options.hpp>

namespace spillway::testing {

/// An option as a user writes it: {"window", "30s"}. Lists are separated by commas ("30, 50"), as
/// are the entries of maps ("BTC: 100, ETH: 10").
using OptionText = std::pair<std::string_view, std::string_view>;

/// Turns texts into the checked values that `configure` takes, defaults filled in, in the order of
/// the plugin's list. Owns what the values point to; fails like the pipeline file would, with less
/// detail.
class OptionValues {
public:
    template <class Plugin>
    [[nodiscard]] Status parse(std::span<const OptionText> given) {
        std::size_t used = 0;
        const auto take = [&](const auto& list) -> Status {
            for (const auto& option : list.items) {
                const auto found = std::find_if(given.begin(), given.end(), [&](const auto& text) {
                    return text.first == option.name;
                });
                if (found != given.end()) ++used;
                if (found == given.end() && !option.has_fallback) {
                    return bad_option(option.name, "is required");
                }
                const std::string_view text =
                    found != given.end() ? found->second : option.fallback;
                if (Status status = add(option, text); !status) return status;
            }
            return {};
        };
        if (Status status = take(Plugin::option_list); !status) return status;
        if constexpr (requires { Plugin::engine_options; }) {
            if (Status status = take(Plugin::engine_options); !status) return status;
        }
        if (used != given.size()) return bad_option("options", "one of them is unknown");
        return {};
    }
    [[nodiscard]] std::span<const OptionValue> view() const noexcept { return values_; }

private:
    using Entry = std::pair<std::string_view, double>;

    [[nodiscard]] static std::string_view trimmed(std::string_view text) noexcept {
        const auto first = text.find_first_not_of(" {}[]");
        if (first == std::string_view::npos) return {};
        return text.substr(first, text.find_last_not_of(" {}[]") - first + 1);
    }
    [[nodiscard]] static std::vector<std::string_view> split(std::string_view text) {
        std::vector<std::string_view> parts;
        while (!text.empty()) {
            const auto comma = text.find(',');
            const std::string_view part = trimmed(text.substr(0, comma));
            if (!part.empty()) parts.push_back(part);
            text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
        }
        return parts;
    }
    template <class Number>
    [[nodiscard]] static bool read(std::string_view text, Number& out) {
        std::string digits(text);
        std::erase(digits, '_');
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), out);
        return error == std::errc{} && end == digits.data() + digits.size();
    }

    template <class Options>
    [[nodiscard]] Status add(const Option<Options>& option, std::string_view text) {
        OptionValue& value = values_.emplace_back();
        value.type = option.type;
        value.text = text;
        bool good = true;
        double measure = 0;
        switch (option.type) {
            case OptionType::boolean:
                good = text == "true" || text == "false";
                value.integer = text == "true" ? 1 : 0;
                break;
            case OptionType::integer:
            case OptionType::size:
                good = read(text, value.integer);
                measure = static_cast<double>(value.integer);
                break;
            case OptionType::duration:
                good = parse_duration(text, value.integer);
                measure = static_cast<double>(value.integer);
                break;
            case OptionType::number:
                good = read(text, value.number);
                measure = value.number;
                break;
            case OptionType::choice: {
                const auto choice = std::find(option.choices.begin(), option.choices.end(), text);
                good = choice != option.choices.end();
                value.integer = choice - option.choices.begin();
                break;
            }
            case OptionType::texts:
                value.texts = texts_.emplace_back(split(text));
                break;
            case OptionType::numbers: {
                std::vector<Entry>& entries = entries_.emplace_back();
                for (const std::string_view part : split(text)) {
                    const auto colon = std::min(part.find(':'), part.size() - 1);
                    Entry& entry = entries.emplace_back(trimmed(part.substr(0, colon)), 0);
                    good = good && read(trimmed(part.substr(colon + 1)), entry.second);
                }
                value.numbers = entries;
                break;
            }
            case OptionType::text:
            case OptionType::path:
            case OptionType::secret:
                break;
        }
        if (!good) return bad_option(option.name, "'" + std::string(text) + "' is malformed");
        if ((option.has_minimum && measure < option.minimum) ||
            (option.has_maximum && measure > option.maximum)) {
            return bad_option(option.name, "'" + std::string(text) + "' is out of range");
        }
        return {};
    }

    std::vector<OptionValue> values_;
    std::deque<std::vector<std::string_view>> texts_;
    std::deque<std::vector<Entry>> entries_;
};

}  // namespace spillway::testing
