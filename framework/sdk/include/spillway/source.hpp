#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/frame.hpp>
#include <spillway/plugin.hpp>
#include <spillway/pod_vector.hpp>
#include <spillway/state.hpp>

namespace spillway {

/// What the engine tells a source before it opens. Texts live as long as the source.
struct SourceSetup {
    std::string_view pipeline;
    std::string_view id;
    bool needs_ids = true;
};

/// Where one `read` puts its records: events, or frames into one input block. Receive times never
/// go back. Records that cannot be read become dead letters in their place.
class SourceOutput {
public:
    /// A new event with its receive time (engine time); event time is set to the same.
    Event& emit(Kind kind, Time receive_time) noexcept {
        Event& event = events->append(kind);
        event.receive_time = receive_time;
        event.event_time = receive_time;
        return event;
    }
    /// `place` is like "data/x.jsonl.gz:117"; `raw` is cut at dead_letter_limit. `raw_size`: of the
    /// whole record, if `raw` is only its head.
    void dead_letter(Time receive_time, std::string_view place, std::string_view reason,
                     std::string_view raw, std::uint64_t raw_size = 0) noexcept;
    [[nodiscard]] std::uint32_t count() const noexcept {
        return events->size() + frames.size() + letters->size();
    }

    // Owned by the engine, which empties them before each read.
    BatchRef events;
    PodVector<Frame> frames;
    BlockRef block;  ///< that `frames` of this read point into
    BatchRef letters;
    PodVector<std::uint32_t> letter_positions;  ///< events or frames that came before each letter
    std::string_view node;
};

enum class ReadState : std::uint8_t { more, end };

/// How far a bounded source has got, for progress bars; `total` 0 = unknown.
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

/// A source owns its input and reads it piece by piece on the engine's ingress thread.
class Source : public Plugin {
public:
    static constexpr Category category = Category::source;

    [[nodiscard]] Source* source() noexcept override { return this; }

    /// Opens the input. Errors name the file or address and what to do.
    virtual Status open(const SourceSetup& setup) noexcept = 0;
    /// Appends records until `out` holds about `limit` of them, those that were there included (at
    /// least one is added unless the source ended). An error ends the source: what it put out
    /// before is kept and handled, then the run fails with it.
    virtual Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept = 0;
    /// Where the next `read` goes on, as opaque bytes; `seek` takes them back after `open`.
    virtual void position(StateWriter& out) noexcept = 0;
    virtual Status seek(std::span<const std::byte> position) noexcept = 0;
    [[nodiscard]] virtual Progress progress() const noexcept { return {}; }
    /// Open-loop sources are paced by their receive times unless `--speed` says otherwise.
    [[nodiscard]] virtual bool paced() const noexcept { return false; }
};

/// Adds option handling. The author derives from this and writes `about`, `option_list`, a member
/// `options`, and the functions of Source.
template <class Self>
class SourcePlugin : public Source {
public:
    Status configure(std::span<const OptionValue> values) noexcept override {
        return detail::configure(static_cast<Self&>(*this), values);
    }
};

}  // namespace spillway
