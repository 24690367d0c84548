#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/examination.hpp>
#include <spillway/frame.hpp>
#include <spillway/metrics.hpp>
#include <spillway/plugin.hpp>
#include <spillway/pod_vector.hpp>
#include <spillway/state.hpp>

namespace spillway {

/// Wakes the engine when a live source has something to read. From any thread.
class Arrivals {
public:
    virtual void notify() noexcept = 0;

protected:
    ~Arrivals() = default;
};

/// What the sources of one plugin have in common in a pipeline, such as a thread; the plugin
/// derives from it.
class Commons {
public:
    virtual ~Commons() = default;
};

/// What the engine tells a source before it opens. The texts are for `open`; the rest lives as long
/// as the source.
struct SourceSetup {
    std::string_view pipeline;
    std::string_view id;
    bool needs_ids = true;
    const Protocol* protocol = nullptr;  ///< of the venue, for a live source of frames
    Arrivals* arrivals = nullptr;        ///< for a live source
    /// The same place for all sources of the plugin in the pipeline: empty until the first of them
    /// fills it in `open`; destroyed after the last of them, when the run ends. Only
    /// for `open`, which is never called for two at once. Null: the source is alone.
    std::unique_ptr<Commons>* commons = nullptr;
};

/// Where one `read` puts its records: events, or frames into one input block. Receive times never
/// go back. Records that cannot be read become dead letters in their place.
class SourceOutput {
public:
    /// A new event with its receive time (engine time); event time is set to the same.
    // NOLINTNEXTLINE(readability-make-member-function-const): what it changes is its events
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

/// `waiting` is the answer of a live source that has nothing now; it will notify `arrivals`.
enum class ReadState : std::uint8_t { more, waiting, end };

/// How far a bounded source has got, for progress bars; `total` 0 = unknown.
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

/// A source owns its input and reads it piece by piece on the engine's ingress thread. A live
/// source (Trait::live) collects what arrives on threads of its own; `read` hands it over and never
/// blocks. It stays open while the pipeline is reloaded, unless it is configured otherwise then:
/// nobody reads for a moment, and the next `read` goes on behind the one before.
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
    /// The input has to be let go of: connections are closed in order, and what they say to that is
    /// read before `read` answers `end`. Only for live sources.
    virtual void finish() noexcept {}
    /// Tries everything that the source talks to and says what it found, for `spillway doctor`.
    /// Blocks; `setup` is that of `open`, which is not called.
    virtual void examine(const SourceSetup& setup, Examiner& out) noexcept {
        static_cast<void>(setup);
        static_cast<void>(out);
    }
    /// From any thread, between `open` and destruction.
    virtual void metrics(MetricWriter& out) const { static_cast<void>(out); }
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
