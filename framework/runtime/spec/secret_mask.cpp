#include "runtime/spec/secret_mask.hpp"

#include <algorithm>
#include <array>

#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

constexpr std::string_view mask = "***";
constexpr std::array<std::string_view, 5> usual_names = {"password", "passwd", "secret", "token",
                                                         "api_key"};
/// Replacing shorter texts would tell more than it hides.
constexpr std::size_t shortest_hidden = 4;

std::size_t indentation(std::string_view line) noexcept {
    return std::min(line.find_first_not_of(" -"), line.size());
}

}  // namespace

SecretMask::SecretMask(const Catalogue& catalogue) : keys_(usual_names.begin(), usual_names.end()) {
    for (const PluginDescription& plugin : catalogue.plugins()) {
        for (const OptionDescription& option : plugin.options) {
            if (option.type == OptionType::secret) keys_.push_back(option.name);
        }
    }
}

void SecretMask::hide(std::string_view secret) {
    if (secret.size() >= shortest_hidden) values_.emplace_back(secret);
}

std::string SecretMask::clean(std::string text) const {
    for (const std::string& value : values_) {
        for (std::size_t at = text.find(value); at != std::string::npos;
             at = text.find(value, at + mask.size())) {
            text.replace(at, value.size(), mask);
        }
    }
    return text;
}

bool SecretMask::names_secret(std::string_view key) const {
    // A misspelt `pasword` hides its value as well.
    return std::any_of(keys_.begin(), keys_.end(), [&](const std::string& known) {
        return key == known || edit_distance(key, known) <= known.size() / 4;
    });
}

std::size_t SecretMask::secret_value(std::string_view line) const {
    for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
         colon = line.find(':', colon + 1)) {
        std::string_view key = line.substr(0, colon);
        while (key.ends_with('"') || key.ends_with('\'') || key.ends_with(' ')) {
            key.remove_suffix(1);
        }
        const std::size_t start = key.find_last_of(" \"'{,[-");
        if (start != std::string_view::npos) key.remove_prefix(start + 1);
        if (!names_secret(key)) continue;
        return std::min(line.find_first_not_of(' ', colon + 1), line.size());
    }
    return std::string_view::npos;
}

std::string SecretMask::excerpt(const SourceText& source, int line) const {
    const std::string_view text = source.line(line);
    // Continuation lines of a secret: some line above, less indented, is its key.
    std::size_t indent = indentation(text);
    for (int above = line - 1; above > 0 && indent > 0; --above) {
        const std::string_view parent = source.line(above);
        if (parent.empty() || indentation(parent) >= indent) continue;
        indent = indentation(parent);
        if (secret_value(parent) != std::string_view::npos) {
            return std::string(text.substr(0, indentation(text))) + std::string(mask);
        }
    }
    const std::size_t value = secret_value(text);
    if (value >= text.size() || text.substr(value).starts_with("${") ||
        text.substr(value).starts_with("\"${")) {
        return clean(std::string(text));
    }
    return std::string(text.substr(0, value)) + std::string(mask);
}

}  // namespace spillway::runtime
