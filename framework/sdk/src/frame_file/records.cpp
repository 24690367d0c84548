#include <cstring>

#include <spillway/detail/frame_records.hpp>
#include <spillway/id.hpp>

namespace spillway::detail {
namespace {

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

/// Reads the names at the start of a block and answers how many bytes they take. Null, or what is
/// wrong with them.
const char* RecordParser::read_names(std::span<const std::byte> raw, std::size_t& size) noexcept {
    NamesHeader header;
    if (raw.size() < sizeof(header)) return "the names of the block are missing";
    std::memcpy(&header, raw.data(), sizeof(header));
    size = sizeof(header) + std::size_t{header.size};
    if (header.size > max_names_size || size > raw.size() || header.count > max_block_names ||
        header.hash != XXH3_64bits(raw.data() + sizeof(header.hash), size - sizeof(header.hash))) {
        return "the names of the block are damaged";
    }
    std::string_view left = text_of(raw.subspan(sizeof(header), header.size));
    names_.clear();
    names_.reserve(header.count);
    for (std::uint32_t i = 0; i < header.count; ++i) {
        std::uint16_t length = 0;
        if (left.size() < sizeof(length)) return "the names of the block are too short";
        std::memcpy(&length, left.data(), sizeof(length));
        left.remove_prefix(sizeof(length));
        if (length > left.size()) return "the names of the block are too short";
        names_.push_back({left.substr(0, length)});
        left.remove_prefix(length);
    }
    return nullptr;
}

/// What is wrong with a record whose checksum is right; null if nothing.
const char* RecordParser::check(const RecordHeader& record) const noexcept {
    if (record.size > max_frame_bytes) return "the record is longer than a frame may be";
    if (record.venue >= names_.size() || record.channel >= names_.size()) {
        return "the record names a venue or channel that the block does not have";
    }
    if (record.type > static_cast<std::uint8_t>(FrameType::gap)) {
        return "the record's type is unknown";
    }
    if ((record.flags & ~record_binary) != 0) return "the record has unknown flags";
    return nullptr;
}

/// The names of a record as handles of this process, made at first use.
bool RecordParser::intern(const RecordHeader& record, Frame& frame) noexcept {
    Name& venue = names_[record.venue];
    Name& channel = names_[record.channel];
    if (venue.venue == VenueId::none) venue.venue = venue_id(venue.text);
    if (channel.channel == NameId::none) channel.channel = name_id(channel.text);
    frame.venue = venue.venue;
    frame.channel = channel.channel;
    return (frame.venue != VenueId::none || venue.text.empty()) &&
           (frame.channel != NameId::none || channel.text.empty());
}

Status RecordParser::parse(const BlockHeader& header, std::span<const std::byte> raw,
                           const BlockPlace& place, PodVector<Frame>& frames) noexcept {
    const bool packed = header.codec != FrameCodec::none;
    const std::uint32_t frames_at_start = frames.size();
    const auto lost = [&](std::size_t at, std::uint64_t bytes, std::uint64_t records,
                          const char* reason) {
        damage({packed ? place.offset : place.offset + sizeof(BlockHeader) + at, bytes, records,
                frames.size(), false, reason,
                text_of(raw).substr(std::min(at, raw.size()), bytes)});
    };
    std::size_t at = 0;
    if (const char* reason = read_names(raw, at); reason != nullptr) {
        lost(0, header.raw_size, header.records, reason);
        return {};
    }
    frames.reserve(frames.size() + header.records);
    for (std::uint32_t i = 0; i < header.records; ++i) {
        const std::size_t left = raw.size() - at;
        RecordHeader record;
        if (left >= sizeof(record)) std::memcpy(&record, raw.data() + at, sizeof(record));
        if (left < sizeof(record) || record.size > left - sizeof(record)) {
            lost(at, header.raw_size - at, header.records - i,
                 "a length is damaged: the rest of the block cannot be read");
            return {};
        }
        const std::size_t size = sizeof(record) + record.size;
        const std::byte* const start = raw.data() + at;
        const char* reason =
            record.hash == XXH3_64bits(start + sizeof(record.hash), size - sizeof(record.hash))
                ? check(record)
                : "the record is damaged";
        if (reason != nullptr) [[unlikely]] {
            lost(at, size, 1, reason);
        } else {
            Frame& frame = frames.append_uninitialised();
            frame.receive_time = record.receive_time;
            frame.sequence = 0;
            frame.bytes = text_of({start + sizeof(record), record.size});
            frame.session = record.session;
            frame.http_status = record.http_status;
            frame.type = static_cast<FrameType>(record.type);
            frame.binary = (record.flags & record_binary) != 0;
            if (!intern(record, frame)) {
                return {Code::unsupported,
                        "the process knows too many names of venues and channels to read on"};
            }
        }
        at += size;
    }
    if (at < header.raw_size) {
        lost(at, header.raw_size - at, 0, "the block has bytes after its last record");
    } else if (place.damaged && damages_.empty() &&
               frames.size() - frames_at_start == header.records) {
        lost(0, 0, 0, "the checksum of the block is wrong, but all of its records are whole");
    }
    return {};
}

}  // namespace spillway::detail
