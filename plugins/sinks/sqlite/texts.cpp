#include "texts.hpp"

namespace spillway::sqlite {
namespace {

std::string& slot(std::vector<std::string>& made, std::uint32_t handle) {
    if (made.size() <= handle) made.resize(handle + std::size_t{1});
    return made[handle];
}

}  // namespace

std::string concatenated(std::string_view instrument) {
    const std::size_t slash = instrument.find('/');
    const std::size_t colon = instrument.find(':', slash);
    if (slash == std::string_view::npos || colon == std::string_view::npos) {
        return std::string(instrument);
    }
    std::string symbol(instrument.substr(0, slash));
    symbol += instrument.substr(slash + 1, colon - slash - 1);
    if (const std::size_t dash = instrument.find('-', colon); dash != std::string_view::npos) {
        symbol += '_';
        symbol += instrument.substr(dash + 1);
    }
    return symbol;
}

std::string_view Symbols::of(InstrumentId instrument) {
    std::string& symbol = slot(instruments_, static_cast<std::uint32_t>(instrument));
    if (symbol.empty()) symbol = concatenated(text_of(instrument));
    return symbol;
}

std::string_view Symbols::of(MarketId market) {
    if (market == MarketId::none || market == market_wide()) return "*";
    std::string& symbol = slot(markets_, static_cast<std::uint32_t>(market));
    if (symbol.empty()) symbol = std::string(text_of(market)) + suffix_;
    return symbol;
}

std::string_view session_type(Time time) noexcept {
    const Time midnight = floor_to(time, day);
    // 1970-01-01 was a Thursday: weekday 0 is Monday.
    const Time weekday = ((midnight / day + 3) % 7 + 7) % 7;
    if (weekday >= 5) return "weekend";
    const Time hours = (time - midnight) / hour;
    return hours < 8 ? "asian" : hours < 16 ? "european" : "us";
}

}  // namespace spillway::sqlite
