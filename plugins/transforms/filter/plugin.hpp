#pragma once

#include <string>
#include <vector>

#include <spillway/transform.hpp>

#include "common/symbols/assets.hpp"
#include "condition.hpp"

namespace spillway::filter {

struct Options {
    std::vector<std::string> where;
    std::vector<std::string> markets;
};

/// Lets through the events for which every condition holds, of the chosen markets.
class ConditionFilter : public Filter<ConditionFilter> {
public:
    static constexpr About about = {
        .name = "filter",
        .version = "1.1.0",
        .summary = "Keeps the events of chosen markets, or for which all conditions hold",
        .consumes = KindSet::all(),
        .emits = KindSet::all(),
        .traits = Trait::in_place | Trait::any_kind,
    };
    static constexpr auto option_list = spillway::options(
        option::texts<&Options::where>(
            "where",
            "Conditions, all of which must hold: notional >= 100_000, venue in (binance, "
            "bybit), side == long, present(mark).")
            .otherwise(""),
        option::texts<&Options::markets>(
            "markets",
            "Only events of these markets, and those that concern all of them: a feed's health, "
            "flows of stablecoins. Empty: of every market.")
            .otherwise(""));
    Options options;

    Status check() {
        if (options.where.empty() && options.markets.empty()) {
            return bad_option("where", "empty, and so is `markets`: nothing would be filtered");
        }
        markets_.clear();
        for (const std::string& market : options.markets) {
            markets_.push_back(market_id(normalise::market_named(market)));
        }
        conditions_ = {};
        for (std::size_t i = 0; i < options.where.size(); ++i) {
            if (Status status = conditions_.add(options.where[i]); !status) {
                return bad_option("where[" + std::to_string(i) + "]", status.message());
            }
        }
        return {};
    }
    Verdict on(const Event& event, const Batch&) const noexcept {
        return concerns(event.market) && conditions_.hold(event) ? Verdict::keep
                                                                 : Verdict::filtered;
    }

private:
    /// Few markets are chosen: looking through them is faster than anything else.
    [[nodiscard]] bool concerns(MarketId market) const noexcept {
        if (markets_.empty() || market == MarketId::none || market == market_wide()) return true;
        for (const MarketId chosen : markets_) {
            if (chosen == market) return true;
        }
        return false;
    }

    std::vector<MarketId> markets_;
    Conditions conditions_;
};

}  // namespace spillway::filter
