#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <spillway/frame_file.hpp>
#include <spillway/status.hpp>

// The bytes of frame files, and finding blocks among them. docs/frame-files.md describes them.
namespace spillway::detail {

static_assert(std::endian::native == std::endian::little, "structs are written as they are");

/// A byte that is no UTF-8, line breaks that a text transfer would change, an end-of-file mark.
inline constexpr std::array<char, 8> file_magic = {'\x89', 'S', 'P', 'F', '\r', '\n', '\x1A', '\n'};
/// Begins and ends with bytes that no UTF-8 text holds; the digit is the version of the block.
inline constexpr std::array<char, 8> block_magic = {'\xF5', 'B', 'L', 'O', 'C', 'K', '1', '\xFA'};
inline constexpr std::uint32_t ticks_per_second = 1'000'000'000;

/// Followed by the text "created by" and the XXH3-64 of all that.
struct FileHeader {
    std::array<char, 8> magic = file_magic;
    std::uint16_t version = frame_file_version;
    std::uint16_t created_by_size = 0;
    std::uint32_t ticks = ticks_per_second;
};
static_assert(sizeof(FileHeader) == 16);

struct BlockHeader {
    std::array<char, 8> magic = block_magic;
    FrameCodec codec = FrameCodec::none;
    std::array<std::uint8_t, 3> reserved{};
    std::uint32_t records = 0;
    std::uint64_t first_record = 0;
    Time first_time = 0;  ///< earliest and latest receive time
    Time last_time = 0;
    std::uint32_t raw_size = 0;
    std::uint32_t stored_size = 0;
    std::uint64_t stored_hash = 0;
    std::uint64_t header_hash = 0;  ///< of the 56 bytes before it
};
static_assert(sizeof(BlockHeader) == 64);

/// In front of a block's names, each being a 16-bit length and its bytes.
struct NamesHeader {
    std::uint64_t hash = 0;  ///< of all that follows up to the first record
    std::uint32_t size = 0;  ///< bytes of the names
    std::uint32_t count = 0;
};
static_assert(sizeof(NamesHeader) == 16);

/// In front of the bytes of a frame.
struct RecordHeader {
    std::uint64_t hash = 0;  ///< of the 24 bytes that follow it and of the frame's bytes
    std::uint32_t size = 0;
    std::uint16_t venue = 0;  ///< index of a name
    std::uint16_t channel = 0;
    Time receive_time = 0;
    std::uint32_t session = 0;
    std::uint16_t http_status = 0;
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
};
static_assert(sizeof(RecordHeader) == 32);
inline constexpr std::uint8_t record_binary = 1;

inline constexpr std::size_t max_names_size = std::size_t{256} << 10U;
inline constexpr std::size_t max_raw_size =
    sizeof(NamesHeader) + max_names_size + sizeof(RecordHeader) + max_frame_bytes;

/// A file, or bytes in memory; owns its descriptor.
class FrameInput {
public:
    FrameInput() = default;
    explicit FrameInput(std::span<const std::byte> bytes) noexcept
        : bytes_(bytes), size_(bytes.size()) {}
    FrameInput(std::string path, int descriptor, std::uint64_t size) noexcept;
    FrameInput(const FrameInput&) = delete;
    FrameInput& operator=(const FrameInput&) = delete;
    FrameInput(FrameInput&& other) noexcept;
    FrameInput& operator=(FrameInput&& other) noexcept;
    ~FrameInput();
    [[nodiscard]] static Result<FrameInput> open(std::string_view path) noexcept;

    /// Fills `room` from `offset`; fewer bytes only at the end.
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset,
                                           std::span<std::byte> room) const noexcept;
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_ = "input";
    std::span<const std::byte> bytes_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

/// "path: what: reason of errno".
[[nodiscard]] Status file_error(std::string_view path, std::string_view what, int number) noexcept;

/// What stands at the start of a file.
struct FileStart {
    enum class State : std::uint8_t { whole, truncated, damaged };
    State state = State::whole;
    std::uint16_t version = 0;
    std::string created_by;
    std::uint64_t size = 0;  ///< of the header; 0 unless whole
};
/// An error if the file cannot be read, is no frame file, or is newer than this library.
[[nodiscard]] Result<FileStart> read_file_start(const FrameInput& input) noexcept;

/// The header of a block at `offset`: one whose checksum and limits are right.
[[nodiscard]] Result<std::optional<BlockHeader>> block_at(const FrameInput& input,
                                                          std::uint64_t offset) noexcept;

struct FoundBlock {
    std::uint64_t offset = 0;
    BlockHeader header;
};
/// The first block header in [from, until), by its magic.
[[nodiscard]] Result<std::optional<FoundBlock>> find_block(const FrameInput& input,
                                                           std::uint64_t from,
                                                           std::uint64_t until) noexcept;

/// Where a writer goes on: after the last block and damage, before a block that was not written
/// whole.
struct FileEnd {
    std::uint64_t offset = 0;
    std::uint64_t next_record = 0;
};
[[nodiscard]] Result<FileEnd> find_end(const FrameInput& input, const FileStart& start) noexcept;

}  // namespace spillway::detail
