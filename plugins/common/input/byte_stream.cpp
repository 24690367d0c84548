#include "common/input/byte_stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "common/input/file.hpp"

namespace spillway::input {
namespace {

constexpr std::size_t compressed_piece = std::size_t{64} << 10U;
constexpr std::array<unsigned char, 2> gzip_magic = {0x1F, 0x8B};
constexpr std::array<unsigned char, 4> zstd_magic = {0x28, 0xB5, 0x2F, 0xFD};

template <std::size_t Size>
bool begins_with(std::span<const std::byte> bytes, const std::array<unsigned char, Size>& magic) {
    return bytes.size() >= Size && std::memcmp(bytes.data(), magic.data(), Size) == 0;
}

/// The file's bytes as they are, those first that were read to recognise it.
class Plain final : public ByteStream {
public:
    Plain(File file, std::vector<std::byte> head)
        : file_(std::move(file)), head_(std::move(head)) {}

    Result<std::size_t> read(std::span<std::byte> room) noexcept override {
        if (head_used_ == head_.size()) return file_.read(room);
        const std::size_t count = std::min(room.size(), head_.size() - head_used_);
        std::memcpy(room.data(), head_.data() + head_used_, count);
        head_used_ += count;
        return count;
    }
    Status skip(std::uint64_t bytes) noexcept override {
        if (head_used_ == 0 && file_.size() > 0) {
            if (file_.seek(bytes)) {
                head_used_ = head_.size();
                return {};
            }
            return {Code::io,
                    fmt::format("{}: cannot go on at byte {}: the file has only {} bytes; "
                                "it is not the file that was read before",
                                file_.path(), bytes, file_.size())};
        }
        return ByteStream::skip(bytes);
    }
    [[nodiscard]] std::uint64_t file_bytes_read() const noexcept override {
        return file_.bytes_read();
    }
    [[nodiscard]] std::uint64_t file_size() const noexcept override { return file_.size(); }

private:
    File file_;
    std::vector<std::byte> head_;
    std::size_t head_used_ = 0;
};

/// What a codec did with one piece.
struct Decoded {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    const char* damage = nullptr;  ///< what is wrong with the data; null if nothing
};

/// Inflates gzip members, one after the other.
class Gzip {
public:
    static constexpr std::string_view format = "gzip";

    Gzip() : ready_(inflateInit2(&stream_, 15 + 16) == Z_OK) {}
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip() { inflateEnd(&stream_); }

    /// True between members: the input may end here.
    [[nodiscard]] bool complete() const noexcept { return complete_; }

    Decoded decode(std::span<const std::byte> in, std::span<std::byte> out) noexcept {
        if (!ready_) return {0, 0, "zlib could not start"};
        if (complete_ && !in.empty()) {
            inflateReset(&stream_);
            complete_ = false;
        }
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): zlib only reads it
        stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int code = inflate(&stream_, Z_NO_FLUSH);
        Decoded done{in.size() - stream_.avail_in, out.size() - stream_.avail_out};
        if (code == Z_STREAM_END) {
            complete_ = true;
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            done.damage = stream_.msg != nullptr ? stream_.msg : "the data is damaged";
        }
        return done;
    }

private:
    z_stream stream_{};
    bool ready_;
    bool complete_ = false;
};

/// Decompresses Zstandard frames, one after the other.
class Zstandard {
public:
    static constexpr std::string_view format = "zstd";

    [[nodiscard]] bool complete() const noexcept { return complete_; }

    Decoded decode(std::span<const std::byte> in, std::span<std::byte> out) noexcept {
        if (stream_ == nullptr) return {0, 0, "libzstd could not start"};
        if (complete_ && in.empty()) return {};
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        const std::size_t code = ZSTD_decompressStream(stream_.get(), &output, &input);
        complete_ = code == 0;
        return {input.pos, output.pos, ZSTD_isError(code) != 0 ? ZSTD_getErrorName(code) : nullptr};
    }

private:
    struct Free {
        void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
    };
    std::unique_ptr<ZSTD_DStream, Free> stream_{ZSTD_createDStream()};
    bool complete_ = false;
};

template <class Codec>
class Compressed final : public ByteStream {
public:
    Compressed(File file, std::vector<std::byte> head)
        : file_(std::move(file)), piece_(std::move(head)), end_(piece_.size()) {
        piece_.resize(compressed_piece);
    }

    Result<std::size_t> read(std::span<std::byte> room) noexcept override {
        if (error_) return tl::make_unexpected(*error_);
        for (;;) {
            // A full codec may hold output back although all input is taken: ask it first.
            const Decoded done =
                codec_.decode(std::span(piece_).subspan(begin_, end_ - begin_), room);
            begin_ += done.consumed;
            produced_ += done.produced;
            if (done.damage != nullptr) fail(done.damage);
            if (done.produced > 0) return done.produced;
            if (error_) return tl::make_unexpected(*error_);
            if (begin_ < end_) continue;
            const Result<std::size_t> count = file_.read(piece_);
            if (!count) {
                return tl::make_unexpected(error_.emplace(count.error()));
            }
            if (*count == 0) {
                if (codec_.complete()) return std::size_t{0};
                return tl::make_unexpected(fail("the file is truncated"));
            }
            begin_ = 0;
            end_ = *count;
        }
    }
    [[nodiscard]] std::uint64_t file_bytes_read() const noexcept override {
        return file_.bytes_read() - (end_ - begin_);
    }
    [[nodiscard]] std::uint64_t file_size() const noexcept override { return file_.size(); }

private:
    const Status& fail(const char* what) {
        return error_.emplace(
            Code::io,
            fmt::format("{}: bad {} data at byte {} of {} ({} bytes uncompressed): {}",
                        file_.path(), Codec::format, file_bytes_read(), file_.size(), produced_,
                        what),
            file_.path());
    }

    File file_;
    std::vector<std::byte> piece_;
    std::size_t begin_ = 0;
    std::size_t end_;
    std::uint64_t produced_ = 0;
    Codec codec_;
    std::optional<Status> error_;
};

}  // namespace

Status ByteStream::skip(std::uint64_t bytes) noexcept {
    std::array<std::byte, 16'384> waste{};
    while (bytes > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, waste.size()));
        const Result<std::size_t> count = read(std::span(waste).first(wanted));
        if (!count) return count.error();
        if (*count == 0) {
            return {Code::io,
                    "the input ends before the place where reading shall go on; it is "
                    "not the file that was read before"};
        }
        bytes -= *count;
    }
    return {};
}

Result<std::unique_ptr<ByteStream>> open_bytes(const std::string& path) noexcept {
    Result<File> file = File::open(path);
    if (!file) return tl::make_unexpected(file.error());
    std::vector<std::byte> head(zstd_magic.size());
    std::size_t size = 0;
    while (size < head.size()) {  // a pipe may give less than asked for
        const Result<std::size_t> count = file->read(std::span(head).subspan(size));
        if (!count) return tl::make_unexpected(count.error());
        if (*count == 0) break;
        size += *count;
    }
    head.resize(size);
    std::unique_ptr<ByteStream> stream;
    if (begins_with(head, gzip_magic)) {
        stream = std::make_unique<Compressed<Gzip>>(std::move(*file), std::move(head));
    } else if (begins_with(head, zstd_magic)) {
        stream = std::make_unique<Compressed<Zstandard>>(std::move(*file), std::move(head));
    } else {
        stream = std::make_unique<Plain>(std::move(*file), std::move(head));
    }
    return stream;
}

}  // namespace spillway::input
