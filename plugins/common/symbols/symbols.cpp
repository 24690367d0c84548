#include "common/symbols/symbols.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "common/symbols/assets.hpp"

namespace spillway::normalise {

namespace {

constexpr std::size_t longest_symbol = 64;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

/// `251226`, `20251226` and `26DEC25` as `251226`; empty if the text is no date.
std::string read_expiry(std::string_view text) {
    constexpr std::array<std::string_view, 12> months = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                         "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    const auto checked = [](const std::string& date) {
        const std::string_view digits = date;
        const bool real = digits.substr(2, 2) >= "01" && digits.substr(2, 2) <= "12" &&
                          digits.substr(4, 2) >= "01" && digits.substr(4, 2) <= "31";
        return real ? date : std::string();
    };
    if (text.size() == 6 && all_digits(text)) return checked(std::string(text));
    if (text.size() == 8 && all_digits(text) && text.starts_with("20")) {
        return checked(std::string(text.substr(2)));
    }
    if (text.size() != 6 && text.size() != 7) return {};
    const std::string_view year = text.substr(text.size() - 2);
    const std::string_view day = text.substr(0, text.size() - 5);
    const auto month = std::find(months.begin(), months.end(), text.substr(text.size() - 5, 3));
    if (month == months.end() || !all_digits(year) || !all_digits(day)) return {};
    const auto number = static_cast<unsigned>(month - months.begin()) + 1;
    std::string date(year);
    date += static_cast<char>('0' + number / 10);
    date += static_cast<char>('0' + number % 10);
    if (day.size() == 1) date += '0';
    date += day;
    return checked(date);
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find_first_of(separators);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_perpetual_word(std::string_view word) noexcept {
    return word == "PERP" || word == "PERPETUAL" || word == "SWAP";
}

/// `BASE/QUOTE[:SETTLE[-YYMMDD]]`
Symbol read_canonical(std::string_view text) {
    Symbol symbol;
    const std::size_t slash = text.find('/');
    symbol.base = text.substr(0, slash);
    std::string_view rest = text.substr(slash + 1);
    const std::size_t colon = rest.find(':');
    symbol.quote = rest.substr(0, colon);
    if (colon == std::string_view::npos) return symbol;
    rest.remove_prefix(colon + 1);
    const std::size_t dash = rest.find('-');
    symbol.settle = rest.substr(0, dash);
    if (dash != std::string_view::npos) symbol.expiry = read_expiry(rest.substr(dash + 1));
    return symbol;
}

/// A venue's own spelling: parts joined by `-` or `_`, the first perhaps with its quote attached.
Symbol read_native(std::string_view text, UsdContract usd) {
    Symbol symbol;
    const bool linear_usd = usd == UsdContract::linear || text.starts_with("PF_");
    const bool kraken =
        text.starts_with("PF_") || text.starts_with("PI_") || text.starts_with("FI_");
    if (kraken) text.remove_prefix(3);

    const std::vector<std::string_view> parts = split(text, "-_");
    std::string_view base = parts[0];
    bool contract = parts.size() > 1;
    std::string_view quote;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (is_perpetual_word(parts[i])) continue;
        if (std::string date = read_expiry(parts[i]); !date.empty()) {
            symbol.expiry = std::move(date);
        } else if (quote.empty()) {
            quote = parts[i];
        }
    }
    if (quote.empty()) {
        const std::size_t length = quote_suffix(base);
        quote = base.substr(base.size() - length);
        base.remove_suffix(length);
        if (length == 0 && base.size() > 4 && base.ends_with("PERP")) {  // Bybit's USDC perpetuals
            base.remove_suffix(4);
            quote = "USDC";
        } else if (length == 0 && contract) {  // Deribit's BTC-PERPETUAL
            quote = "USD";
        }
    }
    symbol.base = base;
    if (quote == "USD" && linear_usd) {
        symbol.quote = kraken ? "USD" : "USDC";
        symbol.settle = symbol.quote;
    } else {
        symbol.quote = quote;
        symbol.settle = quote == "USD" ? base : quote;
    }
    return symbol;
}

}  // namespace

std::optional<Symbol> parse_symbol(std::string_view text, UsdContract usd,
                                   std::span<const Alias> extra) {
    const bool blank = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    });
    if (text.empty() || text.size() > longest_symbol || blank) return std::nullopt;

    std::string upper;
    const bool only_lower = std::any_of(text.begin(), text.end(), is_lower) &&
                            std::none_of(text.begin(), text.end(), is_upper);
    if (only_lower) {
        upper.assign(text);
        for (char& c : upper) {
            if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
        }
        text = upper;
    }

    Symbol symbol =
        text.find('/') != std::string_view::npos ? read_canonical(text) : read_native(text, usd);
    if (symbol.base.empty()) return std::nullopt;

    const std::string name = symbol.base;
    const Asset asset = resolve_asset(name);
    if (symbol.settle == name) symbol.settle = asset.ticker;
    symbol.base = asset.ticker;
    symbol.market = asset.market;
    symbol.token_multiplier = asset.multiplier;
    symbol.wrapped = asset.wrapped;
    for (const Alias& alias : extra) {
        if (alias.name == name) symbol.market = alias.market;
    }
    return symbol;
}

std::string Symbol::instrument() const {
    std::string text = base;
    if (quote.empty()) return text;
    text += '/';
    text += quote;
    if (!settle.empty()) text += ':' + settle;
    if (!expiry.empty()) text += '-' + expiry;
    return text;
}

std::string Symbol::concatenated() const {
    return expiry.empty() ? base + quote : base + quote + '_' + expiry;
}

}  // namespace spillway::normalise
