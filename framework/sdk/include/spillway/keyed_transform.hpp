#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <spillway/context.hpp>
#include <spillway/detail/broadcast_memory.hpp>
#include <spillway/detail/key_table.hpp>
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
/// The key is the event's market; market-wide events, those of a `broadcast` input, and source
/// states without a market reach every key there is, and the latest of each stream is given to a
/// key that appears later. Other events without a market are refused. Another key:
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
        Status status = detail::guarded([&] { return run(in, out); });
        if (!status.ok()) out.failed_at = cause_;
        return status;
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

    Status snapshot(StateSink& sink, bool all) noexcept override {
        return detail::guarded([&]() -> Status {
            for (Key& key : keys_.all()) {
                if (!all && !key.changed) continue;
                writer_.clear();
                key.fields(writer_);
                sink.row(key.text, {}, Self::about.state_version, writer_.bytes());
                key.changed = false;
            }
            if (setup_.shard != 0) return {};  // the same in all shards
            writer_.clear();
            writer_(1, context_.watermark_);
            writer_(2, broadcasts_);
            sink.row({}, shared_part, Self::about.state_version, writer_.bytes());
            return {};
        });
    }
    Status restore(std::string_view text, std::string_view part, std::uint32_t version,
                   std::span<const std::byte> bytes) noexcept override {
        return detail::guarded([&]() -> Status {
            if (version > Self::about.state_version) {
                return {Code::unsupported, "state was written by a newer version", text};
            }
            StateReader reader(bytes);
            if (part == shared_part) {
                reader(1, context_.watermark_);
                reader(2, broadcasts_);
            } else {
                Key& key = keys_.add(text).first;
                key.fields(reader);
                key.changed = false;
                keys_.schedule(key);
            }
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
    using Key = detail::KeyEntry<State>;

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
            if (keys_.next_engine_timer() <= event.receive_time) fire_before(order_of(event));
            if (Status status = handle(event, row, out); !status.ok()) return status;
        }
        while (mark < in.marks.size()) advance_watermark(in.marks[mark++], out);
        if (keys_.next_engine_timer() <= in.horizon) fire_before({in.horizon, record_phase});
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
            if constexpr (greets<Self>()) broadcasts_.remember(event);
            for (const std::uint32_t index : keys_.by_text()) {
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
        const Time until = own < cause_of(key.sequence) ? key.time : key.time - 1;
        keys_.fire_engine_timers(until, [&](Key& of, TimerId timer, Time due) {
            if constexpr (requires { self().on_timer(of.state, timer, due, context_); }) {
                const auto marks = begin(of, {{due, own}, due, of.text, timer});
                self().on_timer(of.state, timer, due, context_);
                finish(of, marks);
            }
        });
    }

    void advance_watermark(const Watermark& watermark, StepOutput& out) {
        if (keys_.next_engine_timer() <= watermark.key.time) fire_before(watermark.key);
        if (watermark.value > context_.watermark_) context_.watermark_ = watermark.value;
        keys_.fire_event_timers(context_.watermark_, [&](Key& of, TimerId timer, Time due) {
            if constexpr (requires { self().on_event_timer(of.state, timer, due, context_); }) {
                const auto marks = begin(of, {watermark.key, due, of.text, timer});
                self().on_event_timer(of.state, timer, due, context_);
                finish(of, marks);
            }
        });
        for (std::uint32_t p = 0; p < out.port_count; ++p) out.ports[p].mark(watermark);
    }

    /// Sizes of the outputs and the timers as they were before a handler ran.
    struct Before {
        std::array<std::uint32_t, 8> sizes;
        detail::TimerTable engine, event;
    };

    Before begin(Key& key, const Trigger& trigger) {
        current_ = &key;
        cause_ = trigger.cause;
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
        keys_.schedule(key, before.engine, before.event);
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

    /// Whether the author takes market-wide events for a key that appears after them, in
    /// `void greet(State&, const Event&, const Batch&)`.
    template <class Author>
    static consteval bool greets() noexcept {
        return requires(Author & self, State & state, const Event& event, const Batch& batch) {
            self.greet(state, event, batch);
        };
    }
    static bool goes_to_every_key(const Event& event) noexcept {
        if constexpr (!Self::keyed || requires(Self & s) { s.key_code(event); }) {
            return false;
        } else {
            return event.market == MarketId::none || event.market == market_wide() ||
                   (event.flags & flag_broadcast) != 0;
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
        Key* const known = keys_.find(code);
        return known != nullptr ? *known : first_sight(code, event);
    }

    /// A new key first hears the latest market-wide events.
    Key& first_sight(std::uint64_t code, const Event& event) {
        const auto [key, is_new] = keys_.add(key_text_of(event));
        keys_.learn(code, key);
        if constexpr (greets<Self>()) {
            if (is_new) {
                broadcasts_.recall([&, &state = key.state](const Event& heard, const Batch& batch) {
                    self().greet(state, heard, batch);
                });
            }
        }
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

    NodeSetup setup_;
    std::uint64_t node_hash_ = 0;
    detail::KeyTable<State> keys_;
    detail::CodeTable groups_;  ///< of the instance that routes for all shards
    Key* current_ = nullptr;
    OrderKey cause_;  ///< of what is being handled
    detail::BroadcastMemory broadcasts_;
    StateWriter writer_;
    Context context_;
};

}  // namespace spillway
