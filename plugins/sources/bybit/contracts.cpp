#include "contracts.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "common/symbols/symbols.hpp"

namespace spillway::bybit {
namespace {

bool is_dollar(std::string_view quote) { return quote == "USDT" || quote == "USDC"; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// BTCUSDZ25: base, USD, month code, year. Empty base if the symbol is something else.
Contract read_inverse_dated(std::string_view symbol) {
    constexpr std::string_view codes = "HMUZ";  // March, June, September, December
    Contract contract;
    if (symbol.size() < 7 || !is_digit(symbol.back()) || !is_digit(symbol[symbol.size() - 2])) {
        return contract;
    }
    const auto quarter = codes.find(symbol[symbol.size() - 3]);
    const std::string_view pair = symbol.substr(0, symbol.size() - 3);
    if (quarter == std::string_view::npos || !pair.ends_with("USD")) return contract;
    const auto parsed = normalise::parse_symbol(pair);
    if (!parsed || parsed->quote != "USD") return contract;
    const int year = 2000 + 10 * (symbol[symbol.size() - 2] - '0') + (symbol.back() - '0');
    contract.settlement = Settlement::inverse;
    contract.instrument = parsed->instrument() + '-' +
                          expiry_text(last_friday(year, 3 * (static_cast<int>(quarter) + 1)));
    return contract;
}

}  // namespace

std::int64_t last_friday(int year, int month) {
    using namespace std::chrono;
    const auto last = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) /
                      Friday[std::chrono::last];
    return sys_days(last).time_since_epoch().count();
}

std::string expiry_text(std::int64_t day) {
    using namespace std::chrono;
    const year_month_day date{sys_days{days{day}}};
    return fmt::format("{:02}{:02}{:02}", static_cast<int>(date.year()) % 100,
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Contract read_contract(std::string_view symbol) {
    if (Contract dated = read_inverse_dated(symbol); dated.settlement != Settlement::unknown) {
        return dated;
    }
    Contract contract;
    const auto dash = symbol.find('-');
    // One dash stands before a date; options have more of them.
    if (dash != std::string_view::npos && symbol.find('-', dash + 1) != std::string_view::npos) {
        return contract;
    }
    auto parsed = normalise::parse_symbol(symbol);
    if (!parsed) return contract;
    if (dash != std::string_view::npos) {
        if (parsed->expiry.empty()) return contract;
        // BTC-26DEC25 names no currency: it is settled in USDC.
        const auto undated = normalise::parse_symbol(symbol.substr(0, dash));
        if (undated && undated->quote.empty()) {
            parsed->quote = "USDC";
            parsed->settle = "USDC";
        }
    }
    if (is_dollar(parsed->quote)) {
        contract.settlement = Settlement::linear;
    } else if (parsed->quote == "USD" && dash == std::string_view::npos) {
        contract.settlement = Settlement::inverse;
    } else {
        return contract;
    }
    contract.perpetual = parsed->expiry.empty();
    contract.instrument = parsed->instrument();
    return contract;
}

Contract read_contract(const Listed& listed) {
    Contract contract;
    if (listed.contract_type.starts_with("Linear") && is_dollar(listed.quote)) {
        contract.settlement = Settlement::linear;
    } else if (listed.contract_type.starts_with("Inverse") && listed.quote == "USD") {
        contract.settlement = Settlement::inverse;
    } else {
        return contract;
    }
    contract.perpetual = listed.contract_type.ends_with("Perpetual");
    const std::string_view settle =
        listed.settle.empty()
            ? (contract.settlement == Settlement::linear ? listed.quote : listed.base)
            : listed.settle;
    contract.instrument = fmt::format("{}/{}:{}", listed.base, listed.quote, settle);
    if (!contract.perpetual) contract.instrument += '-' + expiry_text(listed.delivery_day);
    return contract;
}

}  // namespace spillway::bybit
