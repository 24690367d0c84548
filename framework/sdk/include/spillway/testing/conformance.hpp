#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include <spillway/testing/conformance/bad_records.hpp>
#include <spillway/testing/conformance/behaviour.hpp>
#include <spillway/testing/conformance/combine.hpp>
#include <spillway/testing/conformance/leaks.hpp>
#include <spillway/testing/conformance/options.hpp>
#include <spillway/testing/conformance/scores.hpp>
#include <spillway/testing/conformance/sinks.hpp>
#include <spillway/testing/conformance/sources.hpp>
#include <spillway/testing/conformance/state.hpp>
#include <spillway/testing/conformance/stored_rows.hpp>
#include <spillway/testing/conformance/subject.hpp>
#include <spillway/testing/conformance/trends.hpp>
#include <spillway/testing/conformance/venues.hpp>

namespace spillway::testing {

/// Something that must hold for every plugin of some categories.
struct Property {
    std::string_view name;
    std::string_view summary;
    std::string_view
        categories;  ///< first letters: s(ource) v(enue) t(ransform) c (scorer) k (sink)
    void (*check)(const Subject&, Findings&);

    [[nodiscard]] bool concerns(Category category) const noexcept {
        return categories.find("svtck"[static_cast<std::size_t>(category)]) !=
               std::string_view::npos;
    }
};

/// All properties, simple ones first; those of sinks write into Subject::folder. `spillway plugins
/// check` runs each in a process of its own; a test may run those that concern its plugin:
///
///     const Subject subject = subject_of<Window>();
///     for (const Property& property : conformance_properties) {
///         if (!property.concerns(subject.category)) continue;
///         Findings findings;
///         property.check(subject, findings);
///         for (const Finding& f : findings.items()) ADD_FAILURE() << property.name << f.happened;
///     }
inline constexpr std::array<Property, 18> conformance_properties = {{
    {"lifecycle", "objects may be dropped at any stage; steps may hold nothing", "svtck",
     &check_lifecycle},
    {"options", "values at stated bounds are taken; garbage is refused, never a crash", "svtck",
     &check_options},
    {"steps", "every step is answered once: declared kinds, in order, in time, books balance",
     "vtc", &check_every_step},
    {"cutting", "equal answers however the input is cut into steps", "vtc", &check_cutting},
    {"determinism", "two objects answer the same", "vtc", &check_determinism},
    {"state", "snapshot and restore at any step leave no trace", "vtc", &check_state},
    {"drain", "idle time and the end of the input are answered in bounded time", "vtc",
     &check_drain},
    {"bad_records", "missing fields, extreme numbers and random bytes do no harm", "tc",
     &check_bad_records},
    {"scores", "bounded by caps; less input never looks safer", "c", &check_scores},
    {"trends", "points follow the raw input as declared", "c", &check_trends},
    {"bad_frames", "garbage and cut frames are refused and leave no trace", "v", &check_bad_frames},
    {"ids", "the same message has the same id in every session", "v", &check_ids},
    {"records", "receive times never go back; the same records however they are read", "s",
     &check_records},
    {"positions", "a source that is taken back goes on with the same records", "s",
     &check_positions},
    {"order", "open, write, flush, idle and close in any order of the engine", "k",
     &check_sink_order},
    {"rows", "rows of all kinds, good and bad, end no run", "k", &check_sink_rows},
    {"stored", "text files get the same rows however these come, also after a crash", "k",
     &check_stored_rows},
    {"leaks", "objects leave no memory and no open file behind", "svtck", &check_leaks},
}};

}  // namespace spillway::testing
