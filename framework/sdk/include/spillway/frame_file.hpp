#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/time.hpp>

namespace spillway {

// The one file format of raw frames: recordings, journals, fixtures. docs/frame-files.md describes
// it byte by byte; <spillway/frame_writer.hpp> and <spillway/frame_reader.hpp> write and read it.

/// The format that this library writes. It reads this one and every older one.
inline constexpr std::uint16_t frame_file_version = 1;
/// How files of frames are named.
inline constexpr std::string_view frame_file_extension = ".frames";

/// How a block's bytes are stored.
enum class FrameCodec : std::uint8_t { none, zstd };

// What a file may hold. A writer refuses more, a reader takes more for damage.
inline constexpr std::size_t max_frame_bytes = std::size_t{64} << 20U;
inline constexpr std::size_t max_frame_name = 1024;   ///< bytes of a venue or channel
inline constexpr std::size_t max_block_names = 4096;  ///< names in one block
inline constexpr std::size_t max_created_by = 1024;   ///< bytes
inline constexpr std::size_t max_frame_file_header = 16 + max_created_by + 8;

/// Whether a file with these first bytes (max_frame_file_header + 64 of them are enough) is a
/// frame file. Its first bytes may be damaged as long as the first block is not.
[[nodiscard]] bool is_frame_file(std::span<const std::byte> head) noexcept;

/// A part of a file that could not be read.
struct FrameDamage {
    std::uint64_t offset = 0;   ///< in the file; of the block if the damage is inside a packed one
    std::uint64_t bytes = 0;    ///< lost; inside a packed block: of unpacked bytes
    std::uint64_t records = 0;  ///< lost, as far as is known
    std::uint32_t frames_before = 0;  ///< frames of the same piece that come before it
    bool truncated = false;   ///< the file ends inside a block: a write did not come to its end
    std::string_view reason;  ///< valid until the reader goes on
    std::string_view sample;  ///< the first of the lost bytes; valid until the reader goes on
};

/// What a reader could not read, over the whole file so far.
struct FrameLosses {
    std::uint64_t blocks = 0;   ///< blocks with damage, a truncated one included
    std::uint64_t records = 0;  ///< as far as is known
    std::uint64_t bytes = 0;
    bool truncated = false;

    [[nodiscard]] bool any() const noexcept { return blocks > 0 || records > 0 || bytes > 0; }
};

}  // namespace spillway
