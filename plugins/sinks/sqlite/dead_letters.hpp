#pragma once

#include <cstdint>

#include <spillway/dead_letter_store.hpp>
#include <spillway/node.hpp>

#include "database.hpp"

namespace spillway::sqlite {

/// Records that nobody could handle. The same record refused by the same node again (a replay, a
/// retry) replaces its letter, which is then open again.
class DeadLetters {
public:
    [[nodiscard]] Status prepare(Database& database);
    [[nodiscard]] Outcome store(const Event& event, const Batch& batch, const DeadLetter& letter);
    /// Notes what a replay made of a letter; changes nothing if there is no such letter.
    [[nodiscard]] Outcome settle(const LetterOutcome& outcome);
    /// Gives the letters since the last call their epoch.
    [[nodiscard]] Outcome close_epoch(std::uint64_t epoch);

private:
    Statement upsert_, handled_, refused_, close_;
    bool open_ = false;  ///< letters without an epoch exist
};

/// All letters of a database, oldest first.
[[nodiscard]] Status read_letters(Database& database, DeadLetterVisitor& visitor);

}  // namespace spillway::sqlite
