#pragma once

#include <string>
#include <vector>

#include <spillway/source.hpp>

#include "letters/letter.hpp"

namespace spillway::cli {

/// A source of letters in memory. Its input never changes, so no position is kept.
class LetterSource : public Source {
public:
    void add(const Letter& letter) { letters.push_back(letter); }

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SourceSetup&) noexcept override {
        next_ = 0;  // a pipeline that restarts reads them again
        return {};
    }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter&) noexcept override {}
    Status seek(std::span<const std::byte>) noexcept override { return {}; }

protected:
    /// Puts out letters [first, last).
    virtual Status put(std::size_t first, std::size_t last, SourceOutput& out) = 0;

    Letters letters;

private:
    std::size_t next_ = 0;
};

/// Messages for the decoder that refused them.
class FrameLetters final : public LetterSource {
    Status put(std::size_t first, std::size_t last, SourceOutput& out) override;
};

/// Events for the node that refused them, with the ids and event times they had.
class EventLetters final : public LetterSource {
    Status put(std::size_t first, std::size_t last, SourceOutput& out) override;
};

}  // namespace spillway::cli
