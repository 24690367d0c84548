#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <spillway/testing/conformance/answers.hpp>

namespace spillway::testing {

/// Watches what every step must keep: kinds, order, time, watermarks, numbers, ids.
class StepRules final : public StepObserver {
public:
    StepRules(const Subject& subject, const NodePlayer& player, Findings& findings)
        : subject_(subject), player_(player), findings_(findings), newest_(player.ports()) {}

    void before(const StepInput& in) override {
        selected_.clear();
        for (std::uint32_t k = 0; k < in.rows.count; ++k) selected_.push_back(in.rows[k]);
        if (!subject_.is(Trait::in_place) || subject_.is(Trait::mutates) || !in.batch) return;
        events_.assign(in.batch->events().begin(), in.batch->events().end());
    }

    void after(const StepInput& in, const StepOutput& out, const Status& status) override {
        findings_.require(status, "every step", place());
        for (std::uint32_t p = 0; p < out.port_count; ++p) check_port(in, out.ports[p], p);
        if (subject_.is(Trait::in_place)) check_selection(in);
        const Books& b = *out.books;
        if (b.filtered + b.duplicate + b.late + b.dropped + b.dead_lettered > b.in) {
            findings_.fail("in = processed + filtered + duplicate + late + dropped + dead_lettered",
                           "more records were counted than came in", place());
        }
        horizon_ = in.horizon;
    }

private:
    [[nodiscard]] std::string place() const {
        return subject_.place != nullptr ? std::string(subject_.place->view())
                                         : "step " + std::to_string(player_.steps());
    }

    void check_port(const StepInput& in, Emitter& port, std::uint32_t number) {
        const bool late = subject_.is(Trait::late_output) && number + 1 == player_.ports();
        const KindSet may =
            late || subject_.is(Trait::any_kind) ? subject_.consumes : subject_.emits;
        const bool marks_pass = subject_.takes_events() && !subject_.is(Trait::in_place);
        if (marks_pass && port.marks().size() != in.marks.size()) {
            findings_.fail("every watermark goes on through every output, once",
                           std::to_string(port.marks().size()) + " of " +
                               std::to_string(in.marks.size()) + " on output " +
                               std::to_string(number),
                           place());
        }
        if (port.size() == 0) return;
        if (subject_.is(Trait::in_place)) {
            findings_.fail("an in-place node emits nothing new",
                           std::to_string(port.size()) + " events", place());
        }
        for (const Event& event : port.batch().events()) check_event(in, event, may, number);
    }

    void check_event(const StepInput& in, const Event& event, KindSet may, std::uint32_t port) {
        const std::string what(to_string(event.kind()));
        if (!may.has(event.kind())) {
            findings_.fail("only kinds that the manifest declares are emitted",
                           "a " + what + " on output " + std::to_string(port), place());
        }
        const OrderKey key = order_of(event);
        if (newest_[port] >= key && !(newest_[port] == OrderKey{})) {
            findings_.fail("events are emitted in order", "a " + what + " out of order", place());
        }
        newest_[port] = key;
        if (event.receive_time > in.horizon || event.receive_time < horizon_) {
            findings_.fail("events carry the engine time of what caused them",
                           "a " + what + " with an engine time outside of the step", place());
        }
        if (!event.id) findings_.fail("every event has an id", "a " + what + " has none", place());
        if (event.event_time < earliest_event_time || event.event_time >= latest_event_time) {
            findings_.fail("event times lie in the years 2009 to 2099",
                           "a " + what + " of " + format_time(event.event_time), place());
        }
        for (const FieldInfo& field : fields_of(event.kind())) {
            double value = 0;
            if (read_number(event, field, index_of(event.kind(), field), value) &&
                !std::isfinite(value)) {
                findings_.fail(
                    "present numbers are finite; what is not known is absent",
                    what + "." + std::string(field.name) + " is " + std::to_string(value), place());
            }
        }
    }

    /// The rows that are left are some of those that came, in the same order, each once.
    void check_selection(const StepInput& in) {
        if (in.rows.count > selected_.size()) {
            findings_.fail(
                "an in-place node keeps some of its rows",
                std::to_string(in.rows.count) + " rows left of " + std::to_string(selected_.size()),
                place());
            return;
        }
        std::size_t from = 0;
        for (std::uint32_t k = 0; k < in.rows.count; ++k) {
            const std::uint32_t row = in.rows[k];
            while (from < selected_.size() && selected_[from] != row) ++from;
            if (from++ < selected_.size()) continue;
            const bool known =
                std::find(selected_.begin(), selected_.end(), row) != selected_.end();
            findings_.fail("the rows that are left are some of the selected ones, in their order",
                           known ? "row " + std::to_string(row) + " is out of order or twice"
                                 : "row " + std::to_string(row) + " was not selected",
                           place());
            return;
        }
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (std::memcmp(&events_[i], &(*in.batch)[static_cast<std::uint32_t>(i)],
                            sizeof(Event)) == 0) {
                continue;
            }
            findings_.fail("only a node with the trait `mutates` writes into events",
                           "row " + std::to_string(i) + " was changed", place());
            return;
        }
    }

    const Subject& subject_;
    const NodePlayer& player_;
    Findings& findings_;
    std::vector<OrderKey> newest_;
    std::vector<std::uint32_t> selected_;
    std::vector<Event> events_;
    Time horizon_ = time_before_all;
};

/// One run under the rules. Books of a node that changes nothing in place: all is accounted for.
inline void check_steps(const Subject& subject, const Script& script, const Cutting& cutting,
                        const std::string& what, Findings& findings) {
    NodePlayer player = subject.player(what);
    StepRules rules(subject, player, findings);
    if (!findings.require(player.start(), "configure and start")) return;
    player.set_observer(&rules);
    static_cast<void>(subject.feed(player, script, cutting));
    const Books& b = player.books();
    if (b.dead_lettered != player.letters().size()) {
        findings.fail("every record counted as dead-lettered is on the output `errors`",
                      std::to_string(b.dead_lettered) + " counted, " +
                          std::to_string(player.letters().size()) + " emitted",
                      what);
    }
    if (subject.is(Trait::in_place) && b.processed() != player.out().size()) {
        findings.fail("in = processed + filtered + duplicate + late + dropped + dead_lettered",
                      std::to_string(player.out().size()) + " records left, but " +
                          std::to_string(b.processed()) + " counted as processed",
                      what);
    }
    if (player.held_batches() != 0) {
        findings.fail("batches are used during the call only",
                      std::to_string(player.held_batches()) + " are still held after the last step",
                      what);
    }
}

}  // namespace spillway::testing
