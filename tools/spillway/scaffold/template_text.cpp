#include "scaffold/template_text.hpp"

#include <algorithm>

namespace spillway::cli {

std::string fill(std::string_view text, const Placeholders& placeholders) {
    std::string filled;
    while (!text.empty()) {
        const auto found = std::ranges::find_if(
            placeholders, [&](const auto& entry) { return text.starts_with(entry.first); });
        if (found == placeholders.end()) {
            filled += text.front();
            text.remove_prefix(1);
        } else {
            filled += found->second;
            text.remove_prefix(found->first.size());
        }
    }
    return filled;
}

std::string build_file(std::string_view text, bool in_tree) {
    constexpr std::string_view divider = "#---\n";
    const std::size_t at = text.find(divider);
    if (at == std::string_view::npos) return std::string(text);
    const std::string_view rest = text.substr(at + divider.size());
    return in_tree ? std::string(rest) : std::string(text.substr(0, at)).append(rest);
}

}  // namespace spillway::cli
