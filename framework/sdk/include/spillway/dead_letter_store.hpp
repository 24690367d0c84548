#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/id.hpp>
#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway {

struct SinkSetup;

/// A dead letter as a store keeps it. The views are valid during the call.
struct StoredLetter {
    Id id;          ///< see dead_letter_id
    Time time = 0;  ///< engine time at which it was refused first
    std::string_view node, place, reason;
    std::string_view origin;  ///< what `raw` is: see dead_letter.hpp
    std::string_view raw;
    std::uint64_t raw_size = 0;       ///< before it was cut
    std::uint32_t attempt = 1;        ///< how often it was refused
    Time replayed = time_before_all;  ///< engine time of the replay that handled it
};

/// Takes letters. Implemented by tools.
class DeadLetterVisitor {
public:
    virtual void letter(const StoredLetter& letter) noexcept = 0;

protected:
    ~DeadLetterVisitor() = default;
};

/// What a replay made of a letter.
struct LetterOutcome {
    Id id;
    bool handled = false;
    Time time = time_before_all;  ///< engine time of the replay
    std::string_view reason;      ///< why it was refused again
};

/// What a sink adds so that `spillway dead-letters` finds the letters that it keeps. Called on one
/// thread.
class DeadLetterStore {
public:
    /// All letters, oldest first. In place of `Sink::open`: the sink is not opened, and a run may
    /// write to the store meanwhile. A store that does not exist has no letters.
    virtual Status read_letters(const SinkSetup& setup, DeadLetterVisitor& visitor) noexcept = 0;
    /// On an open sink, as part of the epoch that the next `flush` or `commit` completes: a letter
    /// that was handled is marked as replayed; one that was refused again has one attempt more.
    /// Unknown ids are passed over.
    virtual Status settle(const LetterOutcome& outcome) noexcept = 0;

protected:
    ~DeadLetterStore() = default;
};

}  // namespace spillway
