#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/emitter.hpp>
#include <spillway/frame.hpp>
#include <spillway/order.hpp>
#include <spillway/plugin.hpp>
#include <spillway/state.hpp>

namespace spillway {

/// What becomes of a record that a handler refuses (returns an error for).
enum class OnError : std::uint8_t { fail, skip, dead_letter };
inline constexpr std::array<std::string_view, 3> on_error_names = {"fail", "skip", "dead_letter"};

/// The books of a node: in = processed + filtered + duplicate + late + dropped + dead_lettered.
/// The engine counts `in`; `processed` is what is left when all others are taken away.
struct Books {
    std::uint64_t in = 0;
    std::uint64_t filtered = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t late = 0;
    std::uint64_t dropped = 0;
    std::uint64_t dead_lettered = 0;

    [[nodiscard]] std::uint64_t processed() const noexcept {
        return in - filtered - duplicate - late - dropped - dead_lettered;
    }
};

/// Where a node stands in the pipeline. Texts live as long as the node.
struct NodeSetup {
    std::string_view pipeline;
    std::string_view id;
    std::uint32_t rank = 0;  ///< topological; orders timers due at the same time
    std::uint32_t shard = 0;
    std::uint32_t shards = 1;
    OnError on_error = OnError::dead_letter;
    bool needs_ids = true;  ///< somebody downstream needs event ids
    KindSet arriving;       ///< kinds that can arrive
};

/// One step as it reaches a node: the selected events (or frames) in order, the watermarks between
/// them, and the horizon: engine timers due up to and including it fire in this step.
struct StepInput {
    Batch* batch = nullptr;  ///< null when the step has no events for this node
    Rows rows;
    std::uint32_t* row_storage = nullptr;  ///< room for batch->size() rows; may alias `rows`
    std::span<const Frame> frames;
    std::span<const Watermark> marks;
    Time horizon = time_before_all;
};

/// Where a node answers. In-place nodes change `StepInput::rows` instead and use only `errors`
/// and `books`.
struct StepOutput {
    Emitter* ports = nullptr;  ///< default output, then About::ports, then `late` if declared
    std::uint32_t port_count = 0;
    Emitter* errors = nullptr;
    Books* books = nullptr;
    /// Of the record or timer whose handler threw, when `step` answers a defect.
    OrderKey failed_at{};
};

/// A node of the graph: decoder, transform or scorer. Called by one thread at a time; every step
/// is answered once. Authors use the templates in transform.hpp, scorer.hpp and venue.hpp.
class Node : public Plugin {
public:
    [[nodiscard]] Node* node() noexcept override { return this; }

    /// After `configure`, before the first step.
    virtual Status start(const NodeSetup& setup) noexcept = 0;
    /// An error that is returned ends the pipeline: records go wrong inside, by `on_error`.
    virtual Status step(StepInput& in, StepOutput& out) noexcept = 0;
    /// Key group (0..63) of every selected event, in order; 255 = every shard gets it.
    virtual void route(const StepInput& in, std::uint8_t* groups) noexcept {
        for (std::uint32_t k = 0; k < in.rows.count; ++k) groups[k] = 0;
    }
    /// Hands over the rows of state that changed since the last call (`all`: every row). Called
    /// between steps.
    virtual Status snapshot(StateSink& sink, bool all) noexcept {
        static_cast<void>(sink);
        static_cast<void>(all);
        return {};
    }
    /// Takes a row back, after `start` and before the first step. A row goes to the shard that has
    /// its key; one whose part begins with `shared_part`, to all.
    virtual Status restore(std::string_view key, std::string_view part, std::uint32_t version,
                           std::span<const std::byte> bytes) noexcept {
        static_cast<void>(part);
        static_cast<void>(version);
        static_cast<void>(bytes);
        return {Code::unsupported, "this node keeps no state", key};
    }
};

inline constexpr std::uint8_t every_shard = 255;
/// Part of the state row for what belongs to the node and not to one of its keys.
inline constexpr std::string_view shared_part = "spillway.shared";
inline constexpr std::uint32_t key_groups = 64;

/// Key group of a key text; the same in every process.
[[nodiscard]] inline std::uint8_t key_group(std::string_view key) noexcept {
    return static_cast<std::uint8_t>(hash_text(key) % key_groups);
}

/// Name of the extension events on the `errors` output, and of the dead-letter table.
inline constexpr std::string_view dead_letter_name = "dead_letter";

/// What a dead letter says, in its blob: DeadLetter, then the texts and raw bytes it points to.
struct DeadLetter {
    BlobRange node, place, reason, raw;
    BlobRange origin;            ///< what `raw` is, as text: see dead_letter.hpp
    std::uint64_t raw_size = 0;  ///< before it was cut to `dead_letter_limit`
    std::uint32_t attempt = 0;
};
inline constexpr std::size_t dead_letter_limit = std::size_t{64} << 10U;

/// Puts a dead letter on an output (the raw bytes are cut at `dead_letter_limit`): a line of input,
/// unless `origin` says something else.
void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, std::string_view raw, std::uint32_t attempt = 1,
                       std::string_view origin = {});
/// The letter of an event, with its JSON form as raw bytes.
void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, const Event& event, const Batch& batch,
                       std::uint32_t attempt = 1);
/// The letter of a frame, with its bytes.
void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, const Frame& frame, std::uint32_t attempt = 1);
/// The letter in an event of that name; null if the event is something else.
[[nodiscard]] const DeadLetter* read_dead_letter(const Batch& batch, const Event& event) noexcept;

namespace detail {
/// Applies `on_error` to a refused event. Answers an error only for `fail` and defects.
[[nodiscard]] Status refuse(const NodeSetup& setup, StepOutput& out, const Batch& batch,
                            const Event& event, const Status& why) noexcept;
/// The same for a frame.
[[nodiscard]] Status refuse(const NodeSetup& setup, StepOutput& out, const Frame& frame,
                            const Status& why) noexcept;
}  // namespace detail

}  // namespace spillway
