#include "common/venues/chosen_markets.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace spillway::venues {
namespace {

bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

}  // namespace

ChosenMarkets::ChosenMarkets(std::span<const std::string> names) {
    for (const std::string& text : names) {
        std::string name = market_named(text);
        const bool known = std::any_of(markets_.begin(), markets_.end(),
                                       [&](const Market& market) { return market.name == name; });
        if (!known) markets_.push_back({std::move(name)});
    }
}

bool ChosenMarkets::take(std::string_view base, std::string_view contract) {
    const normalise::Asset asset = normalise::resolve_asset(base);
    if (asset.wrapped) return false;
    const auto market =
        std::find_if(markets_.begin(), markets_.end(),
                     [&](const Market& candidate) { return candidate.name == asset.market; });
    if (market == markets_.end()) return false;
    market->found = true;
    return taken_.emplace(contract).second;
}

void ChosenMarkets::report_missing(PlanWriter& out, std::string_view why) const {
    if (!all_lists_) return;
    for (const Market& market : markets_) {
        if (!market.found) out.missing(market.name, why);
    }
}

Status check_markets(std::span<const std::string> names) {
    if (names.empty()) return bad_option("markets", "expected at least one, like BTC");
    for (const std::string& name : names) {
        if (name.empty() || std::any_of(name.begin(), name.end(), is_blank)) {
            return bad_option("markets", fmt::format("'{}' is no base asset like BTC", name));
        }
        const std::string market = market_named(name);
        std::string base = market.substr(0, market.find_first_of("-_/:"));
        base.resize(base.size() - normalise::quote_suffix(base));
        if (base == market) continue;
        return bad_option("markets",
                          fmt::format("'{}' is a symbol; markets are base assets: {}", name, base));
    }
    return {};
}

Status check_choices(std::string_view option, std::span<const std::string> chosen,
                     std::span<const std::string_view> allowed) {
    if (chosen.empty()) {
        return bad_option(option,
                          fmt::format("expected at least one of {}", fmt::join(allowed, ", ")));
    }
    for (const std::string& name : chosen) {
        if (std::count(chosen.begin(), chosen.end(), name) > 1) {
            return bad_option(option, fmt::format("'{}' stands there twice", name));
        }
        if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
        return bad_option(option,
                          fmt::format("'{}' is none of {}", name, fmt::join(allowed, ", ")));
    }
    return {};
}

bool is_chosen(std::span<const std::string> chosen, std::string_view name) noexcept {
    return std::find(chosen.begin(), chosen.end(), name) != chosen.end();
}

}  // namespace spillway::venues
