#pragma once

#include <filesystem>
#include <span>

#include <spillway/dead_letter_store.hpp>

#include "letters/letter.hpp"

namespace spillway::cli {

/// Dead letters in a JSON-lines file (`dead_letters: {file: PATH}`). The pipeline only adds to that
/// file, and its checkpoint knows how far; what replays made of the letters stands beside it, in
/// PATH.replayed.
class LetterFile {
public:
    explicit LetterFile(std::filesystem::path file) : file_(std::move(file)) {}

    /// One letter per record, oldest first: a record that is refused again by a later run is open
    /// again. A file that does not exist has none. The last line may be on its way.
    [[nodiscard]] Result<Letters> read() const;
    /// Notes what a replay made of letters; readers see all of it or nothing.
    [[nodiscard]] Status settle(std::span<const LetterOutcome> outcomes) const;
    [[nodiscard]] std::filesystem::path notes() const { return file_.string() + ".replayed"; }

private:
    std::filesystem::path file_;
};

}  // namespace spillway::cli
