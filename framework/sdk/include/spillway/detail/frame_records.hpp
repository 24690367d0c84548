#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <spillway/detail/frame_format.hpp>
#include <spillway/frame.hpp>
#include <spillway/frame_file.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway::detail {

/// Where a block lies, to say where its damage is.
struct BlockPlace {
    std::uint64_t offset = 0;  ///< of its header
    bool damaged = false;      ///< its bytes are not those that were written, or not all there
};

/// Takes the unpacked bytes of a block apart. Every record is checked by itself, so that those of
/// a damaged block that are whole are used.
class RecordParser {
public:
    /// Appends to `frames`, whose bytes point into `raw`. `raw` is the front of the block if not
    /// all of it could be had. An error only if a table of names is full.
    [[nodiscard]] Status parse(const BlockHeader& header, std::span<const std::byte> raw,
                               const BlockPlace& place, PodVector<Frame>& frames) noexcept;
    void clear() noexcept { damages_.clear(); }
    /// Notes a damage; its reason lives as long as the piece.
    void damage(const FrameDamage& damage) noexcept { damages_.push_back(damage); }
    [[nodiscard]] std::span<FrameDamage> damages() noexcept {
        return {damages_.data(), damages_.size()};
    }

private:
    struct Name {
        std::string_view text;
        VenueId venue = VenueId::none;
        NameId channel = NameId::none;
    };
    [[nodiscard]] const char* read_names(std::span<const std::byte> raw,
                                         std::size_t& size) noexcept;
    [[nodiscard]] const char* check(const RecordHeader& record) const noexcept;
    [[nodiscard]] bool intern(const RecordHeader& record, Frame& frame) noexcept;

    std::vector<Name> names_;
    PodVector<FrameDamage> damages_;
};

}  // namespace spillway::detail
