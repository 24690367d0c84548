#include "plugin.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace spillway::generate {

Status Generate::check() {
    plan_ = Plan();
    plan_.seed = options.seed;
    plan_.rate = options.rate;
    const std::optional<Time> start = parse_start(options.start);
    if (!start) {
        return bad_option("start", fmt::format("'{}' is no time of 2009 to 2099 like "
                                               "2026-01-01T00:00:00Z",
                                               options.start));
    }
    plan_.start = *start;
    if (options.markets.empty()) return bad_option("markets", "empty; expected names like BTC");
    if (options.venues.empty()) return bad_option("venues", "empty; expected names like binance");
    if (options.kinds.empty()) return bad_option("kinds", "empty; expected kinds like liquidation");
    for (const std::string& name : options.kinds) {
        const auto found = std::find(kind_names.begin(), kind_names.end(), name);
        const auto kind = static_cast<Kind>(found - kind_names.begin());
        if (found == kind_names.end() || !about.emits.has(kind)) {
            return bad_option("kinds", fmt::format("'{}' cannot be made; expected liquidation, "
                                                   "price, open_interest or funding_rate",
                                                   name));
        }
        plan_.kinds.push_back(kind);
    }
    return {};
}

Status Generate::open(const SourceSetup& setup) noexcept {
    needs_ids_ = setup.needs_ids;
    next_ = 0;
    plan_.markets.clear();
    plan_.instruments.clear();
    plan_.venues.clear();
    for (const std::string& name : options.markets) {
        plan_.markets.push_back(market_id(name));
        plan_.instruments.push_back(instrument_id(name + "/USDT:USDT"));
    }
    for (const std::string& name : options.venues) plan_.venues.push_back(venue_id(name));
    return {};
}

Result<ReadState> Generate::read(SourceOutput& out, std::uint32_t limit) noexcept {
    for (; out.count() < limit; ++next_) {
        if (options.count > 0 && next_ >= options.count) return ReadState::end;
        const Time time = time_of(plan_, next_);
        if (time >= latest_event_time) return ReadState::end;
        Event& event = out.emit(kind_of(plan_, next_), time);
        fill(plan_, next_, event);
        if (needs_ids_) {
            const std::array<std::uint64_t, 3> key = {hash_text("generate"), plan_.seed, next_};
            event.id = hash_id(key.data(), sizeof(key));
        }
    }
    return ReadState::more;
}

Status Generate::seek(std::span<const std::byte> position) noexcept {
    StateReader in(position);
    in(1, next_);
    return in.ok() ? Status() : Status(Code::io, "the stored position is damaged");
}

}  // namespace spillway::generate

SPILLWAY_PLUGIN(spillway::generate::Generate)
