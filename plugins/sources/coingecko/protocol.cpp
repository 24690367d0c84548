#include "protocol.hpp"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <spillway/plugin.hpp>

#include "coins.hpp"
#include "common/venues/chosen_markets.hpp"
#include "reply_error.hpp"

namespace spillway::coingecko {
namespace {

constexpr std::string_view polls = "https://api.coingecko.com/api/v3/";
constexpr std::string_view quota = "calls";

/// What an address without a key is granted varies; more than these bring answers "429". Answers
/// are 20 to 60 seconds old anyway.
constexpr Duration keyless_interval = 10 * second;
constexpr double keyless_calls_per_minute = 6;
/// A demo key has 10,000 calls a month, failed ones too: enough for 31 days of one each 4.5
/// minutes.
constexpr Duration demo_interval = 270 * second;
constexpr double demo_calls_per_month = 10'000;

}  // namespace

Status Protocol::prepare(PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        if (options_.api_key.empty()) {
            out.quota({quota, keyless_calls_per_minute, minute});
        } else {
            out.quota({quota, demo_calls_per_month, 30 * day});
        }
        return {};
    });
}

Status Protocol::plan(std::span<const Reply>, PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        const Coins coins(options_.ids);
        std::set<std::string, std::less<>> ids;
        for (const std::string& name : options_.markets) {
            const std::string market = venues::market_named(name);
            const std::string_view id = coins.id_of(market);
            if (id.empty()) {
                out.missing(market, fmt::format("its id at CoinGecko is not known; add it to the "
                                                "option ids: {}=the-id",
                                                market));
            } else {
                ids.emplace(id);
            }
        }
        if (ids.empty()) return {};
        Poll poll{};
        poll.about = Kind::price;
        poll.quota = quota;
        poll.every = options_.api_key.empty() ? keyless_interval : demo_interval;
        if (!options_.api_key.empty()) {
            poll.header = "x-cg-demo-api-key";
            poll.header_value = options_.api_key;
        }
        venues::get(out, polls,
                    fmt::format("simple/price?ids={}&include_24hr_vol=true"
                                "&include_last_updated_at=true&precision=full&vs_currencies=usd",
                                fmt::join(ids, ",")),
                    poll);
        return {};
    });
}

Status Protocol::subscribe(const Subscription&, TextWriter&) const noexcept {
    return {Code::defect, "CoinGecko has no subscriptions"};
}

Heard Protocol::hear(std::string_view, std::string_view) const noexcept { return {}; }

Protocol::Fault Protocol::fault(const Reply& reply) const noexcept {
    venues::dom::object answer;
    if (!reader_.read(reply.body, answer)) return {"the reply is no JSON object"};
    const auto error = read_error(answer);
    if (!error) return {};
    Fault fault{error->text};
    fault.limited = error->code == 429;
    // 10002: missing or wrong; 10010 and 10011: of another plan.
    fault.refused_key = error->code == 10002 || error->code == 10010 || error->code == 10011;
    return fault;
}

}  // namespace spillway::coingecko
