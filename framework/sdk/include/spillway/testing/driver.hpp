#pragma once

#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/node.hpp>
#include <spillway/testing/node_player.hpp>
#include <spillway/testing/option_texts.hpp>
#include <spillway/testing/script.hpp>
#include <spillway/testing/state_rows.hpp>

namespace spillway::testing {

/// Drives a transform or scorer as the engine does: configure, start, steps. No threads, no clocks.
/// Either a whole script is played:
///
///     Script script;
///     script.at(noon, Kind::liquidation).market = market_id("BTC");
///     Driver<Cascades> driver{{"min_events", "1"}};
///     ASSERT_TRUE(driver.play(script));
///     EXPECT_EQ(driver.lines().size(), 1U);
///
/// or a test goes step by step:
///
///     Driver<Window> window{{"every", "1m"}};
///     window.add(Kind::liquidation, noon).liquidation.notional = 5;
///     window.watermark(time_never);
///     ASSERT_TRUE(window.step());
///
/// A node must not notice how its input was cut: play one script to several drivers, each with
/// another Cutting, and compare their lines.
template <class Plugin>
class Driver {
public:
    Driver() : Driver(std::initializer_list<OptionText>{}) {}
    /// `Driver<Cascades> driver{{"min_events", "1"}, {"pooled", "true"}};`
    Driver(std::initializer_list<OptionText> options)
        : Driver(std::span(options.begin(), options.size())) {}
    explicit Driver(std::span<const OptionText> options) {
        started_ = values_.template parse<Plugin>(options);
        player_.emplace(
            shape(), [] { return std::make_unique<Plugin>(); }, values_.view());
        if (started_) started_ = player_->start();
    }
    /// With options as the plugin has them: `Driver<Window> window(Options{.every = minute});`
    template <class Options>
    requires requires(Plugin& plugin, const Options& options) { plugin.options = options; }
    explicit Driver(const Options& options) {
        player_.emplace(
            shape(),
            [options] {
                auto plugin = std::make_unique<Plugin>();
                plugin->options = options;
                return plugin;
            },
            std::span<const OptionValue>());
        started_ = player_->start();
    }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    /// Result of parsing the options, `configure` and `start`.
    [[nodiscard]] const Status& started() const noexcept { return started_; }

    /// Plays a script, then one nanosecond more, which settles the last instant. A second script
    /// goes on where the first ended.
    Status play(const Script& script, const Cutting& cutting = {}) {
        return started_ ? player_->play(script, cutting) : started_;
    }
    /// Replaces the plugin object by a new one that has only its state.
    Status restart() { return player_->restart(); }
    /// The node's state, as a checkpoint gets it.
    [[nodiscard]] Status snapshot(StateRows& rows, bool all = true) {
        return player_->node().snapshot(rows, all);
    }
    /// Gives the node state of another, before the first step.
    [[nodiscard]] Status restore(const StateRows& rows) { return rows.restore(player_->node()); }

    // ---- step by step ----

    /// Adds an event to the step; the reference holds until the next one. Engine time defaults to
    /// the event time, and never goes back.
    Event& add(Kind kind, Time event_time, Time receive_time = time_before_all) {
        Event& event = script_.at(std::max(event_time, receive_time), kind);
        event.event_time = event_time;
        return event;
    }
    /// The events of the step, for their blobs.
    [[nodiscard]] Batch& batch() noexcept { return script_.writable_batch(); }
    /// Advances the watermark in front of the next event.
    void watermark(Time value) { script_.watermark(value); }
    /// Lets engine time pass up to `time` at the end of the step.
    void advance(Time time) { script_.wait_until(time); }
    /// Hands over what was added as one step.
    [[nodiscard]] Status step() {
        if (!started_) return started_;
        const Status status =
            player_->step(script_, 0, script_.batch().size(), script_.marks(), script_.end());
        script_.clear();
        return status;
    }

    // ---- what the node answered ----

    /// Everything emitted (in-place nodes: kept) so far. Port 0 is the default output, then
    /// About::ports, then `late`.
    [[nodiscard]] const Batch& out(std::size_t port = 0) const noexcept {
        return player_->out(port);
    }
    [[nodiscard]] const Batch& late() const noexcept { return out(port_count - 1); }
    [[nodiscard]] const Batch& letters() const noexcept { return player_->letters(); }
    /// The same as JSON.
    [[nodiscard]] std::vector<std::string> lines(std::size_t port = 0) const {
        return lines_of(out(port));
    }
    [[nodiscard]] std::vector<std::string> errors() const { return lines_of(letters()); }
    [[nodiscard]] const Books& books() const noexcept { return player_->books(); }
    /// Number of a field of an extension event; NaN if it has none of that name.
    [[nodiscard]] double number(std::uint32_t index, std::string_view name) const {
        const ExtensionField* field = find(index, name);
        return field != nullptr ? field->value : std::numeric_limits<double>::quiet_NaN();
    }
    [[nodiscard]] std::string_view text(std::uint32_t index, std::string_view name) const {
        const ExtensionField* field = find(index, name);
        return field != nullptr ? text_of(field->text) : std::string_view();
    }
    [[nodiscard]] Plugin& plugin() noexcept { return static_cast<Plugin&>(player_->node()); }

private:
    static constexpr std::uint32_t port_count =
        1 + static_cast<std::uint32_t>(Plugin::about.ports.size()) +
        (has(Plugin::about.traits, Trait::late_output) ? 1 : 0);

    static NodeShape shape() {
        return {std::string(Plugin::about.name), Plugin::about.traits, port_count,
                Plugin::about.consumes};
    }
    [[nodiscard]] const ExtensionField* find(std::uint32_t index, std::string_view name) const {
        const Event& event = out()[index];
        const std::uint32_t count = event.extension.fields;
        const auto* fields = out().template blob_as<ExtensionField>(event, 0, count);
        for (std::uint32_t i = 0; fields != nullptr && i < count; ++i) {
            if (text_of(fields[i].name) == name) return &fields[i];
        }
        return nullptr;
    }

    OptionValues values_;
    Status started_;
    std::optional<NodePlayer> player_;
    Script script_;  ///< of the step that is being put together
};

}  // namespace spillway::testing
