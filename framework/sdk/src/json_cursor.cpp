#include "json_cursor.hpp"

#include <algorithm>
#include <limits>

namespace spillway::detail {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | code >> 6U);
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3FU));
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

}  // namespace

void JsonCursor::skip_blanks() noexcept {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
}

char JsonCursor::peek() noexcept {
    skip_blanks();
    return rest_.empty() ? '\0' : rest_.front();
}

bool JsonCursor::at_end() noexcept {
    skip_blanks();
    return ok_ && rest_.empty();
}

bool JsonCursor::take(char c) noexcept {
    if (peek() != c || !ok_) return false;
    rest_.remove_prefix(1);
    return true;
}

bool JsonCursor::take_word(std::string_view word) noexcept {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
}

void JsonCursor::begin(char bracket) noexcept {
    if (!take(bracket)) fail();
    first_ = true;
}

bool JsonCursor::next(char bracket) noexcept {
    if (take(bracket)) {
        first_ = false;
        return false;
    }
    if (!first_ && !take(',')) fail();
    first_ = false;
    return ok_;
}

std::string JsonCursor::key() {
    std::string name = text();
    if (!take(':')) fail();
    return name;
}

std::string JsonCursor::text() {
    std::string out;
    if (!take('"')) fail();
    while (ok_) {
        const std::size_t plain = rest_.find_first_of("\"\\");
        if (plain == std::string_view::npos) {
            fail();
            break;
        }
        out.append(rest_.substr(0, plain));
        const bool end = rest_[plain] == '"';
        rest_.remove_prefix(plain + 1);
        if (end) return out;
        append_escape(out);
    }
    return {};
}

void JsonCursor::append_escape(std::string& out) {
    if (rest_.empty()) return fail();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t at = letters.find(c); at != std::string_view::npos) {
        out.push_back(meanings[at]);
        return;
    }
    if (c != 'u') return fail();
    std::uint32_t code = hex4();
    if (code >= 0xDC00 && code < 0xE000) return fail();
    if (code >= 0xD800 && code < 0xDC00) {
        if (!rest_.starts_with("\\u")) return fail();
        rest_.remove_prefix(2);
        const std::uint32_t low = hex4();
        if (low < 0xDC00 || low >= 0xE000) return fail();
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
    }
    if (ok_) append_utf8(out, code);
}

std::uint32_t JsonCursor::hex4() noexcept {
    std::uint32_t code = 0;
    if (rest_.size() < 4) {
        fail();
        return 0;
    }
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, code, 16);
    if (error != std::errc{} || end != rest_.data() + 4) fail();
    if (ok_) rest_.remove_prefix(4);
    return code;
}

bool JsonCursor::boolean() noexcept {
    if (take_word("true")) return true;
    if (!take_word("false")) fail();
    return false;
}

std::string_view JsonCursor::number_token() noexcept {
    skip_blanks();
    const std::size_t length = std::min(rest_.find_first_not_of("0123456789+-.eE"), rest_.size());
    const std::string_view token = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return token;
}

double JsonCursor::number() noexcept {
    if (take_word("null")) return std::numeric_limits<double>::quiet_NaN();
    const std::string_view token = number_token();
    double value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc{} || end != token.data() + token.size()) fail();
    return ok_ ? value : 0;
}

}  // namespace spillway::detail
