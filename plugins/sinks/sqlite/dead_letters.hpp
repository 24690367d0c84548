#pragma once

#include <cstdint>

#include <spillway/node.hpp>

#include "database.hpp"

namespace spillway::sqlite {

/// Records that nobody could handle. The same record refused by the same node again (a replay, a
/// retry) replaces its letter.
class DeadLetters {
public:
    [[nodiscard]] Status prepare(Database& database);
    [[nodiscard]] Outcome store(const Event& event, const Batch& batch, const DeadLetter& letter);
    /// Gives the letters since the last call their epoch.
    [[nodiscard]] Outcome close_epoch(std::uint64_t epoch);

private:
    Statement upsert_, close_;
    bool open_ = false;  ///< letters without an epoch exist
};

}  // namespace spillway::sqlite
