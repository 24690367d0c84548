#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/protocol.hpp>
#include <spillway/status.hpp>

#include "common/symbols/assets.hpp"

namespace spillway::venues {

/// The markets that the option `markets` names, to be looked for in a venue's instrument list.
class ChosenMarkets {
public:
    explicit ChosenMarkets(std::span<const std::string> names);

    /// Whether a contract on this base asset, as the venue names it (`1000PEPE`, `XBT`), belongs to
    /// a chosen market, which then counts as found. Wrapped forms (`WBTC`) do not: their price is
    /// not the market's; and a contract is taken once, though pages of a list may repeat it.
    [[nodiscard]] bool take(std::string_view base, std::string_view contract);
    /// One of the venue's lists did not come: who knows what it holds.
    void list_missing() noexcept { all_lists_ = false; }
    /// Says which markets were never found, once all lists are there.
    void report_missing(PlanWriter& out, std::string_view why) const;

private:
    struct Market {
        std::string name;
        bool found = false;
    };
    std::vector<Market> markets_;
    std::set<std::string, std::less<>> taken_;
    bool all_lists_ = true;
};

using normalise::market_named;

/// Whether an option lists markets, and not symbols like BTCUSDT. At least one.
[[nodiscard]] Status check_markets(std::span<const std::string> names);
/// Whether an option lists at least one of `allowed`, none twice, and nothing else.
[[nodiscard]] Status check_choices(std::string_view option, std::span<const std::string> chosen,
                                   std::span<const std::string_view> allowed);
[[nodiscard]] bool is_chosen(std::span<const std::string> chosen, std::string_view name) noexcept;

}  // namespace spillway::venues
