#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/source.hpp>
#include <spillway/status.hpp>

#include "common/input/byte_stream.hpp"

namespace spillway::input {

/// One line of a file, without its line break (LF or CR LF). `text` views the reader's block and
/// has 64 readable bytes after it.
struct Line {
    std::string_view text;
    std::uint64_t number = 0;  ///< from 1, empty lines counted
    std::uint64_t size = 0;    ///< bytes of the whole line; more than `text` shows if too long
    bool too_long = false;     ///< longer than `max_line`: `text` is only its head
};

/// Where reading goes on: before this byte of the uncompressed input, after so many lines.
struct LinePosition {
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;

    template <class Archive>
    void fields(Archive& io) {
        io(1, bytes);
        io(2, lines);
    }
};

/// Cuts a plain, gzip or Zstandard file into lines, a block at a time:
///
///     while (reader.next(line)) ...        // the lines of the current block
///     Result<bool> more = reader.fill();   // the next block; false at the end
///
/// Lines stay valid while somebody holds `block()`; the reader writes into a block again only when
/// it is the last holder. Empty lines are skipped. A line longer than `max_line` is never held
/// whole: it comes out as its head, once. The last line needs no line break, unless the input is
/// damaged there: an incomplete line is not handed out. Used by one thread.
class LineReader {
public:
    static constexpr std::size_t block_size = std::size_t{256} << 10U;
    static constexpr std::size_t head_size = std::size_t{4} << 10U;

    [[nodiscard]] Status open(const std::string& path, std::uint64_t max_line) noexcept;
    [[nodiscard]] bool is_open() const noexcept { return stream_ != nullptr; }

    [[nodiscard]] bool next(Line& line) noexcept {
        for (;;) {
            const std::size_t length = end_ - begin_;
            const char* const start = data() + begin_;
            const auto* newline = static_cast<const char*>(
                length > searched_ ? std::memchr(start + searched_, '\n', length - searched_)
                                   : nullptr);
            if (newline != nullptr) {
                take(line, start, static_cast<std::size_t>(newline - start), 1);
            } else if (ended_ && length > 0) {
                take(line, start, length, 0);
            } else {
                searched_ = length;
                unfinished_ = begin_;
                return false;
            }
            if (line.size > 0) return true;
        }
    }
    /// Reads the next block. An error comes after everything that was read before it, and says
    /// how far reading got. Lines that were handed out and taken back by `rewind` stand at the
    /// start of the next block, which grows for them.
    [[nodiscard]] Result<bool> fill() noexcept;
    /// Whether nothing comes after the lines of the current block, or only an error.
    [[nodiscard]] bool is_last_block() const noexcept { return ended_ || error_.has_value(); }
    /// After `next` said false: what follows is a line too long to be held. Lines before it cannot
    /// be taken over into the next block.
    [[nodiscard]] bool long_line_follows() const noexcept {
        return end_ - unfinished_ > max_line_ && end_ - unfinished_ > head_size;
    }

    [[nodiscard]] const BlockRef& block() const noexcept { return block_; }
    [[nodiscard]] LinePosition position() const noexcept {
        return {block_offset_ + begin_, lines_};
    }
    /// Goes to a position of the same input; right after `open`.
    [[nodiscard]] Status seek(const LinePosition& position) noexcept;
    /// A place between lines of the current block.
    struct Mark {
        std::size_t begin = 0;
        std::uint64_t lines = 0, skipped = 0, block_offset = 0;
    };
    [[nodiscard]] Mark mark() const noexcept { return {begin_, lines_, skipped_, block_offset_}; }
    void rewind(const Mark& mark) noexcept {
        begin_ = mark.begin;
        lines_ = mark.lines;
        skipped_ = mark.skipped;
        block_offset_ = mark.block_offset;
        searched_ = 0;
    }
    /// Bytes of the current block from the mark to the end of the line handed out last.
    [[nodiscard]] std::size_t bytes_since(const Mark& mark) const noexcept {
        return begin_ - mark.begin;
    }
    /// In bytes of the file.
    [[nodiscard]] Progress progress() const noexcept;

private:
    [[nodiscard]] const char* data() const noexcept {
        return reinterpret_cast<const char*>(block_.get()->data);
    }
    void take(Line& line, const char* start, std::size_t length, std::size_t newline) noexcept {
        ++lines_;
        begin_ += length + newline;
        searched_ = 0;
        if (skipped_ == 0 && length > 0 && start[length - 1] == '\r') --length;
        line.number = lines_;
        line.size = length + skipped_;
        line.too_long = line.size > max_line_;
        line.text = {start, line.too_long && length > head_size ? head_size : length};
        block_offset_ += skipped_;
        skipped_ = 0;
    }
    void make_room(std::size_t capacity) noexcept;
    void read_more() noexcept;
    void skip_long_line() noexcept;

    std::string path_;
    std::unique_ptr<ByteStream> stream_;
    std::uint64_t max_line_ = 0;
    BlockRef block_;
    std::vector<BlockRef> spare_blocks_;  ///< for use again once nobody holds them
    std::uint64_t block_offset_ = 0;      ///< of the block's start in the input
    std::size_t begin_ = 0;               ///< of what was not handed out yet
    std::size_t end_ = 0;
    std::size_t searched_ = 0;    ///< bytes from `begin_` known to hold no line break
    std::size_t unfinished_ = 0;  ///< of the line that the block's end cuts
    std::uint64_t lines_ = 0;
    std::uint64_t skipped_ = 0;  ///< bytes left out of the too long line at `begin_`
    bool ended_ = false;
    std::optional<Status> error_;
};

}  // namespace spillway::input
