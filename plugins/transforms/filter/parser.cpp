#include "parser.hpp"

#include <array>
#include <string>

namespace spillway::filter {
namespace {

constexpr std::array<std::string_view, 6> comparisons = {"==", "!=", "<", "<=", ">", ">="};

bool is_value(const Token& token) noexcept {
    return token.type == Token::Type::word || token.type == Token::Type::text;
}

/// Reads tokens one after another.
class Parser {
public:
    explicit Parser(const std::vector<Token>& tokens) : tokens_(tokens) {}

    Result<Parsed> parse() {
        Parsed parsed;
        if (word("not")) {
            parsed.negated = true;
            if (peek().text != "present") return expected("present(field) after 'not'");
        }
        if (peek().text == "present" && tokens_[at_ + 1].type == Token::Type::open) {
            at_ += 2;
            parsed.presence = true;
            if (!is_value(peek())) return expected("a field");
            parsed.field = next();
            if (next().type != Token::Type::close) return back("')'");
            return end(std::move(parsed));
        }
        if (!is_value(peek())) return expected("a field, such as notional");
        parsed.field = next();
        if (peek().type == Token::Type::comparison) {
            const std::string_view sign = next().text;
            for (std::size_t i = 0; i < comparisons.size(); ++i) {
                if (comparisons[i] == sign) parsed.compare = static_cast<Compare>(i);
            }
            parsed.negated = parsed.compare == Compare::not_equal;
            parsed.ordered = parsed.compare > Compare::not_equal;
            if (!is_value(peek())) return expected("a value");
            parsed.values.push_back(next());
            return end(std::move(parsed));
        }
        parsed.negated = word("not");
        parsed.list = true;
        if (!word("in")) return expected("a comparison (== != < <= > >=), 'in' or 'not in'");
        if (next().type != Token::Type::open) return back("'(' and a list of values");
        while (true) {
            if (!is_value(peek())) return expected("a value");
            parsed.values.push_back(next());
            const Token separator = next();
            if (separator.type == Token::Type::close) return end(std::move(parsed));
            if (separator.type != Token::Type::comma) return back("',' or ')'");
        }
    }

private:
    const Token& peek() const { return tokens_[at_]; }
    Token next() {
        const Token token = tokens_[at_];
        if (at_ + 1 < tokens_.size()) ++at_;
        last_ = token;
        return token;
    }
    bool word(std::string_view text) {
        if (peek().type != Token::Type::word || peek().text != text) return false;
        ++at_;
        return true;
    }
    static Result<Parsed> wrong(const Token& token, std::string_view what) {
        return wrong_at(token.column, "expected " + std::string(what) +
                                          (token.type == Token::Type::end
                                               ? std::string(" before the end")
                                               : ", not '" + std::string(token.text) + "'"));
    }
    Result<Parsed> expected(std::string_view what) const { return wrong(peek(), what); }
    Result<Parsed> back(std::string_view what) const { return wrong(last_, what); }
    Result<Parsed> end(Parsed parsed) const {
        if (peek().type != Token::Type::end) {
            return expected("the end; each entry of the list is one condition");
        }
        return parsed;
    }

    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
    Token last_;
};

}  // namespace

Result<Parsed> parse_condition(std::string_view text) {
    const Result<std::vector<Token>> tokens = tokenise(text);
    if (!tokens) return tl::make_unexpected(tokens.error());
    return Parser(*tokens).parse();
}

}  // namespace spillway::filter
