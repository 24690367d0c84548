#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/node.hpp>
#include <spillway/testing/frames.hpp>
#include <spillway/testing/place.hpp>
#include <spillway/testing/script.hpp>
#include <spillway/testing/state_rows.hpp>

namespace spillway::testing {

/// What a player must know of the node that it drives.
struct NodeShape {
    std::string name;
    Trait traits = Trait::none;
    std::uint32_t ports = 1;  ///< default output, About::ports, and `late` where declared
    KindSet arriving = KindSet::all();
    OnError on_error = OnError::dead_letter;
};

/// Sees each step as the node got it and as it answered.
class StepObserver {
public:
    virtual void before(const StepInput& in) = 0;
    virtual void after(const StepInput& in, const StepOutput& out, const Status& status) = 0;

protected:
    ~StepObserver() = default;
};

/// Drives a decoder, transform or scorer through its interface as the engine does, inline: create,
/// configure, start, steps. Everything that the node answers is kept. Driver is the same for tests
/// that know the node's class.
class NodePlayer {
public:
    using Create = std::function<std::unique_ptr<Plugin>()>;

    /// `options` must live as long as the player.
    NodePlayer(NodeShape shape, Create create, std::span<const OptionValue> options)
        : shape_(std::move(shape)), create_(std::move(create)), options_(options) {
        for (std::uint32_t p = 0; p < shape_.ports; ++p) outputs_.push_back(BatchRef::create());
    }

    /// A new object, configured and started; the one before is gone.
    Status start() {
        plugin_.reset();
        plugin_ = create_();
        if (plugin_ == nullptr) return {Code::defect, "its constructor threw an exception"};
        if (Status status = plugin_->configure(options_); !status) return status;
        NodeSetup setup;
        setup.pipeline = "test";
        setup.id = shape_.name;
        setup.on_error = shape_.on_error;
        setup.arriving = shape_.arriving;
        return node().start(setup);
    }

    /// Plays a script, then one nanosecond more, which settles the last instant. A second script
    /// goes on where the first ended.
    Status play(const Script& script, const Cutting& cutting = {});
    /// Plays frames to a venue.
    Status play(const FrameScript& script, const Cutting& cutting = {});
    /// One step: the events [first, last) of a script, `marks` among them (positions as in the
    /// script), then time up to `horizon`.
    Status step(const Script& script, std::uint32_t first, std::uint32_t last,
                std::span<const Watermark> marks, Time horizon, std::mt19937_64* decoys = nullptr);
    Status step(const FrameScript& script, std::uint32_t first, std::uint32_t last, Time horizon);

    /// Replaces the node by a new one that has only its state.
    Status restart() {
        StateRows state;
        if (Status status = node().snapshot(state, true); !status) return status;
        if (Status status = start(); !status) return status;
        return state.restore(node());
    }
    void set_observer(StepObserver* observer) noexcept { observer_ = observer; }
    /// Is told about every step before it is made.
    void set_place(Place* place, std::string what) {
        place_ = place;
        what_ = std::move(what);
    }

    [[nodiscard]] Node& node() noexcept { return *plugin_->node(); }
    [[nodiscard]] const Batch& out(std::size_t port = 0) const noexcept { return *outputs_[port]; }
    [[nodiscard]] const Batch& letters() const noexcept { return *letters_; }
    [[nodiscard]] const Books& books() const noexcept { return books_; }
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
    [[nodiscard]] std::uint32_t ports() const noexcept { return shape_.ports; }
    /// Batches of past steps that somebody still holds.
    [[nodiscard]] std::int64_t held_batches() const noexcept { return ticket_.held; }

private:
    struct CountingTicket final : Ticket {
        void acquire() noexcept override { ++held; }
        void release() noexcept override { --held; }
        std::int64_t held = 0;
    };

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
    Status answer(StepInput& input, const BlockRef& block);
    static void collect(Emitter& port, Batch& into) {
        const BatchRef batch = port.take_batch();
        if (!batch) return;
        for (const Event& event : batch->events()) into.append_copy(event, *batch);
    }

    NodeShape shape_;
    Create create_;
    std::span<const OptionValue> options_;
    CountingTicket ticket_;
    std::unique_ptr<Plugin> plugin_;
    std::vector<BatchRef> outputs_;
    BatchRef letters_ = BatchRef::create();
    Books books_;
    std::uint64_t steps_ = 0;
    StepObserver* observer_ = nullptr;
    Place* place_ = nullptr;
    std::string what_;
};

inline Status NodePlayer::play(const Script& script, const Cutting& cutting) {
    const Batch& batch = script.batch();
    std::mt19937_64 random(cutting.seed);
    std::mt19937_64* const decoys = cutting.decoys ? &random : nullptr;
    std::span<const Watermark> marks = script.marks();
    const auto marks_before = [&](std::uint32_t last) {
        std::size_t count = 0;
        while (count < marks.size() && marks[count].position < last) ++count;
        return std::exchange(marks, marks.subspan(count)).first(count);
    };
    for (std::uint32_t first = 0; first < batch.size();) {
        std::uint32_t instants = cutting.most;
        if (cutting.seed != 0) {
            instants = 1 + static_cast<std::uint32_t>(random() % cutting.most);
            // A step without events: time passes before the next record.
            if (random() % 2 == 0) {
                const Time idle = batch[first].receive_time - 1;
                if (Status status = step(script, first, first, {}, idle); !status) return status;
            }
        }
        const std::uint32_t last = end_of(batch, first, instants);
        const Time horizon = batch[last - 1].receive_time;
        if (Status status = step(script, first, last, marks_before(last), horizon, decoys);
            !status) {
            return status;
        }
        first = last;
        if (cutting.restart) {
            if (Status status = restart(); !status) return status;
        }
    }
    return step(script, batch.size(), batch.size(), marks, script.end() + 1);
}

inline Status NodePlayer::play(const FrameScript& script, const Cutting& cutting) {
    std::mt19937_64 random(cutting.seed);
    for (std::uint32_t first = 0; first < script.size();) {
        std::uint32_t count = cutting.most == 0 ? script.size() : cutting.most;
        if (cutting.seed != 0) count = 1 + static_cast<std::uint32_t>(random() % cutting.most);
        const std::uint32_t last = std::min(script.size(), first + count);
        const Time horizon = script.messages()[last - 1].receive_time;
        if (Status status = step(script, first, last, horizon); !status) return status;
        first = last;
        if (cutting.restart) {
            if (Status status = restart(); !status) return status;
        }
    }
    return {};
}

inline Status NodePlayer::step(const Script& script, std::uint32_t first, std::uint32_t last,
                               std::span<const Watermark> marks, Time horizon,
                               std::mt19937_64* decoys) {
    if (place_ != nullptr) {
        place_->at("%s, step %llu (records %u to %u of %u)", what_.c_str(),
                   static_cast<unsigned long long>(steps_), first, last, script.batch().size());
    }
    const BatchRef batch = BatchRef::create();
    batch->set_ticket(&ticket_);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = first; i < last; ++i) {
        // Somebody else's events may lie between the selected ones.
        if (decoys != nullptr && (*decoys)() % 3 == 0) {
            batch->append_copy(script.batch()[i], script.batch()).flags ^= flag_simulated;
        }
        rows.push_back(batch->size());
        batch->append_copy(script.batch()[i], script.batch());
    }
    std::vector<Watermark> placed;
    for (Watermark mark : marks) {
        mark.position = mark.position < last ? rows[mark.position - first] : batch->size();
        placed.push_back(mark);
    }
    std::vector<std::uint32_t> storage(batch->size() + 1U);
    StepInput input;
    input.batch = batch.get();
    input.rows = {rows.size() == batch->size() ? nullptr : rows.data(),
                  static_cast<std::uint32_t>(rows.size())};
    input.row_storage = storage.data();
    input.marks = placed;
    input.horizon = horizon;
    Status status = answer(input, {});
    if (has(shape_.traits, Trait::in_place)) {
        for (std::uint32_t k = 0; k < input.rows.count; ++k) {
            if (input.rows[k] < batch->size()) {
                outputs_[0]->append_copy((*batch)[input.rows[k]], *batch);
            }
        }
    }
    return status;
}

inline Status NodePlayer::step(const FrameScript& script, std::uint32_t first, std::uint32_t last,
                               Time horizon) {
    if (place_ != nullptr) {
        place_->at("%s, step %llu (frames %u to %u of %u)", what_.c_str(),
                   static_cast<unsigned long long>(steps_), first, last, script.size());
    }
    const FrameBlock block(script, first, last, venue_id(shape_.name));
    StepInput input;
    input.frames = block.frames;
    input.horizon = horizon;
    return answer(input, block.block);
}

inline Status NodePlayer::answer(StepInput& input, const BlockRef& block) {
    std::vector<Emitter> ports(shape_.ports);
    Emitter errors;
    for (Emitter& port : ports) port.reset(&ticket_, nullptr);
    errors.reset(&ticket_, nullptr);
    if (block) ports[0].batch().set_block(block);
    StepOutput output{ports.data(), shape_.ports, &errors, &books_};
    books_.in += input.rows.count + input.frames.size();
    ++steps_;
    if (observer_ != nullptr) observer_->before(input);
    Status status = node().step(input, output);
    if (observer_ != nullptr) observer_->after(input, output, status);
    for (std::uint32_t p = 0; p < shape_.ports; ++p) collect(ports[p], *outputs_[p]);
    collect(errors, *letters_);
    return status;
}

/// The events of a batch as JSON, one text each.
[[nodiscard]] inline std::vector<std::string> lines_of(const Batch& batch) {
    std::vector<std::string> lines;
    for (const Event& event : batch.events()) {
        PodVector<char> text;
        append_json(text, event, batch);
        lines.emplace_back(view(text));
    }
    return lines;
}

}  // namespace spillway::testing
