#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <spillway/event_json.hpp>
#include <spillway/state.hpp>

#include "plugin.hpp"

namespace {

using namespace spillway;

/// A recording in memory, written once for each input.
std::string recording(const std::uint8_t* data, std::size_t size) {
    static const int descriptor = ::memfd_create("recording", MFD_CLOEXEC);
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size)) {
        std::abort();
    }
    return "/proc/self/fd/" + std::to_string(descriptor);
}

bool open(replay::Replay& source, const std::string& path) {
    source.options = {path, 1024};
    return source.open({"pipeline", "recording", true}).ok();
}

/// What the source says until its end, as lines; at the first record, its position.
std::vector<std::string> read(replay::Replay& source, StateWriter* middle) {
    std::vector<std::string> lines;
    for (;;) {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        out.node = "recording";
        const Result<ReadState> state = source.read(out, 1);
        for (const BatchRef& batch : {out.events, out.letters}) {
            for (const Event& event : batch->events()) {
                PodVector<char> text;
                append_json(text, event, *batch);
                lines.emplace_back(view(text));
            }
        }
        if (middle != nullptr && out.count() > 0) {
            source.position(*middle);
            middle = nullptr;
            lines.clear();
        }
        if (!state) lines.emplace_back(state.error().message());
        if (!state || *state == ReadState::end) return lines;
    }
}

}  // namespace

/// Any bytes as a recording: events or dead letters, and from a position in the middle the same
/// again.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    const std::string path = recording(data, size);
    replay::Replay whole, rest;
    if (!open(whole, path)) return 0;
    StateWriter middle;
    const std::vector<std::string> expected = read(whole, &middle);
    if (middle.bytes().empty()) return 0;
    if (!open(rest, path) || !rest.seek(middle.bytes()).ok()) std::abort();
    const std::vector<std::string> found = read(rest, nullptr);
    if (found == expected) return 0;
    for (const std::string& line : expected) std::fprintf(stderr, "expected: %s\n", line.c_str());
    for (const std::string& line : found) std::fprintf(stderr, "found:    %s\n", line.c_str());
    std::abort();
    return 0;
}
