#include "common/input/line_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace spillway::input {
namespace {

/// Blocks kept for use again: fresh memory costs a page fault every 4 KiB.
constexpr std::size_t kept_blocks = 16;

bool unheld(const BlockRef& block) noexcept {
    return block.get()->references.load(std::memory_order_acquire) == 1;
}

}  // namespace

Status LineReader::open(const std::string& path, std::uint64_t max_line) noexcept {
    Result<std::unique_ptr<ByteStream>> stream = open_bytes(path);
    if (!stream) return stream.error();
    *this = LineReader();
    path_ = path;
    stream_ = std::move(*stream);
    max_line_ = max_line;
    make_room(block_size);
    return {};
}

/// Goes on in a block of at least this capacity that nobody else holds, with the unfinished line
/// at its start.
void LineReader::make_room(std::size_t capacity) noexcept {
    const std::size_t tail = end_ - begin_;
    BlockRef next;
    if (block_ && block_.get()->capacity >= capacity && unheld(block_)) {
        next = block_;
    } else if (const auto spare = std::find_if(spare_blocks_.begin(), spare_blocks_.end(), unheld);
               capacity == block_size && spare != spare_blocks_.end()) {
        next = std::move(*spare);
        spare_blocks_.erase(spare);
    } else {
        next = BlockRef(block_create(capacity));
    }
    if (tail > 0) std::memmove(next.get()->data, block_.get()->data + begin_, tail);
    if (block_ && block_.get() != next.get() && block_.get()->capacity == block_size &&
        spare_blocks_.size() < kept_blocks) {
        spare_blocks_.push_back(std::move(block_));
    }
    block_ = std::move(next);
    block_offset_ += std::exchange(begin_, 0);
    end_ = tail;
    unfinished_ = 0;
}

void LineReader::read_more() noexcept {
    while (end_ < block_.get()->capacity && !ended_ && !error_) {
        const Result<std::size_t> count =
            stream_->read({block_.get()->data + end_, block_.get()->capacity - end_});
        if (!count) {
            error_ = count.error();
        } else if (*count == 0) {
            ended_ = true;
        } else {
            end_ += *count;
        }
    }
}

Result<bool> LineReader::fill() noexcept {
    const std::size_t tail = end_ - begin_;
    if (error_) {
        return tl::make_unexpected(Status(
            error_->code(),
            fmt::format("{}; {} lines were read, {} bytes of an incomplete line were not used",
                        error_->message(), lines_, tail),
            path_));
    }
    if (ended_) return tail > 0;
    if (begin_ >= unfinished_ && long_line_follows()) {
        skip_long_line();
    } else {
        make_room(tail > block_size / 2 ? 2 * std::max(tail, block_size) : block_size);
        read_more();
    }
    if (block_offset_ == 0 && begin_ == 0 && end_ >= 3 &&
        std::memcmp(data(), "\xEF\xBB\xBF", 3) == 0) {
        begin_ = 3;
    }
    return true;
}

/// Keeps the head of the line at the block's start and reads past its end.
void LineReader::skip_long_line() noexcept {
    skipped_ += end_ - begin_ - head_size;
    searched_ = head_size;
    end_ = begin_ + head_size;
    make_room(block_size);
    for (;;) {
        end_ = head_size;
        read_more();
        const auto* rest = data() + head_size;
        const std::size_t size = end_ - head_size;
        const auto* newline = static_cast<const char*>(std::memchr(rest, '\n', size));
        if (newline != nullptr || ended_ || error_) {
            // What follows the line moves up to its head: its middle is left out.
            const std::size_t cut =
                newline != nullptr ? static_cast<std::size_t>(newline - rest) : size;
            std::memmove(block_.get()->data + head_size, rest + cut, size - cut);
            skipped_ += cut;
            end_ -= cut;
            return;
        }
        skipped_ += size;
    }
}

Status LineReader::seek(const LinePosition& position) noexcept {
    if (Status skipped = stream_->skip(position.bytes); !skipped.ok()) return skipped;
    block_offset_ = position.bytes;
    lines_ = position.lines;
    return {};
}

Progress LineReader::progress() const noexcept {
    if (!stream_) return {};
    return {stream_->file_bytes_read(), stream_->file_size()};
}

}  // namespace spillway::input
