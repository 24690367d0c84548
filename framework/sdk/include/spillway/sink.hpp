#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/checkpoint.hpp>
#include <spillway/dead_letter_store.hpp>
#include <spillway/plugin.hpp>
#include <spillway/state.hpp>

namespace spillway {

/// What the engine tells a sink before it opens. Texts live as long as the sink.
struct SinkSetup {
    std::string_view pipeline;
    std::string_view id;
    std::string_view data_dir;  ///< relative output paths start here
    bool fresh = false;         ///< the run starts over by the user's will: `--fresh`
    /// The run goes on where an epoch ended. `position` is what the sink said then.
    bool resumed = false;
    std::span<const std::byte> position = {};
};

/// Rows as a sink receives them.
struct SinkRows {
    const Batch& batch;
    Rows rows;
};

/// A sink has its own thread: `open` to `close` are called from it. It may collect rows as it
/// likes until `flush`.
class Sink : public Plugin {
public:
    static constexpr Category category = Category::sink;

    [[nodiscard]] Sink* sink() noexcept override { return this; }

    virtual Status open(const SinkSetup& setup) noexcept = 0;
    /// An error ends the run; what was flushed before stays readable.
    virtual Status write(const SinkRows& rows) noexcept = 0;
    /// Makes everything written so far durable; `epoch` counts barriers. The answer completes it.
    virtual Status flush(std::uint64_t epoch) noexcept = 0;
    /// How far the output reached at the last flush, for `SinkSetup::position` of a later run: what
    /// lies behind it then is not part of any epoch and has to go.
    virtual void position(StateWriter& out) noexcept { static_cast<void>(out); }
    /// Not null for a sink that can keep the pipeline's checkpoint.
    [[nodiscard]] virtual CheckpointStore* checkpoint_store() noexcept { return nullptr; }
    /// Not null for a sink that keeps dead letters so that they can be found again.
    [[nodiscard]] virtual DeadLetterStore* dead_letter_store() noexcept { return nullptr; }
    /// Called when no more rows are ready: output for people goes out now.
    virtual Status idle() noexcept { return {}; }
    virtual Status close() noexcept = 0;
    /// Rows that could not be stored, or not wholly, for want of a column or format: for the books.
    [[nodiscard]] virtual std::uint64_t dropped() const noexcept { return 0; }
};

template <class Self>
class SinkPlugin : public Sink {
public:
    Status configure(std::span<const OptionValue> values) noexcept override {
        return detail::configure(static_cast<Self&>(*this), values);
    }
};

}  // namespace spillway
