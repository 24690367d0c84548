#include "runtime/spec/source_text.hpp"

#include <algorithm>
#include <utility>

namespace spillway::runtime {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Bytes of the UTF-8 character at the start of `text`; 0 if it is none.
std::size_t character_length(std::string_view text) noexcept {
    const auto first = static_cast<unsigned char>(text[0]);
    std::size_t length = 0;
    if (first == 0) return 0;
    if (first < 0x80U) return 1;
    if (first >= 0xC2U && first < 0xE0U) length = 2;
    if (first >= 0xE0U && first < 0xF0U) length = 3;
    if (first >= 0xF0U && first < 0xF5U) length = 4;
    if (length == 0 || text.size() < length) return 0;
    return std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                       is_continuation)
               ? length
               : 0;
}

}  // namespace

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
    if (text_.starts_with(byte_order_mark)) text_.erase(0, byte_order_mark.size());
    starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') starts_.push_back(i + 1);
    }
}

std::string_view SourceText::line(int number) const noexcept {
    if (number < 1 || number > line_count()) return {};
    const std::size_t start = starts_[static_cast<std::size_t>(number) - 1];
    std::string_view line = std::string_view(text_).substr(start);
    line = line.substr(0, line.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Location SourceText::at(int line, int byte) const {
    const std::string_view before = this->line(line + 1).substr(
        0, std::min(static_cast<std::size_t>(std::max(byte, 0)), this->line(line + 1).size()));
    const auto inside = std::count_if(before.begin(), before.end(), is_continuation);
    return {name_, line + 1, byte + 1 - static_cast<int>(inside)};
}

std::string_view SourceText::from(int line, int byte) const noexcept {
    if (line < 0 || line >= line_count()) return {};
    const std::size_t start =
        starts_[static_cast<std::size_t>(line)] + static_cast<std::size_t>(std::max(byte, 0));
    return start < text_.size() ? std::string_view(text_).substr(start) : std::string_view();
}

std::optional<Location> SourceText::first_bad_byte() const {
    std::size_t position = 0;
    while (position < text_.size()) {
        const std::size_t length = character_length(std::string_view(text_).substr(position));
        if (length == 0) {
            const auto after = std::upper_bound(starts_.begin(), starts_.end(), position);
            const auto line = static_cast<int>(after - starts_.begin()) - 1;
            return at(line, static_cast<int>(position - *(after - 1)));
        }
        position += length;
    }
    return std::nullopt;
}

}  // namespace spillway::runtime
