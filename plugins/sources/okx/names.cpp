#include "names.hpp"

#include <algorithm>
#include <array>

#include <spillway/time.hpp>

namespace spillway::okx {
namespace {

// Names that begin with another one stand before it.
constexpr std::array names = {
    Name{"liquidation-orders", Rows::liquidation_orders, Kind::liquidation, true, true},
    Name{"liquidations", Rows::liquidations, Kind::liquidation, true, false},
    Name{"mark-price", Rows::mark_price, Kind::price, true, true},
    Name{"index-tickers", Rows::index_tickers, Kind::price, true, true},
    Name{"tickers", Rows::tickers, Kind::price, true, true},
    Name{"trades", Rows::trades, Kind::trade, true, true},
    Name{"funding-rate-history", Rows::funding_history, Kind::funding_rate, false, true},
    Name{"funding-rate", Rows::funding_rate, Kind::funding_rate, true, true},
    Name{"open-interest-history", Rows::open_interest_history, Kind::open_interest, false, true},
    Name{"open-interest-volume", Rows::open_interest_volume, Kind::open_interest, false, true},
    Name{"open-interest", Rows::open_interest, Kind::open_interest, true, true},
    Name{"instruments", Rows::instruments, Kind::instrument, false, true},
    Name{"long-short-account-ratio-contract-top-trader", Rows::account_ratio_top,
         Kind::long_short_ratio, false, true},
    Name{"long-short-position-ratio-contract-top-trader", Rows::position_ratio_top,
         Kind::long_short_ratio, false, true},
    Name{"long-short-account-ratio-contract", Rows::account_ratio_contract, Kind::long_short_ratio,
         false, true},
    Name{"long-short-account-ratio", Rows::account_ratio, Kind::long_short_ratio, false, true},
};

}  // namespace

const Name* find_stream(std::string_view channel) noexcept {
    for (const Name& name : names) {
        if (name.stream && name.text == channel) return &name;
    }
    return nullptr;
}

const Name* find_poll(std::string_view path) noexcept {
    if (const auto slash = path.rfind('/'); slash != std::string_view::npos) {
        path.remove_prefix(slash + 1);
    }
    for (const Name& name : names) {
        if (name.poll && name.text == path) return &name;
    }
    return nullptr;
}

std::optional<Table> find_table(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 5> tables = {"liquidation", "mark_price", "ticker",
                                                        "funding_rate", "trade"};
    for (const std::string_view product : {"swap/", "futures/"}) {
        if (!name.starts_with(product)) continue;
        const auto found = std::find(tables.begin(), tables.end(), name.substr(product.size()));
        if (found != tables.end()) return static_cast<Table>(found - tables.begin());
    }
    return std::nullopt;
}

std::optional<Kind> kind_in(std::string_view text) noexcept {
    for (const Name& name : names) {
        if (name.stream && text.find(name.text) != std::string_view::npos) return name.kind;
    }
    return std::nullopt;
}

std::int64_t read_period(std::string_view text) noexcept {
    if (text.ends_with("utc")) text.remove_suffix(3);
    if (text.size() < 2 || text.size() > 4) return 0;
    std::int64_t count = 0;
    for (const char c : text.substr(0, text.size() - 1)) {
        if (c < '0' || c > '9') return 0;
        count = 10 * count + (c - '0');
    }
    switch (text.back()) {
        case 'm':
            return count * minute;
        case 'H':
            return count * hour;
        case 'D':
            return count * day;
        case 'W':
            return count * 7 * day;
        default:
            return 0;
    }
}

}  // namespace spillway::okx
