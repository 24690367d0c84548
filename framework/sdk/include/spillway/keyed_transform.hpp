#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/context.hpp>
#include <spillway/detail/broadcast_memory.hpp>
#include <spillway/detail/code_table.hpp>
#include <spillway/node.hpp>
#include <spillway/state.hpp>

namespace spillway {

/// A transform with state per key, timers and outputs of its own. `State` is a struct with
/// `fields` (state.hpp). The author writes
///
///     static constexpr About about = {.name = .., .traits = Trait::keyed, ..};
///     static constexpr auto option_list = spillway::options(..);   // fills `options`
///     Status on(State& state, const Event& event, Context& context);
///
/// and, where wanted,
///
///     void on_timer(State&, TimerId, Time due, Context&);        // engine time
///     void on_event_timer(State&, TimerId, Time due, Context&);  // the watermark reached `due`
///     Status check();  Status begin(const NodeSetup&);
///
/// The key is the event's market; market-wide events, and source states without one, reach every
/// key there is, and the latest of each stream is given to a key that appears later. Other events
/// without a market are refused. Another key:
///
///     std::uint64_t key_code(const Event&);               // cheap, process-local
///     void key_text(const Event&, std::string& out);      // stable; called once per key
///
/// `static constexpr bool keyed = false` makes one state for everything. A handler validates, then
/// changes state: an error that it returns takes back what it emitted, not what it changed.
template <class Self, class State>
class KeyedTransform : public Node {
public:
    static constexpr Category category = Category::transform;
    static constexpr bool keyed = true;

    Status configure(std::span<const OptionValue> values) noexcept override {
        return detail::configure(self(), values);
    }
    Status start(const NodeSetup& setup) noexcept override {
        setup_ = setup;
        node_hash_ = hash_text(setup_.pipeline) * 31 + hash_text(setup_.id);
        return detail::guarded([&]() -> Status {
            if constexpr (requires { self().begin(setup_); }) return self().begin(setup_);
            return {};
        });
    }

    Status step(StepInput& in, StepOutput& out) noexcept override {
        return detail::guarded([&] { return run(in, out); });
    }

    void route(const StepInput& in, std::uint8_t* groups) noexcept override {
        static_cast<void>(detail::guarded([&]() -> Status {
            for (std::uint32_t k = 0; k < in.rows.count; ++k) {
                const Event& event = (*in.batch)[in.rows[k]];
                groups[k] = lacks_market(event)        ? std::uint8_t{0}
                            : goes_to_every_key(event) ? every_shard
                                                       : group_of(event);
            }
            return {};
        }));
    }

    void snapshot(StateSink& sink, bool all) noexcept override {
        StateWriter writer;
        for (Key& key : keys_) {
            if (!all && !key.changed) continue;
            writer.clear();
            writer(1, key.state);
            writer(2, key.engine);
            writer(3, key.event);
            writer(4, key.slot);
            writer(5, key.slot_count);
            sink.row(key.text, {}, Self::about.state_version, writer.bytes());
            key.changed = false;
        }
    }
    Status restore(std::string_view text, std::string_view, std::uint32_t version,
                   std::span<const std::byte> bytes) noexcept override {
        return detail::guarded([&]() -> Status {
            if (version > Self::about.state_version) {
                return {Code::unsupported, "state was written by a newer version", text};
            }
            Key& key = add(std::string(text));
            StateReader reader(bytes);
            reader(1, key.state);
            reader(2, key.engine);
            reader(3, key.event);
            reader(4, key.slot);
            reader(5, key.slot_count);
            key.changed = false;
            schedule(key, {}, {});
            if (!reader.ok()) return {Code::io, "state row is damaged", text};
            return {};
        });
    }

protected:
    [[nodiscard]] Self& self() noexcept { return static_cast<Self&>(*this); }
    [[nodiscard]] const NodeSetup& setup() const noexcept { return setup_; }
    /// Text of the key whose handler runs.
    [[nodiscard]] std::string_view current_key() const noexcept { return current_->text; }

private:
    struct Key {
        std::string text;
        std::uint64_t hash = 0;
        std::uint32_t index = 0;
        std::uint8_t group = 0;
        bool changed = true;
        State state;
        detail::TimerTable engine, event;
        Time slot = time_before_all;  ///< time of the newest emission, and how many it had
        std::uint32_t slot_count = 0;
    };

    Status run(StepInput& in, StepOutput& out) {
        context_.output_ = &out;
        context_.setup_ = &setup_;
        context_.batch_ = in.batch;
        context_.late_port_ = has(Self::about.traits, Trait::late_output) ? out.port_count - 1 : 0;
        std::size_t mark = 0;
        for (std::uint32_t k = 0; k < in.rows.count; ++k) {
            const std::uint32_t row = in.rows[k];
            while (mark < in.marks.size() && in.marks[mark].position <= row) {
                advance_watermark(in.marks[mark++], out);
            }
            const Event& event = (*in.batch)[row];
            if (engine_timers_.next_due() <= event.receive_time) fire_before(order_of(event));
            if (Status status = handle(event, row, out); !status.ok()) return status;
        }
        while (mark < in.marks.size()) advance_watermark(in.marks[mark++], out);
        if (engine_timers_.next_due() <= in.horizon) fire_before({in.horizon, record_phase});
        return {};
    }

    Status handle(const Event& event, std::uint32_t row, StepOutput& out) {
        if (lacks_market(event)) [[unlikely]] {
            return detail::refuse(
                setup_, out, *context_.batch_, event,
                bad_record("has no market: put `normalise` in front of this node", "market"));
        }
        Status status;
        if (goes_to_every_key(event)) {
            if constexpr (greets()) broadcasts_.remember(event);
            for (const std::uint32_t index : by_text_) {
                Key& key = keys_[index];
                Status one = call(key, {order_of(event), 0, key.text, 0, row}, event, out);
                if (!one.ok() && status.ok()) status = std::move(one);  // one record, one letter
            }
        } else {
            status = call(key_of(event), {order_of(event), 0, {}, 0, row}, event, out);
        }
        if (status.ok()) [[likely]]
            return {};
        return detail::refuse(setup_, out, *context_.batch_, event, status);
    }

    /// An error takes back what the handler emitted.
    Status call(Key& key, const Trigger& trigger, const Event& event, StepOutput& out) {
        const auto marks = begin(key, trigger);
        Status status = self().on(key.state, event, context_);
        if (!status.ok()) [[unlikely]] {
            for (std::uint32_t p = 0; p < out.port_count; ++p) {
                out.ports[p].rollback(marks.sizes[p]);
            }
        }
        finish(key, marks);
        return status;
    }

    /// Timers whose key comes before `key`, in order; handlers may set more. At one time the
    /// timers of nodes with a lower rank, and what they caused, come first; records come last.
    void fire_before(OrderKey key) {
        const std::uint64_t own = caused_by_timer(setup_.rank);
        fire_until(own < cause_of(key.sequence) ? key.time : key.time - 1);
    }

    void fire_until(Time until) {
        const auto text = [this](std::uint32_t index) {
            return std::string_view(keys_[index].text);
        };
        while (engine_timers_.due(until)) {
            const auto due = engine_timers_.pop(text);
            Key& key = keys_[due.key];
            if (key.engine[due.timer] != due.due) continue;  // was moved or cancelled
            key.engine[due.timer] = time_never;
            if constexpr (requires { self().on_timer(key.state, due.timer, due.due, context_); }) {
                const OrderKey cause{due.due, caused_by_timer(setup_.rank)};
                const auto marks = begin(key, {cause, due.due, key.text, due.timer});
                self().on_timer(key.state, due.timer, due.due, context_);
                finish(key, marks);
            }
        }
    }

    void advance_watermark(const Watermark& watermark, StepOutput& out) {
        if (engine_timers_.next_due() <= watermark.key.time) fire_before(watermark.key);
        if (watermark.value > context_.watermark_) context_.watermark_ = watermark.value;
        const auto text = [this](std::uint32_t index) {
            return std::string_view(keys_[index].text);
        };
        while (event_timers_.due(context_.watermark_)) {
            const auto due = event_timers_.pop(text);
            Key& key = keys_[due.key];
            if (key.event[due.timer] != due.due) continue;
            key.event[due.timer] = time_never;
            if constexpr (requires {
                              self().on_event_timer(key.state, due.timer, due.due, context_);
                          }) {
                const auto marks = begin(key, {watermark.key, due.due, key.text, due.timer});
                self().on_event_timer(key.state, due.timer, due.due, context_);
                finish(key, marks);
            }
        }
        for (std::uint32_t p = 0; p < out.port_count; ++p) out.ports[p].mark(watermark);
    }

    /// Sizes of the outputs and the timers as they were before a handler ran.
    struct Before {
        std::array<std::uint32_t, 8> sizes;
        detail::TimerTable engine, event;
    };

    Before begin(Key& key, const Trigger& trigger) {
        current_ = &key;
        context_.now_ = trigger.cause.time;
        context_.engine_ = &key.engine;
        context_.event_ = &key.event;
        Before before{{}, key.engine, key.event};
        StepOutput& out = *context_.output_;
        for (std::uint32_t p = 0; p < out.port_count; ++p) {
            out.ports[p].begin(trigger);
            before.sizes[p] = out.ports[p].size();
        }
        return before;
    }

    void finish(Key& key, const Before& before) {
        key.changed = true;
        schedule(key, before.engine, before.event);
        if (!setup_.needs_ids) return;
        StepOutput& out = *context_.output_;
        for (std::uint32_t p = 0; p < out.port_count; ++p) {
            for (std::uint32_t i = before.sizes[p]; i < out.ports[p].size(); ++i) {
                if (Event& event = out.ports[p].batch()[i]; !event.id)
                    event.id = next_id(key, event);
            }
        }
    }

    /// Identity of an emission: node, key, kind, time and its number among those of that time.
    Id next_id(Key& key, const Event& event) {
        if (key.slot != event.receive_time) {
            key.slot = event.receive_time;
            key.slot_count = 0;
        }
        const struct {
            std::uint64_t node, key;
            Time time;
            std::uint32_t kind, number;
        } identity{node_hash_, key.hash, event.receive_time,
                   static_cast<std::uint32_t>(event.kind()), key.slot_count++};
        return hash_id(identity);
    }

    void schedule(const Key& key, const detail::TimerTable& engine,
                  const detail::TimerTable& event) {
        const auto text = [this](std::uint32_t index) {
            return std::string_view(keys_[index].text);
        };
        for (TimerId timer = 0; timer < timers_per_key; ++timer) {
            if (key.engine[timer] != engine[timer] && key.engine[timer] != time_never) {
                engine_timers_.push({key.engine[timer], key.index, timer}, text);
            }
            if (key.event[timer] != event[timer] && key.event[timer] != time_never) {
                event_timers_.push({key.event[timer], key.index, timer}, text);
            }
        }
    }

    /// Whether the author takes market-wide events for a key that appears after them, in
    /// `void greet(State&, const Event&, const Batch&)`.
    static consteval bool greets() noexcept {
        return requires(Self & self, State & state, const Event& event, const Batch& batch) {
            self.greet(state, event, batch);
        };
    }
    static bool goes_to_every_key(const Event& event) noexcept {
        if constexpr (!Self::keyed || requires(Self & s) { s.key_code(event); }) {
            return false;
        } else {
            return event.market == MarketId::none || event.market == market_wide();
        }
    }

    /// Only what concerns whole sources or all markets may come without a market; anything else
    /// would reach every key, or nobody.
    static bool lacks_market(const Event& event) noexcept {
        if (!goes_to_every_key(event) || event.market != MarketId::none) return false;
        return event.kind() != Kind::source_status && event.kind() != Kind::stablecoin_flow &&
               event.kind() != Kind::extension;
    }

    std::uint64_t code_of(const Event& event) {
        if constexpr (requires { self().key_code(event); }) {
            return self().key_code(event);
        } else {
            return Self::keyed ? static_cast<std::uint64_t>(event.market) : 0;
        }
    }
    std::string key_text_of(const Event& event) {
        std::string text;
        if constexpr (requires { self().key_text(event, text); }) {
            self().key_text(event, text);
        } else if constexpr (Self::keyed) {
            text = text_of(event.market);
        }
        return text;
    }

    Key& key_of(const Event& event) {
        const std::uint64_t code = code_of(event);
        if (code == last_code_ && last_key_ != nullptr) return *last_key_;
        const std::uint32_t known = by_code_.find(code);
        Key& key = known != detail::CodeTable::none ? keys_[known] : first_sight(code, event);
        last_code_ = code;
        last_key_ = &key;
        return key;
    }

    Key& first_sight(std::uint64_t code, const Event& event) {
        Key& key = add(key_text_of(event));
        by_code_.insert(code, key.index);
        return key;
    }

    /// Makes no key: the one instance that routes has only its own, or market-wide events would
    /// reach the others' keys twice.
    std::uint8_t group_of(const Event& event) {
        const std::uint64_t code = code_of(event);
        std::uint32_t group = groups_.find(code);
        if (group == detail::CodeTable::none) {
            group = key_group(key_text_of(event));
            groups_.insert(code, group);
        }
        return static_cast<std::uint8_t>(group);
    }

    /// The key of that text; a new one first hears the latest market-wide events.
    Key& add(std::string text) {
        const auto at = std::lower_bound(
            by_text_.begin(), by_text_.end(), text,
            [this](std::uint32_t index, const std::string& t) { return keys_[index].text < t; });
        if (at != by_text_.end() && keys_[*at].text == text) return keys_[*at];
        const auto index = static_cast<std::uint32_t>(keys_.size());
        Key& key = keys_.emplace_back();
        key.hash = hash_text(text);
        key.group = key_group(text);
        key.text = std::move(text);
        key.index = index;
        key.engine.fill(time_never);
        key.event.fill(time_never);
        by_text_.insert(at, index);
        if constexpr (greets()) {
            broadcasts_.recall([&](const Event& event, const Batch& batch) {
                self().greet(key.state, event, batch);
            });
        }
        return key;
    }

    NodeSetup setup_;
    std::uint64_t node_hash_ = 0;
    std::deque<Key> keys_;
    std::vector<std::uint32_t> by_text_;
    detail::CodeTable by_code_;
    detail::CodeTable groups_;  ///< of the instance that routes for all shards
    std::uint64_t last_code_ = ~std::uint64_t{0};
    Key* last_key_ = nullptr;
    Key* current_ = nullptr;
    detail::TimerQueue engine_timers_, event_timers_;
    detail::BroadcastMemory broadcasts_;
    Context context_;
};

}  // namespace spillway
