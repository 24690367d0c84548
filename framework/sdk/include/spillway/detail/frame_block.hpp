#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/detail/frame_format.hpp>
#include <spillway/frame.hpp>
#include <spillway/frame_file.hpp>

struct ZSTD_CCtx_s;

namespace spillway::detail {

/// The names of the open block. Ids are small numbers: a table by id answers without hashing.
class BlockNames {
public:
    /// The index of a name; false when the block has no room for another one.
    bool index_of(VenueId id, std::uint16_t& index) noexcept {
        return find(slot_of(venues_, static_cast<std::size_t>(id)), text_of(id), index);
    }
    bool index_of(NameId id, std::uint16_t& index) noexcept {
        return find(slot_of(channels_, static_cast<std::size_t>(id)), text_of(id), index);
    }
    void clear() noexcept {
        ++block_;
        count_ = 0;
        bytes_.clear();
    }
    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

private:
    struct Slot {
        std::uint64_t block = 0;
        std::uint16_t index = 0;
    };
    static Slot& slot_of(std::vector<Slot>& slots, std::size_t number) noexcept {
        if (number >= slots.size()) slots.resize(number + 1);
        return slots[number];
    }
    bool find(Slot& slot, std::string_view text, std::uint16_t& index) noexcept;

    std::vector<Slot> venues_, channels_;
    std::uint64_t block_ = 1;
    std::uint32_t count_ = 0;
    std::string bytes_;
};

/// Collects the frames of a block and makes its bytes.
class BlockBuilder {
public:
    BlockBuilder(FrameCodec codec, std::size_t block_size) noexcept;
    BlockBuilder(const BlockBuilder&) = delete;
    BlockBuilder& operator=(const BlockBuilder&) = delete;
    BlockBuilder(BlockBuilder&&) noexcept;
    BlockBuilder& operator=(BlockBuilder&&) noexcept;
    ~BlockBuilder();

    /// Whether the block is to be closed before this frame comes: it is large enough and the frame
    /// begins another instant, or it has no room.
    [[nodiscard]] bool is_full(const Frame& frame) const noexcept;
    /// False if the block has no room for another name; an empty one has.
    [[nodiscard]] bool add(const Frame& frame) noexcept;
    [[nodiscard]] std::uint32_t records() const noexcept { return header_.records; }
    /// The bytes of the block, header included; valid until the next call. Empty if they cannot be
    /// packed.
    [[nodiscard]] std::string_view seal(std::uint64_t first_record) noexcept;
    /// Begins another block.
    void clear() noexcept;

private:
    struct FreeContext {
        void operator()(ZSTD_CCtx_s* context) const noexcept;
    };
    [[nodiscard]] bool pack() noexcept;

    FrameCodec codec_;
    std::size_t block_size_;
    BlockNames names_;
    std::string records_;
    BlockHeader header_;
    std::string raw_, stored_;
    std::unique_ptr<ZSTD_CCtx_s, FreeContext> zstd_;
};

}  // namespace spillway::detail
