#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace spillway {

/// 128-bit identity of an event. Equal ids mean the same event; a zero id means "not computed"
/// (ids are made only where a node, sink or snapshot downstream needs them).
struct Id {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend constexpr auto operator<=>(const Id&, const Id&) = default;
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return (high | low) != 0; }
};

/// XXH3-128 over raw bytes.
[[nodiscard]] inline Id hash_id(const void* data, std::size_t size) noexcept {
    const XXH128_hash_t hash = XXH3_128bits(data, size);
    return {hash.high64, hash.low64};
}

/// XXH3-128 over a fixed-size struct; the struct must have no padding.
template <class Key>
requires std::has_unique_object_representations_v<Key>
[[nodiscard]] Id hash_id(const Key& key) noexcept { return hash_id(&key, sizeof(Key)); }

/// Stable 64-bit hash of a text: sharding and ids use it, never an interned handle.
[[nodiscard]] inline std::uint64_t hash_text(std::string_view text) noexcept {
    return XXH3_64bits(text.data(), text.size());
}

/// 32 lower-case hexadecimal digits.
[[nodiscard]] std::string to_string(const Id& id);
/// The same digits grouped as a UUID (8-4-4-4-12).
[[nodiscard]] std::string to_uuid_string(const Id& id);

}  // namespace spillway
