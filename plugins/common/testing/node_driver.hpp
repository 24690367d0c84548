#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/node.hpp>

namespace spillway::testing {

/// Drives one node in a test as the engine would: events and watermarks are collected, handed
/// over as one step, and what the node lets through or emits is kept as text and as events.
///
///     NodeDriver<Window> window;
///     window.node.options = {..};
///     ASSERT_TRUE(window.start("liq_1m"));
///     window.add(Kind::liquidation, noon).liquidation.notional = 5;
///     window.watermark(time_never);
///     ASSERT_TRUE(window.step());
template <class Self>
class NodeDriver {
public:
    Self node;
    Books books;
    /// Everything emitted so far on the default output; in-place nodes: everything kept.
    BatchRef out = BatchRef::create();
    BatchRef late = BatchRef::create();
    BatchRef errors = BatchRef::create();

    /// Checks the options as they stand in `node.options` and starts the node.
    [[nodiscard]] Status start(std::string_view id = "node") {
        if constexpr (requires { node.check(); }) {
            if (Status status = node.check(); !status) return status;
        }
        NodeSetup setup;
        setup.pipeline = "test";
        setup.id = id;
        setup.arriving = Self::about.consumes;
        return node.start(setup);
    }

    /// Adds an event to the step; the reference holds until the next one. Engine time defaults to
    /// the event time, and never goes back.
    Event& add(Kind kind, Time event_time, Time receive_time = time_before_all) {
        Event& event = in_->append(kind);
        event.event_time = event_time;
        now_ = std::max({now_, event_time, receive_time});
        event.receive_time = now_;
        event.sequence = caused_by_record(++ingress_);
        event.id = {ingress_, 1};
        return event;
    }
    Batch& batch() { return *in_; }
    /// Advances the watermark in front of the next event.
    void watermark(Time value) {
        marks_.push_back({{now_, caused_by_record(++ingress_)}, value, in_->size()});
    }
    /// Lets engine time pass up to `time` at the end of the step.
    void advance(Time time) { now_ = std::max(now_, time); }

    [[nodiscard]] Status step() {
        PodVector<std::uint32_t> storage;
        storage.resize_uninitialised(in_->size() + 1);
        StepInput input;
        input.batch = in_.get();
        input.rows = {nullptr, in_->size()};
        input.row_storage = storage.data();
        input.marks = marks_;
        input.horizon = now_;
        Emitter ports[2], error_port;
        for (Emitter& port : ports) port.reset(nullptr, nullptr);
        error_port.reset(nullptr, nullptr);
        StepOutput output{ports, 2, &error_port, &books};
        books.in += in_->size();
        Status status = node.step(input, output);
        if constexpr (has(Self::about.traits, Trait::in_place)) {
            for (std::uint32_t k = 0; k < input.rows.count; ++k) {
                out->append_copy((*in_)[input.rows[k]], *in_);
            }
        }
        collect(ports[0], *out);
        collect(ports[1], *late);
        collect(error_port, *errors);
        in_ = BatchRef::create();
        marks_.clear();
        return status;
    }

    /// Emitted or kept events as JSON lines.
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> texts;
        for (const Event& event : out->events()) {
            PodVector<char> text;
            append_json(text, event, *out);
            texts.emplace_back(view(text));
        }
        return texts;
    }
    /// Number of a row's field in an extension event; NaN if it has none of that name.
    [[nodiscard]] double number(std::uint32_t index, std::string_view name) const {
        const ExtensionField* field = find((*out)[index], name);
        return field != nullptr ? field->value : std::numeric_limits<double>::quiet_NaN();
    }
    [[nodiscard]] std::string_view text(std::uint32_t index, std::string_view name) const {
        const ExtensionField* field = find((*out)[index], name);
        return field != nullptr ? text_of(field->text) : std::string_view();
    }

private:
    static void collect(Emitter& port, Batch& into) {
        const BatchRef batch = port.take_batch();
        if (!batch) return;
        for (const Event& event : batch->events()) into.append_copy(event, *batch);
    }
    [[nodiscard]] const ExtensionField* find(const Event& event, std::string_view name) const {
        const std::uint32_t count = event.extension.fields;
        const auto* fields = out->template blob_as<ExtensionField>(event, 0, count);
        for (std::uint32_t i = 0; fields != nullptr && i < count; ++i) {
            if (text_of(fields[i].name) == name) return &fields[i];
        }
        return nullptr;
    }

    BatchRef in_ = BatchRef::create();
    std::vector<Watermark> marks_;
    Time now_ = 0;
    std::uint64_t ingress_ = 0;
};

/// Collects the rows of a node's state, as a checkpoint does, and gives them to another node.
class StateRows final : public StateSink {
public:
    struct Row {
        std::string key, part;
        std::uint32_t version;
        std::vector<std::byte> bytes;
    };
    std::vector<Row> rows;

    void row(std::string_view key, std::string_view part, std::uint32_t version,
             std::span<const std::byte> bytes) noexcept override {
        std::erase_if(rows, [&](const Row& r) { return r.key == key && r.part == part; });
        if (bytes.empty()) return;
        rows.push_back(
            {std::string(key), std::string(part), version, {bytes.begin(), bytes.end()}});
    }
    [[nodiscard]] Status restore(Node& node) const {
        for (const Row& row : rows) {
            if (Status status = node.restore(row.key, row.part, row.version, row.bytes); !status) {
                return status;
            }
        }
        return {};
    }
};

}  // namespace spillway::testing
