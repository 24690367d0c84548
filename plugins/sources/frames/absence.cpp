#include "absence.hpp"

#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace spillway::frames {
namespace {

/// Channels of a venue may be thousands: as many as a person reads.
std::string listed(const std::set<std::string_view>& names) {
    constexpr std::size_t most = 8;
    std::vector<std::string_view> shown;
    for (const std::string_view name : names) {
        if (shown.size() < most) shown.push_back(name.empty() ? "(no name)" : name);
    }
    const std::string text = fmt::format("{}", fmt::join(shown, ", "));
    return names.size() <= most ? text : fmt::format("{} and {} more", text, names.size() - most);
}

}  // namespace

Result<std::optional<Absence>> find_absence(const std::string& path, const Selection& selection,
                                            const Examiner& examiner) {
    Files files;
    if (Status status = files.open(path, selection); !status.ok()) {
        return tl::make_unexpected(status);
    }
    std::set<std::string_view> venues;
    std::set<std::string_view> channels;  // of the venue that is wanted
    for (;;) {
        const Result<const FramePiece*> piece = files.next_whole();
        if (!piece) return tl::make_unexpected(piece.error());
        if (*piece == nullptr) break;
        if (examiner.stopped()) return std::optional<Absence>();
        for (const Frame& frame : (*piece)->frames) {
            if (selection.wants(frame)) return std::optional<Absence>();
            venues.insert(text_of(frame.venue));
            if (frame.venue == selection.venue) channels.insert(text_of(frame.channel));
        }
    }
    if (!channels.empty()) {
        return Absence{
            "channel",
            fmt::format("no frame of {} is of `channel: {}`; there are frames of {}",
                        text_of(selection.venue), text_of(selection.channel), listed(channels))};
    }
    return Absence{"venue",
                   fmt::format("no frame is of `venue: {}`; there are {}", text_of(selection.venue),
                               venues.empty() ? std::string("no frames at all")
                                              : "frames of " + listed(venues))};
}

}  // namespace spillway::frames
