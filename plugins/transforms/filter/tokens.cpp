#include "tokens.hpp"

#include <cctype>

namespace spillway::filter {
namespace {

bool in_word(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || byte >= 0x80 ||
           std::string_view("_.:/*+-").find(c) != std::string_view::npos;
}

}  // namespace

tl::unexpected<Status> wrong_at(std::size_t column, const std::string& message) {
    return tl::make_unexpected(
        Status(Code::bad_option, "column " + std::to_string(column) + ": " + message));
}

Result<std::vector<Token>> tokenise(std::string_view source) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    const auto add = [&](Token::Type type, std::size_t size) {
        tokens.push_back({type, source.substr(at, size), at + 1});
        at += size;
    };
    while (at < source.size()) {
        const char c = source[at];
        if (c == ' ' || c == '\t') {
            ++at;
        } else if (c == '(') {
            add(Token::Type::open, 1);
        } else if (c == ')') {
            add(Token::Type::close, 1);
        } else if (c == ',') {
            add(Token::Type::comma, 1);
        } else if (c == '\'' || c == '"') {
            const std::size_t end = source.find(c, at + 1);
            if (end == std::string_view::npos) return wrong_at(at + 1, "the quote is not closed");
            tokens.push_back({Token::Type::text, source.substr(at + 1, end - at - 1), at + 1});
            at = end + 1;
        } else if (std::string_view("<>=!").find(c) != std::string_view::npos) {
            const bool two = at + 1 < source.size() && source[at + 1] == '=';
            if (!two && (c == '=' || c == '!')) {
                return wrong_at(at + 1, "expected one of == != < <= > >=");
            }
            add(Token::Type::comparison, two ? 2 : 1);
        } else if (in_word(c)) {
            std::size_t size = 1;
            while (at + size < source.size() && in_word(source[at + size])) ++size;
            add(Token::Type::word, size);
        } else {
            return wrong_at(at + 1, "unexpected '" + std::string(1, c) + "'");
        }
    }
    tokens.push_back({Token::Type::end, {}, source.size() + 1});
    return tokens;
}

}  // namespace spillway::filter
