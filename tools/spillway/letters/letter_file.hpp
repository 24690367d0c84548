#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <spillway/dead_letter_store.hpp>

#include "letters/letter.hpp"

namespace spillway::cli {

/// Dead letters in a JSON-lines file (`dead_letters: {file: PATH}`). The pipeline only adds to that
/// file, and its checkpoint knows how far; what replays made of the letters stands beside it, in
/// PATH.replayed.
class LetterFile {
public:
    /// The name of the newest replay that was committed; asked only if a replay did not come to
    /// its end.
    using NewestReplay = std::function<Result<std::string>()>;
    LetterFile(std::filesystem::path file, NewestReplay newest_replay)
        : file_(std::move(file)), newest_replay_(std::move(newest_replay)) {}

    /// One letter per record, oldest first: a record that is refused again by a later run is open
    /// again. A file that does not exist has none. The last line may be on its way.
    [[nodiscard]] Result<Letters> read() const;
    /// Notes what a replay makes of letters, before it is committed: readers see it from the moment
    /// on at which it is the newest.
    [[nodiscard]] Status prepare(std::span<const LetterOutcome> outcomes,
                                 std::string_view replay) const;
    /// The same for a replay that was committed, be it prepared or not.
    [[nodiscard]] Status settle(std::span<const LetterOutcome> outcomes,
                                std::string_view replay) const;
    /// Takes notes that were only prepared over, or throws them away: before another replay takes
    /// the place of the newest.
    [[nodiscard]] Status resolve() const;
    [[nodiscard]] std::filesystem::path notes() const { return file_.string() + ".replayed"; }

private:
    std::filesystem::path file_;
    NewestReplay newest_replay_;
};

}  // namespace spillway::cli
