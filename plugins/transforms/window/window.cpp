#include <algorithm>
#include <cstring>

#include "plugin.hpp"

namespace spillway::window {

Status Window::check() {
    grid_.every = options.every;
    grid_.length = options.length == 0 ? options.every : options.length;
    if (grid_.length < grid_.every) {
        return bad_option("length", "is shorter than `every`: events between windows would vanish");
    }
    grid_.pane = std::gcd(grid_.length, grid_.every);
    if (grid_.length / grid_.pane > 10'000) {
        return bad_option("length",
                          "has no large common divisor with `every`: use a multiple of it");
    }
    pane_start_ = 0;
    first_end_ = grid_.first_end(0);
    last_end_ = grid_.last_end(0);
    if (Status status = grouping_.parse(options.by); !status) return status;
    if (options.compute.empty()) return bad_option("compute", "is empty: write [count]");
    measures_.clear();
    for (std::size_t i = 0; i < options.compute.size(); ++i) {
        Result<Measure> measure = Measure::parse(options.compute[i]);
        if (!measure) {
            return bad_option("compute[" + std::to_string(i) + "]", measure.error().message());
        }
        measures_.push_back(std::move(*measure));
    }
    return {};
}

void Window::recognise(GroupState& state, MarketId market) {
    state.group = grouping_.read(current_key());
    if (state.group.instrument != InstrumentId::none) {
        if (state.market.empty()) state.market = text_of(market);
        state.group.market = market_id(state.market);
    }
    state.known = true;
}

/// The window that the watermark has not closed yet, if it is earlier than the one scheduled.
void Window::schedule_earlier(GroupState& state, Context& context) const {
    Time end = first_end_;
    if (const Time closed = context.watermark(); closed > 0) {
        end = std::max(end, floor_to(closed - options.lateness, grid_.every) + grid_.every);
    }
    if (end >= state.next_end) return;
    state.next_end = end;
    context.set_event_timer(close_timer, end + options.lateness);
}

void Window::on_event_timer(GroupState& state, TimerId, Time due, Context& context) {
    const Time end = due - options.lateness;
    if (!state.known) recognise(state, MarketId::none);
    write(state, end, context);
    const Time next = end + grid_.every;
    state.panes.drop_before(next - grid_.length, measures_.size());
    state.next_end = time_never;
    if (state.panes.empty()) return;
    state.next_end = std::max(next, grid_.first_end(state.panes.oldest()));
    context.set_event_timer(close_timer, state.next_end + options.lateness);
}

void Window::write(const GroupState& state, Time end, Context& context) {
    if (!state.panes.collect(end - grid_.length, end, measures_, totals_)) return;
    row_ = state.group.labels;
    for (std::size_t m = 0; m < measures_.size(); ++m) {
        double value = 0;
        if (measures_[m].result(totals_[m], value)) {
            row_.push_back({measures_[m].name_handle(), NameId::none, value});
        }
    }
    Emitter& out = context.out();
    Event& event = out.emit(Kind::extension);
    event.event_time = end;
    event.instrument = state.group.instrument;
    event.market = state.group.market;
    event.venue = state.group.venue;
    event.extension.name = name_;
    event.extension.fields = static_cast<std::uint32_t>(row_.size());
    event.set_present(field::extension::name);
    const std::size_t bytes = row_.size() * sizeof(ExtensionField);
    std::memcpy(out.batch().extend_blob(event, bytes), row_.data(), bytes);
}

}  // namespace spillway::window
