#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include <spillway/assessment.hpp>
#include <spillway/keyed_transform.hpp>

namespace spillway {

/// When scores are emitted; every scorer has these options.
struct EmissionOptions {
    Duration every = second;
    Duration heartbeat = minute;
    double min_change = 0.1;
    std::vector<std::string> bands;
    std::vector<double> band_values;
};

namespace detail {
/// A score computed from an assessment, before it is decided whether to emit it.
struct ScoreValue {
    double value = 0, low = 0, high = 100, coverage = 0;
    bool has_value = false;
};
/// What was emitted last, per output and direction.
struct Emitted {
    Time at = time_before_all;
    double value = 0, high = 0, coverage = 0;
    bool has_value = false;
    bool ever = false;
    double low = 0;
    bool at_close = false;
    template <class Archive>
    void fields(Archive& io) {
        io(1, at);
        io(2, value);
        io(3, high);
        io(4, coverage);
        io(5, has_value);
        io(6, ever);
        io(7, low);
        io(8, at_close);
    }
};
enum class EmitWhen : std::uint8_t { now, on_grid, never };
/// `now` for a first value, a band crossing, a change at a close, a close after something that was
/// none, or a due heartbeat; `on_grid` for another change of at least `min_change`.
[[nodiscard]] EmitWhen decide(const EmissionOptions& options, const Emitted& last,
                              const ScoreValue& now, bool at_close, Time time) noexcept;
/// Interned names of an output and its components.
struct OutputNames {
    NameId output;
    std::array<NameId, max_components> components;
};
[[nodiscard]] std::vector<OutputNames> intern(std::span<const OutputSpec> outputs);
/// Writes the event with its contributions.
void write_score(Emitter& out, const OutputNames& names, Direction direction, bool headline,
                 const ScoreValue& score, MarketId market,
                 std::span<const ComponentValue> components, const Assessment<int>& flags) noexcept;
[[nodiscard]] Status parse_bands(EmissionOptions& options);
}  // namespace detail

/// State of a scorer's key: the author's, and what was emitted.
template <class AuthorState>
struct ScorerState {
    AuthorState author;
    std::array<detail::Emitted, 16> emitted;
    double room = 0;   ///< from the nearest band to an output, when last assessed
    double moved = 0;  ///< how far an output can have moved since
    Time assessed = time_before_all;
    MarketId market = MarketId::none;  ///< handle of this process, not stored
    template <class Archive>
    void fields(Archive& io) {
        io(1, author);
        io(2, emitted);
        io(3, room);
        io(4, moved);
        io(5, assessed);
    }
};

/// A scorer: a keyed node whose only output is `score`. The author declares
///
///     static constexpr About about = {..., .emits = {Kind::score}, .traits = Trait::keyed};
///     static constexpr auto option_list = spillway::options(..);
///     static constexpr std::array<OutputSpec, n> outputs = {...};
///     using Context = ...;                                    // what `combine` needs
///
/// and writes (State is the template argument; `now` is engine time)
///
///     void advance(State&, Time now);                         // make every close now due
///     void observe(State&, const Event&, const Batch&);       // or Status, or double: see below
///     Time next_due(const State&) const;                      // next close or age limit
///     Assessment<Context> assess(const State&, Time now, std::size_t output, Direction) const;
///     double combine(const Context&, std::span<const double> points, std::size_t output) const;
///
/// `combine` is pure and non-decreasing in every argument. The engine computes value (missing
/// components as 0), low and high (missing at their floor, which is mostly 0, and at their cap) and
/// coverage (the weight of whole components), and decides when to emit: so missing data never looks
/// safe, in any scorer.
///
/// A member `bool closes = false` is for scores without grid closes: `at_close` is then true of
/// every assessment and never a reason to emit at once.
///
/// An `observe` that returns Status may refuse the record. One that returns double answers the most
/// points by which the record can have moved any output: 0 for a record that does not matter,
/// infinite if an output may gain or lose its value. Between closes the engine then assesses a key
/// at once only when these points, summed up, could have reached a band, and otherwise on the grid
/// `every`: a busy market need not be assessed for every tick to miss no crossing. Engine time and
/// state alone decide, so results do not depend on how input is cut.
///
/// Optional are also
///
///     bool emits(std::size_t output) const;  // false: options switch the output off
///     void explain(const State&, Time now, std::size_t output, std::span<ComponentValue>);
///
/// `explain` adds ages and venues to the components of a score that is about to be emitted.
template <class Self, class AuthorState>
class Scorer : public KeyedTransform<Self, ScorerState<AuthorState>> {
    using Base = KeyedTransform<Self, ScorerState<AuthorState>>;

public:
    static constexpr Category category = Category::scorer;
    static constexpr bool closes = true;
    using State = ScorerState<AuthorState>;

    /// Options that every scorer has beside its own.
    static constexpr auto engine_options = spillway::options(
        option::duration<&EmissionOptions::every>(
            "every", "Grid on which a changed score is emitted between closes.")
            .otherwise("1s")
            .at_least(static_cast<double>(millisecond)),
        option::duration<&EmissionOptions::heartbeat>(
            "heartbeat", "An unchanged score is repeated after this time.")
            .otherwise("60s")
            .at_least(static_cast<double>(second)),
        option::number<&EmissionOptions::min_change>(
            "min_change", "Smaller changes of value, high or low wait for the heartbeat.")
            .otherwise("0.1")
            .at_least(0),
        option::texts<&EmissionOptions::bands>("bands", "Values whose crossing is emitted at once.")
            .otherwise("30,50,60,70"));

    Status configure(std::span<const OptionValue> values) noexcept override {
        return detail::guarded([&]() -> Status {
            constexpr std::size_t own = Self::option_list.items.size();
            names_ = detail::intern(Self::outputs);
            engine_options.assign(emission_, values.subspan(std::min(own, values.size())));
            if (Status bands = detail::parse_bands(emission_); !bands.ok()) return bands;
            return detail::configure(this->self(), values.first(std::min(own, values.size())));
        });
    }

    Status on(State& state, const Event& event, spillway::Context& context) {
        this->self().advance(state.author, context.now());
        double reach = 0;
        Status status = observe(state, event, context.batch(), reach);
        if (!status.ok() || reach == 0) return status;
        state.moved += reach;
        if (state.moved < state.room) {
            context.set_timer(grid, next_on_grid(context.now()));
        } else {
            context.set_timer(end_of_instant, context.now());
        }
        return {};
    }
    void greet(State& state, const Event& event, const Batch& batch) {
        this->self().advance(state.author, event.receive_time);
        double reach = 0;
        static_cast<void>(observe(state, event, batch, reach));
    }
    void on_timer(State& state, TimerId, Time due, spillway::Context& context) {
        if (state.assessed == due) return;  // several timers came due together
        state.assessed = due;
        this->self().advance(state.author, due);
        evaluate(state, context);
        const Time next = this->self().next_due(state.author);
        if (next != time_never) context.set_timer(close_or_age, next);
    }

private:
    static constexpr TimerId end_of_instant = 0;
    static constexpr TimerId grid = 1;
    static constexpr TimerId close_or_age = 2;
    static constexpr TimerId heartbeat = 3;

    Status observe(State& state, const Event& event, const Batch& batch, double& reach) {
        Self& self = this->self();
        using Answer = decltype(self.observe(state.author, event, batch));
        reach = std::numeric_limits<double>::infinity();
        if constexpr (std::is_same_v<Answer, Status>) {
            return self.observe(state.author, event, batch);
        } else if constexpr (std::is_same_v<Answer, double>) {
            reach = self.observe(state.author, event, batch);
        } else {
            self.observe(state.author, event, batch);
        }
        return {};
    }

    [[nodiscard]] Time next_on_grid(Time now) const noexcept {
        return floor_to(now, emission_.every) + emission_.every;
    }

    /// Scores of an output: down, up and the headline, or one without direction.
    static constexpr std::size_t slots_of(const OutputSpec& output) noexcept {
        return output.directed ? (output.headline ? 3 : 2) : 1;
    }
    static constexpr std::size_t slots_of_all() noexcept {
        std::size_t slots = 0;
        for (const OutputSpec& output : Self::outputs) slots += slots_of(output);
        return slots;
    }
    [[nodiscard]] bool switched_on(std::size_t output) {
        if constexpr (requires { this->self().emits(output); }) {
            return this->self().emits(output);
        } else {
            return true;
        }
    }

    void evaluate(State& state, spillway::Context& context) {
        static_assert(slots_of_all() <= std::tuple_size_v<decltype(State::emitted)>);
        if (state.market == MarketId::none) {
            state.market = Self::keyed ? market_id(this->current_key()) : market_wide();
        }
        state.moved = 0;
        state.room = std::numeric_limits<double>::infinity();
        std::size_t slot = 0;
        for (std::size_t o = 0; o < Self::outputs.size(); slot += slots_of(Self::outputs[o++])) {
            if (!switched_on(o)) continue;
            const OutputSpec& output = Self::outputs[o];
            if (!output.directed) {
                Assessed one = assess(state, context.now(), o, Direction::none);
                emit(state, slot, o, one, Direction::none, output.headline, context);
                continue;
            }
            Assessed down = assess(state, context.now(), o, Direction::down);
            Assessed up = assess(state, context.now(), o, Direction::up);
            emit(state, slot, o, down, Direction::down, false, context);
            emit(state, slot + 1, o, up, Direction::up, false, context);
            if (output.headline) {
                const bool up_leads = up.score.value > down.score.value;
                emit(state, slot + 2, o, up_leads ? up : down,
                     up_leads ? Direction::up : Direction::down, true, context);
            }
        }
        // A key whose inputs are all stale has said so and falls silent.
        Time silent_since = time_never;
        for (const detail::Emitted& last : state.emitted) {
            if (last.has_value) silent_since = std::min(silent_since, last.at);
        }
        if (silent_since != time_never) {
            context.set_timer(heartbeat, silent_since + emission_.heartbeat);
        } else {
            context.cancel_timer(heartbeat);
        }
    }

    struct Assessed {
        detail::ScoreValue score;
        std::array<ComponentValue, max_components> components;
        Assessment<int> flags;
    };

    Assessed assess(State& state, Time now, std::size_t output, Direction direction) {
        const auto found = this->self().assess(state.author, now, output, direction);
        Assessed result;
        result.components = found.components;
        result.flags = {found.ready,
                        found.warming_up,
                        found.young_ranks,
                        found.at_close,
                        found.reason,
                        found.profile,
                        found.model,
                        0,
                        {}};
        const OutputSpec& spec = Self::outputs[output];
        result.score.low = spec.least;
        result.score.high = spec.most;
        if (!found.ready) return result;
        const auto& specs = spec.components;
        std::array<double, max_components> value{}, low{}, high{};
        double weight = 0, total = 0;
        for (std::size_t c = 0; c < specs.size(); ++c) {
            const ComponentValue& component = found.components[c];
            const bool open = component.missing || component.partial;
            const bool may_sink = component.missing || (component.partial && component.floor < 0);
            value[c] = component.missing ? 0 : component.points;
            low[c] = may_sink ? component.floor : component.points;
            high[c] = open ? component.cap : component.points;
            weight += open ? 0 : specs[c].weight;
            total += specs[c].weight;
        }
        const Self& self = this->self();
        result.score.value = self.combine(found.context, {value.data(), specs.size()}, output);
        result.score.low = self.combine(found.context, {low.data(), specs.size()}, output);
        result.score.high = self.combine(found.context, {high.data(), specs.size()}, output);
        result.score.coverage = total > 0 ? weight / total : 0;
        result.score.has_value = true;
        for (const double band : emission_.band_values) {
            state.room = std::min(state.room, std::abs(result.score.value - band));
        }
        return result;
    }

    void emit(State& state, std::size_t slot, std::size_t output, Assessed& assessed,
              Direction direction, bool headline, spillway::Context& context) {
        detail::Emitted& last = state.emitted[slot];
        const bool close = this->self().closes && assessed.flags.at_close;
        auto when = detail::decide(emission_, last, assessed.score, close, context.now());
        if (when == detail::EmitWhen::on_grid) {
            if (floor_to(context.now(), emission_.every) != context.now()) {
                context.set_timer(grid, next_on_grid(context.now()));
                return;
            }
            when = detail::EmitWhen::now;
        }
        if (when != detail::EmitWhen::now) return;
        last = {context.now(),
                assessed.score.value,
                assessed.score.high,
                assessed.score.coverage,
                assessed.score.has_value,
                true,
                assessed.score.low,
                close};
        const std::span components(assessed.components.data(),
                                   Self::outputs[output].components.size());
        if constexpr (requires {
                          this->self().explain(state.author, Time{}, output, components);
                      }) {
            if (assessed.flags.ready) {
                this->self().explain(state.author, context.now(), output, components);
            }
        }
        detail::write_score(context.out(), names_[output], direction, headline, assessed.score,
                            state.market, components, assessed.flags);
    }

    EmissionOptions emission_;
    std::vector<detail::OutputNames> names_;  ///< as Self::outputs
};

}  // namespace spillway
