#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <spillway/detail/frame_format.hpp>
#include <spillway/frame_reader.hpp>
#include <spillway/id.hpp>

namespace {

using namespace spillway;

/// Reads to the end, or is refused; never reads outside. Every byte of every frame is touched, and
/// the 64 bytes after it.
void read_all(std::span<const std::byte> bytes) {
    static_cast<void>(is_frame_file(bytes));
    auto reader = FrameReader::over(bytes);
    if (!reader) return;
    std::uint64_t place = reader->offset();
    volatile std::uint64_t seen = 0;
    for (;;) {
        const Result<bool> more = reader->next();
        if (!more || !*more) break;
        const FramePiece& piece = reader->piece();
        // Pieces follow each other without a gap, and end.
        if (piece.offset != place || piece.size == 0) std::abort();
        place += piece.size;
        for (const Frame& frame : piece.frames) {
            seen = seen + XXH3_64bits(frame.bytes.data(), frame.bytes.size() + 64);
        }
        for (const FrameDamage& damage : piece.damages) {
            if (damage.frames_before > piece.frames.size()) std::abort();
            seen = seen + hash_text(damage.sample) + hash_text(damage.reason);
        }
    }
    if (place > bytes.size()) std::abort();
}

/// Makes the checksums of the names and records of an unpacked block right.
void repair_records(std::span<std::byte> raw) {
    detail::NamesHeader names;
    if (raw.size() < sizeof(names)) return;
    std::memcpy(&names, raw.data(), sizeof(names));
    if (names.size > raw.size() - sizeof(names)) return;
    std::size_t at = sizeof(names) + names.size;
    names.hash = XXH3_64bits(raw.data() + 8, at - 8);
    std::memcpy(raw.data(), &names, sizeof(names));
    detail::RecordHeader record;
    while (raw.size() - at >= sizeof(record)) {
        std::memcpy(&record, raw.data() + at, sizeof(record));
        if (record.size > raw.size() - at - sizeof(record)) return;
        const std::size_t size = sizeof(record) + record.size;
        record.hash = XXH3_64bits(raw.data() + at + 8, size - 8);
        std::memcpy(raw.data() + at, &record, sizeof(record));
        at += size;
    }
}

/// Makes checksums right that no mutation would ever hit, so that what is behind them is reached.
void repair(std::span<std::byte> file) {
    const std::string_view magic(detail::block_magic.data(), detail::block_magic.size());
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    for (std::size_t at = text.find(magic); at != text.npos; at = text.find(magic, at + 1)) {
        detail::BlockHeader header;
        if (file.size() - at < sizeof(header)) return;
        std::memcpy(&header, file.data() + at, sizeof(header));
        const std::span<std::byte> data = file.subspan(at + sizeof(header));
        const std::size_t size = std::min<std::size_t>(header.stored_size, data.size());
        if (header.codec == FrameCodec::none) repair_records(data.first(size));
        header.stored_hash = XXH3_64bits(data.data(), size);
        header.header_hash = XXH3_64bits(&header, offsetof(detail::BlockHeader, header_hash));
        std::memcpy(file.data() + at, &header, sizeof(header));
    }
}

}  // namespace

/// Any bytes as a frame file, as they are and with checksums that are right.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    read_all(bytes);
    std::vector<std::byte> repaired(bytes.begin(), bytes.end());
    repair(repaired);
    read_all(repaired);
    return 0;
}
