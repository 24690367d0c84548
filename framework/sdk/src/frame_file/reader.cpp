#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zstd.h>

#include <spillway/detail/frame_format.hpp>
#include <spillway/detail/frame_records.hpp>
#include <spillway/frame_reader.hpp>
#include <spillway/id.hpp>

namespace spillway {
namespace {

using detail::BlockHeader;
using detail::FileStart;

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

/// Unpacks a block, from its front as far as that goes.
class Unpacker {
public:
    /// Bytes put into `out`, all of them if nothing is damaged.
    std::size_t unpack(std::span<const std::byte> packed, std::span<std::byte> out) noexcept {
        if (!context_) context_.reset(ZSTD_createDCtx());
        if (!context_ || ZSTD_isError(ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only))) {
            return 0;
        }
        ZSTD_inBuffer in{packed.data(), packed.size(), 0};
        ZSTD_outBuffer room{out.data(), out.size(), 0};
        for (;;) {
            const std::size_t in_before = in.pos, out_before = room.pos;
            const std::size_t code = ZSTD_decompressStream(context_.get(), &room, &in);
            if (code == 0 || ZSTD_isError(code) != 0) return room.pos;
            if (in.pos == in_before && room.pos == out_before) return room.pos;
        }
    }

private:
    std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
};

}  // namespace

struct FrameReader::State {
    explicit State(detail::FrameInput opened) : input(std::move(opened)) {}

    detail::FrameInput input;
    FileStart start;
    std::uint64_t at = 0;                      ///< of the next piece
    std::optional<std::uint64_t> next_record;  ///< its number, if it is known
    FrameLosses losses;

    FramePiece piece;
    PodVector<Frame> frames;
    detail::RecordParser parser;
    BlockRef block;
    std::vector<std::byte> packed;
    Unpacker unpacker;
    std::array<std::byte, 256> sample{};

    Status prepare();
    Result<bool> read(bool records);
    Status take_block(const BlockHeader& header, bool records);
    Status take_records(const BlockHeader& header, std::uint64_t stored_size);
    [[nodiscard]] Result<std::uint64_t> end_of_block(const BlockHeader& header) const;
    Status take_damage(std::uint64_t search, std::string_view reason);
    Status lose(std::uint64_t size, std::uint64_t records, bool truncated, std::string_view reason);
};

Status FrameReader::State::prepare() {
    auto found = detail::read_file_start(input);
    if (!found) return found.error();
    start = std::move(*found);
    at = start.size;
    next_record = 0;
    return {};
}

Result<bool> FrameReader::State::read(bool records) {
    frames.clear();
    parser.clear();
    piece = FramePiece();
    piece.offset = at;
    if (at >= input.size()) return false;
    Status status;
    if (start.state == FileStart::State::truncated) {
        status = lose(input.size(), 0, true, "the file ends inside its header");
    } else {
        const auto header = detail::block_at(input, at);
        if (!header) return tl::make_unexpected(header.error());
        status = *header ? take_block(**header, records)
                         : take_damage(at + 1, at == 0 ? "the header of the file is damaged"
                                                       : "the header of a block is damaged");
    }
    if (!status.ok()) return tl::make_unexpected(status);
    piece.frames = frames.view();
    piece.damages = parser.damages();
    if (!piece.damages.empty()) ++losses.blocks;
    for (const FrameDamage& damage : piece.damages) {
        losses.records += damage.records;
        losses.bytes += damage.bytes;
        losses.truncated = losses.truncated || damage.truncated;
    }
    piece.size = at - piece.offset;
    return true;
}

/// Goes over what is no block, up to the next one from `search` on or to the end.
Status FrameReader::State::take_damage(std::uint64_t search, std::string_view reason) {
    const std::uint64_t rest = input.size() - at;
    const auto found = detail::find_block(input, search, input.size());
    if (!found) return found.error();
    const auto& intact = *found;
    if (!intact) {
        const bool torn = rest < sizeof(BlockHeader);
        return lose(rest, 0, torn, torn ? "the file ends inside a block" : reason);
    }
    const std::uint64_t next = intact->header.first_record;
    const std::uint64_t missing = next_record && next > *next_record ? next - *next_record : 0;
    piece.first_record = next_record.value_or(next);
    next_record = next;
    return lose(intact->offset - at, missing, false, reason);
}

/// Notes that nothing can be had of the next `size` bytes.
Status FrameReader::State::lose(std::uint64_t size, std::uint64_t records, bool truncated,
                                std::string_view reason) {
    const auto head =
        input.read(at, std::span(sample).first(std::min<std::uint64_t>(size, sample.size())));
    if (!head) return head.error();
    const std::string_view bytes(reinterpret_cast<const char*>(sample.data()), *head);
    parser.damage({at, size, records, 0, truncated, reason, bytes});
    at += size;
    return {};
}

Status FrameReader::State::take_block(const BlockHeader& header, bool records) {
    const std::uint64_t data = at + sizeof(BlockHeader);
    std::uint64_t stored_size = header.stored_size;
    if (stored_size > input.size() - data) {
        const auto found = detail::find_block(input, data, input.size());
        if (!found) return found.error();
        const auto& next = *found;
        if (!next) {
            piece.first_record = header.first_record;
            return lose(input.size() - at, header.records, true, "the file ends inside a block");
        }
        stored_size = next->offset - data;
    }
    if (next_record && header.first_record > *next_record) {
        parser.damage({at,
                       0,
                       header.first_record - *next_record,
                       0,
                       false,
                       "records are missing before the block",
                       {}});
    }
    next_record = header.first_record + header.records;
    piece.first_record = header.first_record;
    piece.first_time = header.first_time;
    piece.last_time = header.last_time;
    piece.raw_size = header.raw_size;
    piece.codec = header.codec;
    if (records) return take_records(header, stored_size);
    at = data + stored_size;
    return {};
}

Status FrameReader::State::take_records(const BlockHeader& header, std::uint64_t stored_size) {
    const std::uint64_t begin = at;
    const std::uint64_t data = begin + sizeof(BlockHeader);
    const bool plain = header.codec == FrameCodec::none;
    // Both sizes are within their limits, and the bytes of `stored_size` are there.
    if (plain) {
        block = BlockRef(block_create(header.raw_size));
    } else {
        packed.resize(std::max<std::size_t>(packed.size(), stored_size));
    }
    std::span<std::byte> bytes =
        plain ? std::span(block.get()->data, header.raw_size) : std::span(packed);
    const auto count = input.read(data, bytes.first(static_cast<std::size_t>(stored_size)));
    if (!count) return count.error();
    bytes = bytes.first(*count);
    const bool damaged = *count != header.stored_size ||
                         XXH3_64bits(bytes.data(), bytes.size()) != header.stored_hash;
    at = data + stored_size;
    if (damaged) [[unlikely]] {
        const auto end = end_of_block(header);
        if (!end) return end.error();
        at = *end;
    }
    if (!plain) {
        if (ZSTD_getFrameContentSize(bytes.data(), bytes.size()) != header.raw_size) {
            parser.damage({begin,
                           at - begin,
                           header.records,
                           0,
                           false,
                           "the packed bytes of the block are damaged",
                           {}});
            return {};
        }
        block = BlockRef(block_create(header.raw_size));
        const std::span<std::byte> room(block.get()->data, header.raw_size);
        bytes = room.first(unpacker.unpack(bytes, room));
    }
    Status status = parser.parse(header, bytes, {begin, damaged}, frames);
    if (status.ok()) return status;
    return {status.code(), fmt::format("{}: {}", input.path(), status.message()), input.path()};
}

/// Where the block after a damaged one begins: where it should, or, if bytes were lost, before.
Result<std::uint64_t> FrameReader::State::end_of_block(const BlockHeader& header) const {
    const std::uint64_t data = piece.offset + sizeof(BlockHeader);
    const std::uint64_t end = data + header.stored_size;
    if (end == input.size()) return end;
    if (end < input.size()) {
        const auto next = detail::block_at(input, end);
        if (!next) return tl::make_unexpected(next.error());
        if (*next) return end;
    }
    const std::uint64_t last = std::min(end, input.size());
    const auto found = detail::find_block(input, data, last);
    if (!found) return tl::make_unexpected(found.error());
    const auto& intact = *found;
    return intact ? intact->offset : last;
}

FrameReader::FrameReader(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
FrameReader::FrameReader(FrameReader&&) noexcept = default;
FrameReader& FrameReader::operator=(FrameReader&&) noexcept = default;
FrameReader::~FrameReader() = default;

Result<FrameReader> FrameReader::open(std::string_view path) noexcept {
    auto input = detail::FrameInput::open(path);
    if (!input) return tl::make_unexpected(input.error());
    auto state = std::make_unique<State>(std::move(*input));
    if (Status status = state->prepare(); !status.ok()) return tl::make_unexpected(status);
    return FrameReader(std::move(state));
}

Result<FrameReader> FrameReader::over(std::span<const std::byte> bytes) noexcept {
    auto state = std::make_unique<State>(detail::FrameInput(bytes));
    if (Status status = state->prepare(); !status.ok()) return tl::make_unexpected(status);
    return FrameReader(std::move(state));
}

Result<bool> FrameReader::next() noexcept { return state_->read(true); }
Result<bool> FrameReader::skip() noexcept { return state_->read(false); }
const FramePiece& FrameReader::piece() const noexcept { return state_->piece; }
const BlockRef& FrameReader::block() const noexcept { return state_->block; }

void FrameReader::seek(std::uint64_t offset, std::uint64_t first_record) noexcept {
    state_->at = offset;
    state_->next_record = first_record;
}

std::uint16_t FrameReader::version() const noexcept { return state_->start.version; }
std::string_view FrameReader::created_by() const noexcept { return state_->start.created_by; }
std::uint64_t FrameReader::size() const noexcept { return state_->input.size(); }
std::uint64_t FrameReader::offset() const noexcept { return state_->at; }
const FrameLosses& FrameReader::losses() const noexcept { return state_->losses; }

}  // namespace spillway
