#include "channels.hpp"

#include <algorithm>
#include <array>

namespace spillway::binance {
namespace {

struct ChannelKind {
    std::string_view name;
    Kind kind;
};

constexpr std::array<ChannelKind, 21> channel_kinds = {{
    {"forceOrder", Kind::liquidation},
    {"markPrice", Kind::price},
    {"indexPrice", Kind::price},
    {"ticker", Kind::price},
    {"miniTicker", Kind::price},
    {"aggTrade", Kind::trade},
    {"trade", Kind::trade},
    {"kline", Kind::bar},
    {"depth", Kind::depth},
    {"depth5", Kind::depth},
    {"depth10", Kind::depth},
    {"depth20", Kind::depth},
    {"contractInfo", Kind::instrument},
    {"premiumIndex", Kind::price},
    {"fundingRate", Kind::funding_rate},
    {"fundingInfo", Kind::instrument},
    {"exchangeInfo", Kind::instrument},
    {"openInterest", Kind::open_interest},
    {"openInterestHist", Kind::open_interest},
    {"globalLongShortAccountRatio", Kind::long_short_ratio},
    {"liquidationSnapshot", Kind::liquidation},
}};

}  // namespace

std::string_view Channel::poll() const noexcept {
    const std::string_view path = text_.substr(0, text_.find('?'));
    return path.substr(path.rfind('/') + 1);
}

std::string_view Channel::stream() const noexcept {
    // `!forceOrder@arr` names itself before the `@`, `btcusdt@forceOrder` after it.
    const auto at = text_.find('@');
    if (text_.starts_with('!')) return text_.substr(1, std::min(at, text_.size()) - 1);
    if (at == std::string_view::npos) return {};
    const std::string_view name = text_.substr(at + 1, text_.find('@', at + 1) - at - 1);
    return name.substr(0, name.find('_'));  // kline_1m
}

std::string_view Channel::parameter(std::string_view name) const noexcept {
    auto at = text_.find('?');
    while (at != std::string_view::npos) {
        const std::string_view rest = text_.substr(at + 1);
        if (rest.starts_with(name) && rest.size() > name.size() && rest[name.size()] == '=') {
            const std::string_view found = rest.substr(name.size() + 1);
            return found.substr(0, found.find('&'));
        }
        at = text_.find('&', at + 1);
    }
    return {};
}

Duration Channel::period() const noexcept {
    Duration found = 0;
    return parse_duration(parameter("period"), found) ? found : 0;
}

std::optional<Kind> Channel::kind() const noexcept {
    const std::string_view of_stream = stream();
    const std::string_view name = of_stream.empty() ? poll() : of_stream;
    for (const ChannelKind& channel : channel_kinds) {
        if (channel.name == name) return channel.kind;
    }
    if (name.starts_with("topLongShort")) return Kind::long_short_ratio;
    return {};
}

}  // namespace spillway::binance
