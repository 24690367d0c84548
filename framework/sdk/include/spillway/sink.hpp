#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/plugin.hpp>
#include <spillway/state.hpp>

namespace spillway {

/// What the engine tells a sink before it opens. Texts live as long as the sink.
struct SinkSetup {
    std::string_view pipeline;
    std::string_view id;
    std::string_view data_dir;  ///< relative output paths start here
    bool fresh = false;         ///< the run starts over
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
    /// Called when no more rows are ready: output for people goes out now.
    virtual Status idle() noexcept { return {}; }
    virtual Status close() noexcept = 0;
    /// What could not be stored for want of a column or format, for the books.
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
