#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/kind.hpp>
#include <spillway/options.hpp>

namespace spillway {

/// Raised whenever a plugin built before could misread what it is handed: the layout of Event or
/// Batch, a virtual function, the manifest. A plugin loads only into a runner of the same number.
inline constexpr std::uint32_t abi_number = 1;

/// What a plugin is.
enum class Category : std::uint8_t { source, venue, transform, scorer, sink };
inline constexpr std::array<std::string_view, 5> category_names = {"source", "venue", "transform",
                                                                   "scorer", "sink"};

/// Properties that the engine must know before it builds the graph.
enum class Trait : std::uint32_t {
    none = 0,
    keyed = 1U << 0U,        ///< may run in shards (`run.parallelism`)
    in_place = 1U << 1U,     ///< changes or drops events of its input; emits its input's kinds
    frames = 1U << 2U,       ///< source of raw frames: its option `venue` names the decoder
    replayable = 1U << 3U,   ///< source that can start again from a position
    unbounded = 1U << 4U,    ///< source without an end
    alerting = 1U << 5U,     ///< sink that tells people: rows are handed over at once
    checkpoints = 1U << 6U,  ///< sink that can hold the checkpoint and dead letters
    late_output = 1U << 7U,  ///< has an output `late`
    any_kind = 1U << 8U,     ///< emits whatever kinds arrive
    mutates = 1U << 9U,      ///< in-place node that writes into events: needs a batch of its own
    needs_ids = 1U << 10U,   ///< looks at event ids: sources and nodes before it must make them
    live = 1U << 11U,        ///< source whose records arrive as time passes: never waited for
};
[[nodiscard]] constexpr Trait operator|(Trait a, Trait b) noexcept {
    return static_cast<Trait>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
[[nodiscard]] constexpr bool has(Trait set, Trait trait) noexcept {
    return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(trait)) != 0;
}
inline constexpr std::array<std::string_view, 12> trait_names = {
    "keyed",       "in_place",    "frames",   "replayable", "unbounded", "alerting",
    "checkpoints", "late_output", "any_kind", "mutates",    "needs_ids", "live"};

/// Who a plugin is and what flows through it. `ports` are named outputs beside the default one.
struct About {
    std::string_view name;     ///< as in `type:`; lower-case snake_case
    std::string_view version;  ///< of the plugin, "1.0.0"
    std::string_view summary;  ///< one line for lists
    KindSet consumes = {};
    KindSet emits = {};
    Trait traits = Trait::none;
    std::span<const std::string_view> ports = {};
    std::uint32_t state_version = 1;  ///< of the plugin's keyed state
};

/// The layout at the start of the ELF section `.spillway`; the JSON description follows. It holds
/// no pointers: they would need relocation and read as zero from the file.
struct ManifestHeader {
    char magic[8];            ///< "SPILLWAY"
    std::uint32_t abi;        ///< abi_number of the SDK it was built with
    std::uint32_t json_size;  ///< bytes of JSON that follow this header
    char compiler[40];        ///< for people
    char sanitizer[16];       ///< "none", "address" or "thread"; must equal the runner's
};

}  // namespace spillway
