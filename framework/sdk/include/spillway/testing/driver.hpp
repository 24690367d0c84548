#pragma once

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/node.hpp>
#include <spillway/testing/option_texts.hpp>
#include <spillway/testing/script.hpp>

namespace spillway::testing {

/// A node's state as a checkpoint keeps it.
class StateRows final : public StateSink {
public:
    struct Row {
        std::string key, part;
        std::uint32_t version;
        std::vector<std::byte> bytes;
    };
    void row(std::string_view key, std::string_view part, std::uint32_t version,
             std::span<const std::byte> bytes) noexcept override {
        std::erase_if(rows, [&](const Row& r) { return r.key == key && r.part == part; });
        if (bytes.empty()) return;
        rows.push_back(
            {std::string(key), std::string(part), version, {bytes.begin(), bytes.end()}});
    }
    std::vector<Row> rows;
};

/// Drives a transform or scorer as the engine does: configure, start, steps, and at the end one
/// nanosecond that settles the last instant. No threads, no clocks.
///
///     Script script;
///     script.at(noon, Kind::liquidation).market = market_id("BTC");
///     Driver<Cascades> driver{{"min_events", "1"}};
///     ASSERT_TRUE(driver.play(script));
///     EXPECT_EQ(driver.lines().size(), 1U);
///
/// A node must not notice how its input was cut: play one script to several drivers, each with
/// another Cutting, and compare their lines.
template <class Plugin>
class Driver {
public:
    Driver() : Driver(std::initializer_list<OptionText>{}) {}
    /// `Driver<Cascades> driver{{"min_events", "1"}, {"pooled", "true"}};`
    Driver(std::initializer_list<OptionText> options) {
        started_ = values_.template parse<Plugin>({options.begin(), options.size()});
        if (started_) started_ = create();
    }

    /// Result of parsing the options, `configure` and `start`.
    [[nodiscard]] const Status& started() const noexcept { return started_; }

    /// Plays a script. A second one goes on where the first ended.
    Status play(const Script& script, const Cutting& cutting = {}) {
        if (!started_) return started_;
        const Batch& batch = script.batch();
        std::mt19937_64 random(cutting.seed);
        std::size_t mark = 0;
        for (std::uint32_t first = 0; first < batch.size();) {
            std::uint32_t instants = cutting.most;
            if (cutting.seed != 0) {
                instants = 1 + static_cast<std::uint32_t>(random() % cutting.most);
                // A step without events: time passes before the next record.
                const Time next = batch[first].receive_time;
                if (random() % 2 == 0) {
                    if (Status status = step(script, first, first, mark, next - 1); !status) {
                        return status;
                    }
                }
            }
            const std::uint32_t last = end_of(batch, first, instants);
            const Time horizon = batch[last - 1].receive_time;
            if (Status status = step(script, first, last, mark, horizon); !status) return status;
            first = last;
            if (cutting.restart) {
                if (Status status = restart(); !status) return status;
            }
        }
        return step(script, batch.size(), batch.size(), mark, script.end() + 1);
    }

    /// Replaces the plugin object by a new one that has only its state.
    Status restart() {
        StateRows state;
        node_->snapshot(state, true);
        if (Status status = create(); !status) return status;
        for (const StateRows::Row& row : state.rows) {
            if (Status status = node_->restore(row.key, row.part, row.version, row.bytes);
                !status) {
                return status;
            }
        }
        return {};
    }

    /// Everything emitted so far, as JSON; port 0 is the default output, then About::ports, then
    /// `late`.
    [[nodiscard]] std::vector<std::string> lines(std::size_t port = 0) const {
        return lines_of(*outputs_[port]);
    }
    [[nodiscard]] const Batch& out(std::size_t port = 0) const noexcept { return *outputs_[port]; }
    /// Dead letters.
    [[nodiscard]] std::vector<std::string> errors() const { return lines_of(*errors_); }
    [[nodiscard]] const Books& books() const noexcept { return books_; }
    [[nodiscard]] Plugin& plugin() noexcept { return *node_; }

private:
    static constexpr std::size_t port_count =
        1 + Plugin::about.ports.size() + (has(Plugin::about.traits, Trait::late_output) ? 1 : 0);

    Status create() {
        node_ = std::make_unique<Plugin>();
        if (Status status = node_->configure(values_.view()); !status) return status;
        NodeSetup setup;
        setup.pipeline = "test";
        setup.id = Plugin::about.name;
        setup.arriving = Plugin::about.consumes;
        return node_->start(setup);
    }

    /// Behind the instants that start at `first`.
    static std::uint32_t end_of(const Batch& batch, std::uint32_t first, std::uint32_t instants) {
        if (instants == 0) return batch.size();
        std::uint32_t last = first;
        for (; instants > 0 && last < batch.size(); --instants) {
            const Time now = batch[last].receive_time;
            while (last < batch.size() && batch[last].receive_time == now) ++last;
        }
        return last;
    }

    Status step(const Script& script, std::uint32_t first, std::uint32_t last, std::size_t& mark,
                Time horizon) {
        const BatchRef batch = BatchRef::create();
        for (std::uint32_t i = first; i < last; ++i) {
            batch->append_copy(script.batch()[i], script.batch());
        }
        std::vector<Watermark> marks;
        // A watermark goes with the record that it stands before, or with the end.
        for (; mark < script.marks().size(); ++mark) {
            Watermark watermark = script.marks()[mark];
            const bool at_end = last == script.batch().size() && horizon > script.end();
            if (watermark.position >= last && !at_end) break;
            watermark.position -= first;
            marks.push_back(watermark);
        }
        std::vector<std::uint32_t> storage(batch->size() + 1U);
        StepInput input;
        input.batch = batch.get();
        input.rows = {nullptr, batch->size()};
        input.row_storage = storage.data();
        input.marks = marks;
        input.horizon = horizon;

        std::array<Emitter, port_count> ports;
        Emitter errors;
        for (Emitter& port : ports) port.reset(nullptr, nullptr);
        errors.reset(nullptr, nullptr);
        StepOutput output{ports.data(), port_count, &errors, &books_};
        books_.in += batch->size();
        Status status = node_->step(input, output);
        if constexpr (has(Plugin::about.traits, Trait::in_place)) {
            for (std::uint32_t k = 0; k < input.rows.count; ++k) {
                outputs_[0]->append_copy((*batch)[input.rows[k]], *batch);
            }
        }
        for (std::size_t p = 0; p < port_count; ++p) collect(ports[p], *outputs_[p]);
        collect(errors, *errors_);
        return status;
    }

    static void collect(Emitter& port, Batch& into) {
        const BatchRef batch = port.take_batch();
        if (!batch) return;
        for (const Event& event : batch->events()) into.append_copy(event, *batch);
    }
    static std::vector<std::string> lines_of(const Batch& batch) {
        std::vector<std::string> lines;
        for (const Event& event : batch.events()) {
            PodVector<char> text;
            append_json(text, event, batch);
            lines.emplace_back(view(text));
        }
        return lines;
    }
    static std::array<BatchRef, port_count> empty_batches() {
        std::array<BatchRef, port_count> batches;
        for (BatchRef& batch : batches) batch = BatchRef::create();
        return batches;
    }

    OptionValues values_;
    Status started_;
    std::unique_ptr<Plugin> node_;
    std::array<BatchRef, port_count> outputs_ = empty_batches();
    BatchRef errors_ = BatchRef::create();
    Books books_;
};

}  // namespace spillway::testing
