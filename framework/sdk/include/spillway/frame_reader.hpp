#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/frame.hpp>
#include <spillway/frame_file.hpp>
#include <spillway/status.hpp>

namespace spillway {

/// A block of a file, or the damage that stands in its place.
struct FramePiece {
    std::span<const Frame> frames;         ///< in the order of the file
    std::span<const FrameDamage> damages;  ///< in place order; see `frames_before`
    std::uint64_t offset = 0;              ///< in the file
    std::uint64_t size = 0;                ///< bytes in the file
    std::uint64_t first_record = 0;        ///< number in the file, from 0; of the next one if none
    Time first_time = time_never;          ///< earliest receive time; time_never without a block
    Time last_time = time_before_all;      ///< latest
    std::uint64_t raw_size = 0;            ///< unpacked bytes of the block; 0 without one
    FrameCodec codec = FrameCodec::none;
};

/// Reads a frame file piece by piece, whatever state it is in: damage costs the records that it
/// hits, or the rest of their block if lengths were hit; reading goes on at the next block that is
/// whole. A file is read to the size it had when it was opened. Used by one thread.
///
///     for (;;) {
///         const Result<bool> more = reader->next();
///         if (!more) return more.error();  // the device failed, or a table of names is full
///         if (!*more) break;
///         for (const Frame& frame : reader->piece().frames) ...
///     }
class FrameReader {
public:
    /// Errors: it cannot be opened, is no frame file, or is of a newer version.
    [[nodiscard]] static Result<FrameReader> open(std::string_view path) noexcept;
    /// Reads bytes that outlive the reader.
    [[nodiscard]] static Result<FrameReader> over(std::span<const std::byte> bytes) noexcept;
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;
    FrameReader(FrameReader&&) noexcept;
    FrameReader& operator=(FrameReader&&) noexcept;
    ~FrameReader();

    /// Reads the next piece; false at the end.
    [[nodiscard]] Result<bool> next() noexcept;
    /// Goes past the next block without reading its records: its place, times and size are set, it
    /// has no frames. Damage of its records is not seen.
    [[nodiscard]] Result<bool> skip() noexcept;
    /// The piece that `next` read; valid until the next call of it.
    [[nodiscard]] const FramePiece& piece() const noexcept;
    /// What the frames of the piece point into, with 64 readable bytes after them: hold it to keep
    /// them.
    [[nodiscard]] const BlockRef& block() const noexcept;

    /// Goes to the start of a piece, `first_record` being the one it had.
    void seek(std::uint64_t offset, std::uint64_t first_record) noexcept;

    [[nodiscard]] std::uint16_t version() const noexcept;  ///< 0: the header is damaged
    [[nodiscard]] std::string_view created_by() const noexcept;
    [[nodiscard]] std::uint64_t size() const noexcept;  ///< of the file, in bytes
    /// Where the next piece begins.
    [[nodiscard]] std::uint64_t offset() const noexcept;
    [[nodiscard]] const FrameLosses& losses() const noexcept;

private:
    struct State;
    explicit FrameReader(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

}  // namespace spillway
