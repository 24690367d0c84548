#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace spillway::bench {

/// One line of a file, without its newline, in a buffer that the caller may write to.
struct Line {
    char* data = nullptr;
    std::size_t size = 0;
    /// Bytes that may be read from `data` on; at least `size` + `LineBlocks::padding`.
    std::size_t readable = 0;
};

/// Reads a file in blocks and cuts it into lines. A line is valid until the next call.
class LineBlocks {
public:
    /// Readable bytes behind every line, as simdjson wants them.
    static constexpr std::size_t padding = 64;
    static constexpr std::size_t block_size = std::size_t{256} << 10;

    explicit LineBlocks(const std::filesystem::path& path)
        : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        buffer_.resize(block_size + padding);
        if (file_ < 0) fail("cannot open");
    }
    ~LineBlocks() {
        if (file_ >= 0) ::close(file_);
    }
    LineBlocks(const LineBlocks&) = delete;
    LineBlocks& operator=(const LineBlocks&) = delete;

    /// False at the end of the file and after an error, see error(). A last line needs no newline.
    bool next(Line& line) {
        for (;;) {
            char* const begin = buffer_.data() + begin_;
            if (void* const newline =
                    std::memchr(begin + searched_, '\n', end_ - begin_ - searched_)) {
                take(line, static_cast<std::size_t>(static_cast<char*>(newline) - begin));
                ++begin_;
                return true;
            }
            searched_ = end_ - begin_;
            if (!fill()) break;
        }
        if (begin_ == end_ || error_) return false;
        take(line, end_ - begin_);
        return true;
    }

    /// What went wrong, with the file's name.
    const std::optional<std::string>& error() const { return error_; }

private:
    void take(Line& line, std::size_t size) {
        line = {buffer_.data() + begin_, size, buffer_.size() - begin_};
        begin_ += size;
        searched_ = 0;
    }

    /// Moves the unfinished line to the front and reads behind it.
    bool fill() {
        if (file_ < 0) return false;
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
        if (end_ + padding == buffer_.size()) buffer_.resize(2 * end_ + padding);
        ssize_t count = 0;
        do {
            count = ::read(file_, buffer_.data() + end_, buffer_.size() - padding - end_);
        } while (count < 0 && errno == EINTR);
        if (count < 0) fail("cannot read");
        if (count > 0) end_ += static_cast<std::size_t>(count);
        return count > 0;
    }

    void fail(const char* what) {
        error_ = path_.string() + ": " + what + ": " + std::generic_category().message(errno);
    }

    std::filesystem::path path_;
    int file_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;     // first byte of the current line
    std::size_t searched_ = 0;  // bytes of it known to hold no newline
    std::size_t end_ = 0;       // end of what was read
    std::optional<std::string> error_;
};

}  // namespace spillway::bench
