#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include <spillway/event_json.hpp>

#include "commands/frames.hpp"
#include "exit_code.hpp"

namespace spillway::cli {
namespace {

constexpr std::size_t frame_types = 6;
constexpr std::array<const char*, frame_types> type_names = {"opened",   "subscribed", "data",
                                                             "response", "closed",     "gap"};

/// Frames that have something in common.
struct Tally {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    Time first = time_never, last = time_before_all;
    std::array<std::uint64_t, frame_types> types{};

    void add(const Frame& frame) noexcept {
        ++frames;
        bytes += frame.bytes.size();
        first = std::min(first, frame.receive_time);
        last = std::max(last, frame.receive_time);
        ++types[static_cast<std::size_t>(frame.type)];
    }
};

struct Summary {
    std::uint16_t version = 0;
    std::string created_by;
    std::uint64_t size = 0, blocks = 0, packed = 0;
    Tally all;
    std::map<std::pair<std::string, std::string>, Tally> channels;    ///< by venue, channel
    std::map<std::pair<std::string, std::uint32_t>, Tally> sessions;  ///< by venue, session
    std::vector<std::string> damages;
    FrameLosses losses;
};

Result<Summary> summarise(const std::filesystem::path& file) {
    auto reader = FrameReader::open(file.string());
    if (!reader) return tl::make_unexpected(reader.error());
    Summary summary;
    std::map<std::pair<VenueId, NameId>, Tally> channels;
    std::map<std::pair<VenueId, std::uint32_t>, Tally> sessions;
    for (;;) {
        const Result<bool> more = reader->next();
        if (!more) return tl::make_unexpected(more.error());
        if (!*more) break;
        const FramePiece& piece = reader->piece();
        if (piece.raw_size > 0) ++summary.blocks;
        if (piece.codec == FrameCodec::zstd) ++summary.packed;
        for (const Frame& frame : piece.frames) {
            summary.all.add(frame);
            channels[{frame.venue, frame.channel}].add(frame);
            sessions[{frame.venue, frame.session}].add(frame);
        }
        for (const FrameDamage& damage : piece.damages) {
            summary.damages.push_back(describe(file, damage));
        }
    }
    summary.version = reader->version();
    summary.created_by = reader->created_by();
    summary.size = reader->size();
    summary.losses = reader->losses();
    // Handles have no order of their own: by name.
    for (const auto& [key, tally] : channels) {
        summary.channels[{std::string(text_of(key.first)), std::string(text_of(key.second))}] =
            tally;
    }
    for (const auto& [key, tally] : sessions) {
        summary.sessions[{std::string(text_of(key.first)), key.second}] = tally;
    }
    return summary;
}

std::string types_text(const Tally& tally) {
    std::string text;
    for (std::size_t i = 0; i < frame_types; ++i) {
        if (tally.types[i] == 0) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", tally.types[i], type_names[i]);
    }
    return text;
}

std::string damage_text(const Summary& summary) {
    if (summary.damages.empty()) return "none";
    return fmt::format("{} block{}, {} records and {} bytes lost{}", summary.losses.blocks,
                       summary.losses.blocks == 1 ? "" : "s", summary.losses.records,
                       summary.losses.bytes, summary.losses.truncated ? ", truncated" : "");
}

void print_text(const std::filesystem::path& file, const Summary& summary) {
    fmt::print("{}\n", file.string());
    fmt::print("  format    version {}, created by {}\n", summary.version, summary.created_by);
    fmt::print("  content   {} frames of {} bytes; file {} bytes, {} blocks, {} packed\n",
               summary.all.frames, summary.all.bytes, summary.size, summary.blocks, summary.packed);
    if (summary.all.frames > 0) {
        fmt::print("  received  {} to {}\n", format_time(summary.all.first),
                   format_time(summary.all.last));
    }
    fmt::print("  damage    {}\n", damage_text(summary));
    for (const std::string& damage : summary.damages) fmt::print("    {}\n", damage);
    std::size_t width = 8;
    for (const auto& [key, tally] : summary.channels) {
        width = std::max(width, key.first.size() + key.second.size() + 3);
    }
    if (!summary.channels.empty()) {
        fmt::print("\n  {:<{}}  {:>9}  {:>12}  types\n", "venue / channel", width, "frames",
                   "bytes");
    }
    for (const auto& [key, tally] : summary.channels) {
        fmt::print("  {:<{}}  {:>9}  {:>12}  {}\n", key.first + " / " + key.second, width,
                   tally.frames, tally.bytes, types_text(tally));
    }
    if (!summary.sessions.empty()) {
        fmt::print("\n  {:<{}}  {:>9}  from .. to\n", "venue / session", width, "frames");
    }
    for (const auto& [key, tally] : summary.sessions) {
        fmt::print("  {:<{}}  {:>9}  {} .. {}\n", fmt::format("{} / {}", key.first, key.second),
                   width, tally.frames, format_time(tally.first), format_time(tally.last));
    }
}

std::string json_string(std::string_view text) {
    PodVector<char> out;
    append_json_string(out, text);
    return std::string(view(out));
}

std::string tally_json(const Tally& tally) {
    std::string text = fmt::format(R"("frames":{},"bytes":{})", tally.frames, tally.bytes);
    if (tally.frames > 0) {
        text += fmt::format(R"(,"first_time":"{}","last_time":"{}")", format_time(tally.first),
                            format_time(tally.last));
    }
    text += R"(,"types":{)";
    bool first = true;
    for (std::size_t i = 0; i < frame_types; ++i) {
        if (tally.types[i] == 0) continue;
        text += fmt::format(R"({}"{}":{})", first ? "" : ",", type_names[i], tally.types[i]);
        first = false;
    }
    return text + "}";
}

std::string damage_json(const Summary& summary) {
    std::string text =
        fmt::format(R"("damage":{{"blocks":{},"records":{},"bytes":{},"truncated":{},"places":[)",
                    summary.losses.blocks, summary.losses.records, summary.losses.bytes,
                    summary.losses.truncated);
    for (std::size_t i = 0; i < summary.damages.size(); ++i) {
        text += (i == 0 ? "" : ",") + json_string(summary.damages[i]);
    }
    return text + "]}";
}

std::string summary_json(const std::filesystem::path& file, const Summary& summary) {
    std::string text = fmt::format(
        R"({{"file":{},"version":{},"created_by":{},"size":{},"blocks":{},"packed_blocks":{},{})",
        json_string(file.string()), summary.version, json_string(summary.created_by), summary.size,
        summary.blocks, summary.packed, tally_json(summary.all));
    text += R"(,"channels":[)";
    for (const char* comma = ""; const auto& [key, tally] : summary.channels) {
        text += fmt::format(R"({}{{"venue":{},"channel":{},{}}})", comma, json_string(key.first),
                            json_string(key.second), tally_json(tally));
        comma = ",";
    }
    text += R"(],"sessions":[)";
    for (const char* comma = ""; const auto& [key, tally] : summary.sessions) {
        text += fmt::format(R"({}{{"venue":{},"session":{},{}}})", comma, json_string(key.first),
                            key.second, tally_json(tally));
        comma = ",";
    }
    return text + "]," + damage_json(summary) + "}";
}

}  // namespace

int inspect_frames(const std::vector<std::filesystem::path>& files, bool json) {
    int code = exit_ok;
    const char* separator = "";
    if (json) fmt::print("{{\"files\":[");
    for (const std::filesystem::path& file : files) {
        const auto summary = summarise(file);
        if (!summary) {
            fmt::print(stderr, "spillway: {}\n", summary.error().message());
            code = exit_failed;
            continue;
        }
        if (!summary->damages.empty()) code = exit_failed;
        fmt::print("{}", separator);
        separator = json ? "," : "\n";
        if (json) {
            fmt::print("{}", summary_json(file, *summary));
        } else {
            print_text(file, *summary);
        }
    }
    if (json) fmt::print("]}}\n");
    return code;
}

int verify_frames(const std::vector<std::filesystem::path>& files, bool json) {
    int code = exit_ok;
    const char* separator = "";
    if (json) fmt::print("{{\"files\":[");
    for (const std::filesystem::path& file : files) {
        const auto summary = summarise(file);
        const bool ok = summary && summary->damages.empty();
        if (!ok) code = exit_failed;
        if (!summary) fmt::print(stderr, "spillway: {}\n", summary.error().message());
        if (json) {
            fmt::print(
                R"({}{{"file":{},"ok":{},{}}})", separator, json_string(file.string()), ok,
                summary
                    ? fmt::format(R"("frames":{},{})", summary->all.frames, damage_json(*summary))
                    : fmt::format(R"("error":{})", json_string(summary.error().message())));
            separator = ",";
        } else if (summary) {
            for (const std::string& damage : summary->damages) fmt::print("{}\n", damage);
            fmt::print("{}: {}, {} frames in {} blocks\n", file.string(),
                       ok ? "ok" : "damaged (" + damage_text(*summary) + ")", summary->all.frames,
                       summary->blocks);
        }
    }
    if (json) fmt::print("]}}\n");
    return code;
}

}  // namespace spillway::cli
