#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include <spillway/detail/frame_format.hpp>
#include <spillway/id.hpp>

namespace spillway::detail {
namespace {

constexpr std::size_t scan_size = std::size_t{64} << 10U;

template <std::size_t Size>
std::string_view text_of(const std::array<char, Size>& magic) noexcept {
    return {magic.data(), magic.size()};
}

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A header whose checksum and limits are right.
std::optional<BlockHeader> parse_block_header(std::span<const std::byte> bytes) noexcept {
    BlockHeader header;
    if (bytes.size() < sizeof(header)) return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof(header));
    if (header.magic != block_magic) return std::nullopt;
    if (header.header_hash != XXH3_64bits(&header, offsetof(BlockHeader, header_hash))) {
        return std::nullopt;
    }
    const bool plain = header.codec == FrameCodec::none;
    if (!plain && header.codec != FrameCodec::zstd) return std::nullopt;
    if (plain && header.stored_size != header.raw_size) return std::nullopt;
    if (header.raw_size > max_raw_size || header.stored_size > max_raw_size) return std::nullopt;
    if (header.records == 0 || header.raw_size < sizeof(NamesHeader) ||
        header.records > (header.raw_size - sizeof(NamesHeader)) / sizeof(RecordHeader)) {
        return std::nullopt;
    }
    return header;
}

Status no_frame_file(const FrameInput& input) noexcept {
    return {Code::io,
            input.path() +
                ": is no frame file: it does not begin like one, and has no block that "
                "is whole",
            input.path()};
}

/// A file without its magic: damaged at the start if there are blocks, else something else.
Result<FileStart> damaged_start(const FrameInput& input) noexcept {
    const auto block = find_block(input, 0, input.size());
    if (!block) return tl::make_unexpected(block.error());
    if (!*block) return tl::make_unexpected(no_frame_file(input));
    FileStart start;
    start.state = FileStart::State::damaged;
    return start;
}

}  // namespace

Result<FileStart> read_file_start(const FrameInput& input) noexcept {
    std::array<std::byte, max_frame_file_header> bytes{};
    const auto count = input.read(0, bytes);
    if (!count) return tl::make_unexpected(count.error());
    const std::string_view head = text_of(std::span(bytes).first(*count));
    FileStart start;
    if (!head.starts_with(text_of(file_magic).substr(0, head.size()))) return damaged_start(input);
    start.state = FileStart::State::truncated;
    if (head.size() < sizeof(FileHeader)) return start;
    FileHeader header;
    std::memcpy(&header, head.data(), sizeof(header));
    if (header.created_by_size > max_created_by) return damaged_start(input);
    const std::size_t size = sizeof(header) + header.created_by_size;
    if (head.size() < size + sizeof(std::uint64_t)) return start;
    std::uint64_t hash = 0;
    std::memcpy(&hash, head.data() + size, sizeof(hash));
    if (hash != XXH3_64bits(head.data(), size)) return damaged_start(input);
    if (header.version == 0 || header.version > frame_file_version ||
        header.ticks != ticks_per_second) {
        return tl::make_unexpected(Status(
            Code::unsupported,
            fmt::format("{}: is a frame file of version {} (created by {}); this build reads "
                        "versions 1 to {}: use a newer one",
                        input.path(), header.version,
                        head.substr(sizeof(header), header.created_by_size), frame_file_version),
            input.path()));
    }
    start.state = FileStart::State::whole;
    start.version = header.version;
    start.created_by = head.substr(sizeof(header), header.created_by_size);
    start.size = size + sizeof(hash);
    return start;
}

Result<std::optional<BlockHeader>> block_at(const FrameInput& input,
                                            std::uint64_t offset) noexcept {
    std::array<std::byte, sizeof(BlockHeader)> bytes{};
    const auto count = input.read(offset, bytes);
    if (!count) return tl::make_unexpected(count.error());
    return parse_block_header(std::span(bytes).first(*count));
}

Result<std::optional<FoundBlock>> find_block(const FrameInput& input, std::uint64_t from,
                                             std::uint64_t until) noexcept {
    std::vector<std::byte> bytes(
        std::min<std::uint64_t>(scan_size, input.size() - std::min(from, input.size())));
    while (from < until) {
        const auto count = input.read(from, bytes);
        if (!count) return tl::make_unexpected(count.error());
        const std::string_view text = text_of(std::span(bytes).first(*count));
        for (std::size_t at = text.find(text_of(block_magic)); at != std::string_view::npos;
             at = text.find(text_of(block_magic), at + 1)) {
            if (from + at >= until) return std::optional<FoundBlock>();
            const auto header = block_at(input, from + at);
            if (!header) return tl::make_unexpected(header.error());
            if (const auto& block = *header) return std::optional<FoundBlock>({from + at, *block});
        }
        if (*count < bytes.size() || *count < block_magic.size()) break;
        from += *count - block_magic.size() + 1;
    }
    return std::optional<FoundBlock>();
}

Result<FileEnd> find_end(const FrameInput& input, const FileStart& start) noexcept {
    if (start.state == FileStart::State::truncated) return FileEnd{};
    FileEnd end{start.size, 0};
    while (end.offset < input.size()) {
        const auto header = block_at(input, end.offset);
        if (!header) return tl::make_unexpected(header.error());
        std::uint64_t search = end.offset + 1;
        if (*header) {
            const std::uint64_t data = end.offset + sizeof(BlockHeader);
            if ((*header)->stored_size <= input.size() - data) {
                end = {data + (*header)->stored_size, (*header)->first_record + (*header)->records};
                continue;
            }
            search = data;
        }
        const auto found = find_block(input, search, input.size());
        if (!found) return tl::make_unexpected(found.error());
        if (*found) {
            end.offset = (*found)->offset;
            continue;
        }
        // Only what a write left unfinished is cut: other damage may be worth a look.
        if (!*header && input.size() - end.offset >= sizeof(BlockHeader)) end.offset = input.size();
        break;
    }
    return end;
}

}  // namespace spillway::detail

namespace spillway {

bool is_frame_file(std::span<const std::byte> head) noexcept {
    const detail::FrameInput input(
        head.first(std::min(head.size(), max_frame_file_header + sizeof(detail::BlockHeader))));
    if (head.size() >= detail::file_magic.size() &&
        std::memcmp(head.data(), detail::file_magic.data(), detail::file_magic.size()) == 0) {
        return true;
    }
    const auto block = detail::find_block(input, 0, input.size());
    return block && *block;
}

}  // namespace spillway
