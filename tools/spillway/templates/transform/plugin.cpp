#include "plugin.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::my_plugin {

void Bar::add(double price) noexcept {
    if (open == 0) open = high = low = price;
    high = std::max(high, price);
    low = std::min(low, price);
    close = price;
}

Status MyPlugin::on(Bars& bars, const Event& event, Context& context) {
    // Presence bits and members have one order: last, mark, index.
    static_assert(static_cast<unsigned>(Of::index) == field::price::index);
    if (!event.has(static_cast<unsigned>(options.of))) {
        context.filtered();  // a price of another sort: nothing wrong with it
        return {};
    }
    const double price = options.of == Of::last   ? event.price.last
                         : options.of == Of::mark ? event.price.mark
                                                  : event.price.index;
    // Validate first, then change state: an error takes back what was emitted, not what was kept.
    if (!(price > 0) || !std::isfinite(price)) return bad_record("is not above 0", "price");
    const Time end = floor_to(event.event_time, options.every) + options.every;
    if (end <= context.watermark()) {
        context.late(event);
        return {};
    }
    bars.open[end].add(price);
    context.set_event_timer(close_bar, bars.open.begin()->first);
    return {};
}

void MyPlugin::on_event_timer(Bars& bars, TimerId, Time due, Context& context) {
    const Bar bar = bars.open.at(due);
    bars.open.erase(due);
    if (!bars.open.empty()) context.set_event_timer(close_bar, bars.open.begin()->first);

    Event& event = context.out().emit(Kind::bar);
    event.event_time = due;
    event.market = market_id(current_key());
    event.bar = {bar.open, bar.high, bar.low, bar.close, 0, 0, options.every};
    // A field without its presence bit is absent, whatever its bytes say.
    for (const unsigned present : {field::bar::open, field::bar::high, field::bar::low,
                                   field::bar::close, field::bar::interval}) {
        event.set_present(present);
    }
}

}  // namespace spillway::my_plugin

SPILLWAY_PLUGIN(spillway::my_plugin::MyPlugin)
