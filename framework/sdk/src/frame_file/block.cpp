#include <cstring>

#include <zstd.h>

#include <spillway/detail/frame_block.hpp>
#include <spillway/id.hpp>

namespace spillway::detail {
namespace {

/// Level 1: a recording must not cost the pipeline its core, and JSON packs well at any level.
constexpr int zstd_level = 1;

/// Buffers larger than this are given back: one huge frame must not keep its memory for ever.
constexpr std::size_t kept_buffer = std::size_t{4} << 20U;

template <class T>
std::string_view bytes_of(const T& value) noexcept {
    return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

}  // namespace

bool BlockNames::find(Slot& slot, std::string_view text, std::uint16_t& index) noexcept {
    if (slot.block != block_) {
        const auto size = static_cast<std::uint16_t>(text.size());
        if (count_ == max_block_names ||
            bytes_.size() + sizeof(size) + text.size() > max_names_size) {
            return false;
        }
        slot = {block_, static_cast<std::uint16_t>(count_++)};
        bytes_.append(bytes_of(size)).append(text);
    }
    index = slot.index;
    return true;
}

BlockBuilder::BlockBuilder(FrameCodec codec, std::size_t block_size) noexcept
    : codec_(codec), block_size_(block_size) {}
BlockBuilder::BlockBuilder(BlockBuilder&&) noexcept = default;
BlockBuilder& BlockBuilder::operator=(BlockBuilder&&) noexcept = default;
BlockBuilder::~BlockBuilder() = default;

void BlockBuilder::FreeContext::operator()(ZSTD_CCtx* context) const noexcept {
    ZSTD_freeCCtx(context);
}

bool BlockBuilder::is_full(const Frame& frame) const noexcept {
    if (header_.records == 0) return false;
    if (records_.size() + frame.bytes.size() > max_frame_bytes) return true;
    return records_.size() >= block_size_ && frame.receive_time != header_.last_time;
}

bool BlockBuilder::add(const Frame& frame) noexcept {
    RecordHeader record;
    if (!names_.index_of(frame.venue, record.venue) ||
        !names_.index_of(frame.channel, record.channel)) {
        return false;
    }
    record.size = static_cast<std::uint32_t>(frame.bytes.size());
    record.receive_time = frame.receive_time;
    record.session = frame.session;
    record.http_status = frame.http_status;
    record.type = static_cast<std::uint8_t>(frame.type);
    record.flags = frame.binary ? record_binary : std::uint8_t{0};
    const std::size_t at = records_.size();
    records_.append(bytes_of(record)).append(frame.bytes);
    record.hash = XXH3_64bits(records_.data() + at + sizeof(record.hash),
                              records_.size() - at - sizeof(record.hash));
    std::memcpy(records_.data() + at, &record.hash, sizeof(record.hash));
    const bool first = header_.records++ == 0;
    if (first || frame.receive_time < header_.first_time) header_.first_time = frame.receive_time;
    if (first || frame.receive_time > header_.last_time) header_.last_time = frame.receive_time;
    return true;
}

std::string_view BlockBuilder::seal(std::uint64_t first_record) noexcept {
    NamesHeader names{0, static_cast<std::uint32_t>(names_.bytes().size()), names_.count()};
    raw_.assign(bytes_of(names)).append(names_.bytes());
    names.hash = XXH3_64bits(raw_.data() + sizeof(names.hash), raw_.size() - sizeof(names.hash));
    std::memcpy(raw_.data(), &names.hash, sizeof(names.hash));
    raw_.append(records_);
    header_.first_record = first_record;
    header_.raw_size = static_cast<std::uint32_t>(raw_.size());
    header_.codec = codec_;
    if (codec_ == FrameCodec::zstd && !pack()) return {};
    if (codec_ == FrameCodec::none || stored_.size() >= sizeof(header_) + raw_.size()) {
        header_.codec = FrameCodec::none;
        stored_.assign(sizeof(header_), '\0').append(raw_);
    }
    const std::string_view content = std::string_view(stored_).substr(sizeof(header_));
    header_.stored_size = static_cast<std::uint32_t>(content.size());
    header_.stored_hash = XXH3_64bits(content.data(), content.size());
    header_.header_hash = XXH3_64bits(&header_, offsetof(BlockHeader, header_hash));
    std::memcpy(stored_.data(), &header_, sizeof(header_));
    return stored_;
}

/// The packed content into `stored_`, after room for the header.
bool BlockBuilder::pack() noexcept {
    if (!zstd_) zstd_.reset(ZSTD_createCCtx());
    if (!zstd_) return false;
    stored_.resize(sizeof(header_) + ZSTD_compressBound(raw_.size()));
    const std::size_t size =
        ZSTD_compressCCtx(zstd_.get(), stored_.data() + sizeof(header_),
                          stored_.size() - sizeof(header_), raw_.data(), raw_.size(), zstd_level);
    if (ZSTD_isError(size) != 0) return false;
    stored_.resize(sizeof(header_) + size);
    return true;
}

void BlockBuilder::clear() noexcept {
    header_ = BlockHeader();
    names_.clear();
    records_.clear();
    for (std::string* buffer : {&records_, &raw_, &stored_}) {
        if (buffer->capacity() > kept_buffer) std::string().swap(*buffer);
    }
}

}  // namespace spillway::detail
