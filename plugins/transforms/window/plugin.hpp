#pragma once

#include <numeric>
#include <string>
#include <vector>

#include <spillway/keyed_transform.hpp>

#include "grouping.hpp"
#include "panes.hpp"

namespace spillway::window {

struct Options {
    Duration every = minute;
    Duration length = 0;
    Duration lateness = 0;
    std::vector<std::string> by;
    std::vector<std::string> compute;
};

/// The windows of one group.
struct GroupState {
    Panes panes;
    Time next_end = time_never;  ///< end of the earliest window that is still to be written
    std::string market;          ///< of the group's instrument

    // Read again from the key after a restart.
    bool known = false;
    Grouping::Group group;

    template <class Archive>
    void fields(Archive& io) {
        io(1, panes);
        io(2, next_end);
        io(3, market);
    }
};

/// Counts and sums over windows of event time, one `extension` event per group and window.
class Window : public KeyedTransform<Window, GroupState> {
public:
    static constexpr About about = {
        .name = "window",
        .version = "1.0.0",
        .summary = "Count, sum, min, max, mean and last over tumbling or sliding windows",
        .consumes = KindSet::all(),
        .emits = {Kind::extension},
        .traits = Trait::keyed | Trait::late_output,
    };
    static constexpr auto option_list = spillway::options(
        option::duration<&Options::every>("every", "A window ends at every multiple of this.")
            .otherwise("1m")
            .at_least(1e6),
        option::duration<&Options::length>("length", "Length of a window; 0s: as long as `every`.")
            .otherwise("0s"),
        option::duration<&Options::lateness>(
            "lateness", "How long a window waits for events behind the watermark.")
            .otherwise("0s"),
        option::texts<&Options::by>(
            "by",
            "What windows are kept apart by: instrument, market, venue, kind, or a field "
            "such as side.")
            .otherwise("market"),
        option::texts<&Options::compute>(
            "compute",
            "Results: count, or count, sum, min, max, mean, last of a field: "
            "sum(notional).")
            .otherwise("count"));
    Options options;

    Status check();
    Status begin(const NodeSetup& setup) {
        name_ = name_id(setup.id);
        return {};
    }

    std::uint64_t key_code(const Event& event) const noexcept { return grouping_.code(event); }
    void key_text(const Event& event, std::string& out) const { grouping_.text(event, out); }

    Status on(GroupState& state, const Event& event, Context& context) {
        const Time start = pane_of(event.event_time);
        if (context.watermark() >= last_end_ + options.lateness) {
            context.late(event);
            return {};
        }
        if (!state.known) recognise(state, event.market);
        Cell* cells = state.panes.at(start, measures_.size());
        for (const Measure& measure : measures_) measure.add(*cells++, event);
        if (first_end_ < state.next_end) schedule_earlier(state, context);
        return {};
    }
    void on_event_timer(GroupState& state, TimerId timer, Time due, Context& context);

private:
    static constexpr TimerId close_timer = 0;

    /// Start of the pane of an event time; neighbours in time mostly share it.
    Time pane_of(Time time) noexcept {
        if (time < pane_start_ || time - pane_start_ >= grid_.pane) {
            pane_start_ = floor_to(time, grid_.pane);
            first_end_ = grid_.first_end(pane_start_);
            last_end_ = grid_.last_end(pane_start_);
        }
        return pane_start_;
    }
    void recognise(GroupState& state, MarketId market);
    void schedule_earlier(GroupState& state, Context& context) const;
    void write(const GroupState& state, Time end, Context& context);

    Grid grid_;
    Grouping grouping_;
    std::vector<Measure> measures_;
    std::vector<Cell> totals_;
    std::vector<ExtensionField> row_;
    NameId name_ = NameId::none;
    // Of the latest event: start of its pane, first and last window that hold it.
    Time pane_start_ = 0, first_end_ = 0, last_end_ = 0;
};

}  // namespace spillway::window
