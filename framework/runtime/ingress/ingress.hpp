#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <spillway/source.hpp>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/epoch/state_buffer.hpp"
#include "runtime/ingress/frame_log.hpp"
#include "runtime/ingress/head.hpp"

namespace spillway::runtime {

/// A source and what the ingress is to do for it.
struct FeedSetup {
    Source* source = nullptr;
    std::string id;
    bool checkpointed = false;      ///< positions will be asked for
    bool live = false;              ///< Trait::live
    bool stayed_open = false;       ///< it goes on where it is: nothing is missing
    std::vector<FrameLog> logs;     ///< of a live source: its recording, its journal
    std::filesystem::path journal;  ///< is read back when it resumes; empty: none
};

/// One source on its way into the order: records that were read and not yet cut into a step.
///
/// A live source is not waited for: it has a record or it has none. Its records are stamped when
/// they are consumed, and the stamped frames go to its logs before anything else sees them.
class Feed {
public:
    explicit Feed(FeedSetup setup);

    /// Reads more unless the source ended.
    void read(std::uint32_t limit);
    /// Reads until there is a record to look at, unless the source is live.
    void look(std::uint32_t limit) {
        while (!has_record() && !ended() && !live() && !must_cut()) read(limit);
    }
    /// Whether a live source has a record now; asks it if none is left.
    [[nodiscard]] bool poll(std::uint32_t limit);
    /// A live source said at the last read that it has more; it will not ring for that.
    [[nodiscard]] bool has_more() const noexcept { return live() && more_ && !ended(); }
    /// Not while its journal is read back: that is an input like any other.
    [[nodiscard]] bool live() const noexcept { return live_ && !journal_; }
    /// The next record gets a receive time of at least `floor`.
    void stamp(Time floor) noexcept {
        Time& time = time_at(next_);
        time = std::max(time, floor);
        newest_ = std::max(newest_, time);
    }
    /// Comes to its end: a live source closes its connections first, of others nothing more is
    /// read.
    void finish() noexcept;
    /// Nothing more is taken of it, also not what was read; unless it stays open.
    void leave() noexcept { left_ = !left_open_; }
    /// Comes to its end although the source stays open: what was read is still consumed, and
    /// nothing more is read.
    void leave_open() noexcept { left_open_ = true; }
    /// Another feed can go on exactly behind what this one consumed.
    [[nodiscard]] bool left_open() const noexcept { return left_open_ && next_ == count(); }
    /// What the logs took survives a loss of power.
    [[nodiscard]] Status sync_logs();
    void close_logs();
    /// Where the source goes on when it resumes behind what was consumed.
    void snapshot(StateBuffer& out);
    /// Before the first read.
    /// `reached`: of all sources, the time up to which everything was consumed.
    [[nodiscard]] Status restore(const Checkpoint& from, std::uint32_t limit, Time reached);
    /// Records that are older than this have come too late to stand before it.
    void not_before(Time time) noexcept;
    /// In place of `restore`: what is read has been here before. Each record gets an instant of its
    /// own behind `time`.
    void reenter(Time time) noexcept;
    [[nodiscard]] bool ended() const noexcept { return ended_ || left_ || left_open(); }
    [[nodiscard]] bool has_record() const noexcept { return next_ < count() && !left_; }
    [[nodiscard]] Time head_time() const noexcept { return time_of(next_); }
    /// The last instant that was read may go on in the next read: not ready yet.
    [[nodiscard]] bool head_is_ready() const noexcept {
        return ended_ || frames_ || live_ || time_of(next_) != time_of(count() - 1);
    }
    /// Nothing more can be read until what was consumed is cut: frames of one read share a block
    /// and a step has one block per source, and unreadable input must not pile up in memory.
    [[nodiscard]] bool must_cut() const noexcept {
        return (frames_ && !ended_ && next_ == count() && next_ != start_) || letters_are_many();
    }
    /// Consumes the next record as number `sequence`; unreadable records before it come first.
    void consume(std::uint64_t& sequence);
    /// Moves what was consumed since the last call into `out`.
    void cut(SourceInput& out, std::uint64_t& sequence);
    [[nodiscard]] const Status& failure() const noexcept { return failure_; }
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] Source& source() noexcept { return source_; }

private:
    [[nodiscard]] std::uint32_t count() const noexcept {
        return frames_ ? pending_.frames.size() : pending_.events->size();
    }
    [[nodiscard]] Time time_of(std::uint32_t i) const noexcept {
        return frames_ ? pending_.frames[i].receive_time : (*pending_.events)[i].receive_time;
    }
    [[nodiscard]] Time& time_at(std::uint32_t i) noexcept {
        return frames_ ? pending_.frames[i].receive_time : (*pending_.events)[i].receive_time;
    }
    [[nodiscard]] bool letters_are_many() const noexcept {
        return !ended_ && next_ == count() && pending_.letters->bytes() >= most_letter_bytes;
    }
    void number_letters(std::uint64_t& sequence, std::uint32_t before) {
        if (letter_ < pending_.letters->size()) number_waiting_letters(sequence, before);
    }
    void number_waiting_letters(std::uint64_t& sequence, std::uint32_t before);
    void cut_letters(SourceInput& out);
    void cut_events(SourceInput& out);
    [[nodiscard]] BatchRef copy_of_rest() const;
    void forget_consumed();
    void cut_frames(SourceInput& out);

    /// A place where the source could go on, and how many records and letters came before it.
    struct Mark {
        std::uint64_t records = 0, letters = 0;
        Time newest = time_before_all;
        std::vector<std::byte> position;
    };
    void remember_position();
    [[nodiscard]] std::vector<std::byte> position_now();
    [[nodiscard]] const Mark& last_mark() noexcept;
    void skip(std::uint64_t wanted, std::uint32_t limit);

    static constexpr std::size_t most_letter_bytes = 1U << 20U;

    [[nodiscard]] Status restore_live(const std::vector<std::byte>& position, Time reached);
    [[nodiscard]] Result<ReadState> read_journal();
    void write_logs(const SourceInput& cut);

    Source& source_;
    std::string id_;
    bool live_ = false;
    bool left_ = false;  ///< nothing more is taken of a source that has not ended
    bool left_open_ = false;
    bool stayed_open_ = false;
    std::vector<FrameLog> logs_;
    std::filesystem::path journal_folder_;
    std::optional<FrameLogReader> journal_;  ///< while it is read back
    SourceOutput pending_;
    std::uint32_t next_ = 0;    ///< first record not consumed
    std::uint32_t start_ = 0;   ///< first record not cut
    std::uint32_t letter_ = 0;  ///< first letter not numbered
    std::uint32_t letter_start_ = 0;
    bool frames_ = false;
    bool ended_ = false;
    bool more_ = false;
    bool told_end_ = false;
    bool reenters_ = false;
    OrderKey last_;
    Time newest_ = time_before_all;  ///< receive times never go back
    Status failure_;

    bool checkpointed_ = false;
    std::uint64_t records_read_ = 0, letters_read_ = 0;
    std::uint64_t records_consumed_ = 0, letters_consumed_ = 0;
    std::deque<Mark> marks_;  ///< the newest before what was consumed, and those behind it
    StateWriter writer_;
};

/// A step as it leaves the ingress.
struct CutStep {
    std::vector<SourceInput> sources;  ///< one per source, in their order
    std::uint32_t records = 0;
    Time start = time_before_all;  ///< of the first record of all
    Time first_time = time_before_all;
    Time last_time = time_before_all;
    Time horizon = time_before_all;
    bool last = false;  ///< all sources have ended
    bool more = false;  ///< more may be there for another step now

    /// Nothing but time may have passed.
    [[nodiscard]] bool empty() const noexcept {
        if (records > 0 || last) return false;
        return std::none_of(sources.begin(), sources.end(),
                            [](const SourceInput& input) { return input.letters || input.ended; });
    }
};

/// Merges the sources into one totally ordered input and cuts it into steps: by (receive time,
/// position of the source in the file, place in the source), never inside an instant. Where the
/// cuts lie cannot be seen in the results.
class Ingress {
public:
    /// `random`: step sizes drawn from 1..limit (tests).
    Ingress(std::vector<FeedSetup> feeds, std::uint32_t limit, std::optional<std::uint64_t> random);

    /// Whether records arrive as time passes. Such a pipeline is told the time, cut by cut.
    [[nodiscard]] bool live() const noexcept { return live_; }
    /// Wall time has come to `now`: timers up to then fire with the next cut, and no record can be
    /// earlier any more.
    void advance_clock(Time now) noexcept { clock_ = std::max(clock_, now); }
    /// Live sources close their connections and say so, but for those that stay open, which are
    /// read until all others have; then comes the last cut. Whoever reads its journal still cannot
    /// stay.
    void finish(std::span<const std::string> staying = {}) noexcept;
    /// Behind `finish`: who has not closed by now is left.
    void leave() noexcept;
    [[nodiscard]] Status sync_logs(std::string& failed_source);

    /// Before `restore`: what the sources read now enters once more, each record in an instant of
    /// its own behind the newest. Their positions are those of another input: neither restored nor
    /// kept. The end of that input is not the end of the pipeline's.
    void reenter() noexcept { reenters_ = true; }
    /// Where everything stands behind the newest cut.
    void snapshot(StateBuffer& out);
    /// Before the first cut. Names the source that failed.
    [[nodiscard]] Status restore(const Checkpoint& from, std::string& failed_source);

    /// Receive time of the next record; none if all sources have ended.
    [[nodiscard]] std::optional<Time> next_time();
    /// Cuts the next step out of records with receive time <= `until`.
    void cut(CutStep& step, Time until);
    /// Stops reading: what was read and not cut is left out, and the next cut is the last. That is
    /// not the end of input: windows stay open, for a later run that resumes.
    void stop() noexcept { stopped_ = true; }
    /// Where time stands: everything up to then was consumed.
    [[nodiscard]] Time reached() const noexcept { return last_time_; }
    [[nodiscard]] std::span<const std::unique_ptr<Feed>> feeds() const noexcept { return feeds_; }

private:
    struct Choice {
        Feed* feed = nullptr;
        bool must_cut = false;
        bool waiting = false;  ///< a live source may still have something
        /// Records of `feed` before this time are the earliest as well.
        Time alone_before = time_never;
    };
    [[nodiscard]] bool recorded_is_due(Time until);
    Choice earliest(Time until);
    [[nodiscard]] bool all_have_closed() const noexcept;
    [[nodiscard]] bool leave_open_when_due() noexcept;
    /// The earliest receive time that the next record of a live source can have: each is an instant
    /// of its own.
    [[nodiscard]] Time next_stamp() const noexcept {
        return std::max(last_time_ == time_before_all ? last_time_ : last_time_ + 1, clock_);
    }
    /// How a run of records of one feed ends.
    enum class RunEnd {
        choose_again,
        step_full,  ///< the next record may not go into this step
        not_due,    ///< nor into one of this time
    };
    /// Consumes records of the chosen feed while they are ready and may go into the step: those
    /// of the instant begun, and of later ones while the step has room.
    RunEnd consume_run(CutStep& step, const Choice& choice, std::uint32_t limit, Time until);

    std::vector<std::unique_ptr<Feed>> feeds_;
    std::uint32_t limit_;
    std::optional<std::mt19937_64> random_;
    std::uint64_t sequence_ = 0;
    Time start_ = time_before_all;
    Time last_time_ = time_before_all;
    bool stopped_ = false;
    bool finishing_ = false;
    std::vector<Feed*> staying_;  ///< until the others have closed
    bool reenters_ = false;
    bool live_ = false;
    Time clock_ = time_before_all;  ///< of live pipelines
};

}  // namespace spillway::runtime
