#pragma once

#include <string>
#include <vector>

#include <spillway/fields.hpp>
#include <spillway/transform.hpp>

#include "resolver.hpp"
#include "scaling.hpp"

namespace spillway::normalise {

struct Options {
    std::vector<std::string> aliases;
    std::vector<std::string> linear_usd;
};

/// Gives every event its canonical instrument and its market.
class Normalise : public Map<Normalise> {
public:
    static constexpr About about = {
        .name = "normalise",
        .version = "1.0.0",
        .summary = "Resolves venue symbols to instruments and markets, multipliers included",
        .consumes = KindSet::all(),
        .emits = KindSet::all(),
        .traits = Trait::in_place | Trait::any_kind | Trait::mutates,
    };
    static constexpr auto option_list = spillway::options(
        option::texts<&Options::aliases>("aliases", "More names of assets, as NAME=MARKET.")
            .otherwise(""),
        option::texts<&Options::linear_usd>(
            "linear_usd", "Venues whose contracts quoted in plain USD are settled in dollars.")
            .otherwise("dydx"));
    Options options;

    Status check() { return resolver_.configure(options.aliases, options.linear_usd); }

    Status on(Event& event, Batch&) {
        if (event.market != MarketId::none) return {};
        if (event.instrument == InstrumentId::none) return without_symbol(event);
        const Resolved& symbol = resolver_.resolve(event.instrument, event.venue);
        if (symbol.state == Resolved::State::bad) [[unlikely]] {
            return bad_record("symbol '" + std::string(text_of(event.instrument)) +
                                  "' names no instrument; give it a market with `aliases`",
                              "instrument");
        }
        const bool is_price = event.kind() == Kind::price || event.kind() == Kind::bar;
        event.instrument = symbol.instrument;
        event.market = is_price ? symbol.price_market : symbol.market;
        if (event.kind() == Kind::liquidation) add_notional(event, symbol);
        if (symbol.multiplier != 1) [[unlikely]] {
            scale_to_single_tokens(event, symbol.multiplier);
            if (event.kind() == Kind::instrument) note_multiplier(event, symbol);
        }
        return {};
    }

private:
    /// Flows concern all markets; what a derived event or a feed's health says needs no symbol.
    static Status without_symbol(Event& event) {
        switch (event.kind()) {
            case Kind::stablecoin_flow:
                event.market = market_wide();
                return {};
            case Kind::source_status:
            case Kind::score:
            case Kind::cascade:
            case Kind::alert:
            case Kind::extension:
                return {};
            default:
                return bad_record("has no symbol", "instrument");
        }
    }
    static void add_notional(Event& event, const Resolved& symbol) noexcept {
        using namespace field::liquidation;
        if (event.has(notional) || !symbol.linear_usd || !event.has(price) ||
            !event.has(quantity)) {
            return;
        }
        event.liquidation.notional = event.liquidation.price * event.liquidation.quantity;
        event.set_present(notional);
    }
    static void note_multiplier(Event& event, const Resolved& symbol) noexcept {
        event.instrument_info.token_multiplier = symbol.multiplier;
        event.set_present(field::instrument::token_multiplier);
    }

    Resolver resolver_;
};

}  // namespace spillway::normalise
