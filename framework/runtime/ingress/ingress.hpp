#pragma once

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
#include "runtime/ingress/head.hpp"

namespace spillway::runtime {

/// One source on its way into the order: records that were read and not yet cut into a step.
class Feed {
public:
    /// `checkpointed`: positions will be asked for.
    Feed(Source& source, std::string id, bool checkpointed);

    /// Reads more unless the source ended.
    void read(std::uint32_t limit);
    /// Where the source goes on when it resumes behind what was consumed.
    void snapshot(StateBuffer& out);
    /// Before the first read.
    [[nodiscard]] Status restore(const Checkpoint& from, std::uint32_t limit);
    /// Records that are older than this have come too late to stand before it.
    void not_before(Time time) noexcept;
    /// In place of `restore`: what is read has been here before. Each record gets an instant of its
    /// own behind `time`.
    void reenter(Time time) noexcept;
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    [[nodiscard]] bool has_record() const noexcept { return next_ < count(); }
    [[nodiscard]] Time head_time() const noexcept { return time_of(next_); }
    /// The last instant that was read may go on in the next read: not ready yet.
    [[nodiscard]] bool head_is_ready() const noexcept {
        return ended_ || frames_ || time_of(next_) != time_of(count() - 1);
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
    [[nodiscard]] const Mark& last_mark() noexcept;
    void skip(std::uint64_t wanted, std::uint32_t limit);

    static constexpr std::size_t most_letter_bytes = 1U << 20U;

    Source& source_;
    std::string id_;
    SourceOutput pending_;
    std::uint32_t next_ = 0;    ///< first record not consumed
    std::uint32_t start_ = 0;   ///< first record not cut
    std::uint32_t letter_ = 0;  ///< first letter not numbered
    std::uint32_t letter_start_ = 0;
    bool frames_ = false;
    bool ended_ = false;
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
};

/// Merges the sources into one totally ordered input and cuts it into steps: by (receive time,
/// position of the source in the file, place in the source), never inside an instant. Where the
/// cuts lie cannot be seen in the results.
class Ingress {
public:
    /// `random`: step sizes drawn from 1..limit (tests).
    Ingress(std::vector<Source*> sources, std::vector<std::string> ids, std::uint32_t limit,
            std::optional<std::uint64_t> random, bool checkpointed);

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
    [[nodiscard]] std::span<const std::unique_ptr<Feed>> feeds() const noexcept { return feeds_; }

private:
    struct Choice {
        Feed* feed = nullptr;
        bool must_cut = false;
        /// Records of `feed` before this time are the earliest as well.
        Time alone_before = time_never;
    };
    Choice earliest();
    /// Consumes records of the chosen feed while they are ready and may go into the step: those
    /// of the instant begun, and of later ones while the step has room. Answers whether it ended
    /// with one that may not.
    bool consume_run(CutStep& step, const Choice& choice, std::uint32_t limit, Time until);

    std::vector<std::unique_ptr<Feed>> feeds_;
    std::uint32_t limit_;
    std::optional<std::mt19937_64> random_;
    std::uint64_t sequence_ = 0;
    Time start_ = time_before_all;
    Time last_time_ = time_before_all;
    bool stopped_ = false;
    bool reenters_ = false;
};

}  // namespace spillway::runtime
