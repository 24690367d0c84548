#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <malloc.h>

#include <spillway/detail/sanitizer.hpp>
#include <spillway/testing/conformance/sinks.hpp>
#include <spillway/testing/conformance/sources.hpp>

// Of sanitizer/allocator_interface.h, which GCC does not install.
extern "C" std::size_t
__sanitizer_get_current_allocated_bytes();  // NOLINT(bugprone-reserved-identifier)

namespace spillway::testing {

namespace detail {
[[nodiscard]] inline std::size_t bytes_in_use() noexcept {
    if constexpr (spillway::detail::sanitized) {
        return ::__sanitizer_get_current_allocated_bytes();  // mallinfo2 knows nothing of these
    } else {
        const struct mallinfo2 info = ::mallinfo2();
        return info.uordblks + info.hblkhd;
    }
}
[[nodiscard]] inline std::size_t open_files() {
    std::error_code error;
    const std::filesystem::directory_iterator files("/proc/self/fd", error);
    return error ? 0 : static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

/// The life of one object, from first to last call.
inline void live_once(const Subject& subject, const Script& script, Findings& findings) {
    if (subject.is_node()) {
        NodePlayer player = subject.player("one of many lives");
        if (!findings.require(player.start(), "configure and start")) return;
        findings.require(subject.feed(player, script, {.most = 16}), "every step");
        StateRows state;
        findings.require(player.node().snapshot(state, true), "snapshot");
    } else if (subject.category == Category::source) {
        SourceReader reader(subject);
        std::vector<std::string> records;
        if (!findings.require(reader.open(), "open")) return;
        for (int i = 0; i < 3 && !reader.ended(); ++i) {
            findings.require(reader.read(50, records, findings), "read");
        }
    } else {
        SinkRun sink(subject, "one of many lives", findings);
        if (sink.open() && sink.write(script, 50, 2) && sink.flush()) sink.close();
    }
}

/// So many lives, in a thread that ends with them: what malloc keeps for a thread, it counts as in
/// use.
inline void live(const Subject& subject, const Script& script, int times, Findings& findings) {
    std::thread([&] {
        for (int i = 0; i < times && !findings.failed(); ++i) {
            live_once(subject, script, findings);
        }
    }).join();
}
}  // namespace detail

/// Objects that come and go leave no memory and no open file behind.
inline void check_leaks(const Subject& subject, Findings& findings) {
    if (subject.is(Trait::live)) {
        findings.does_not_apply("it is `live`: it would connect");
        return;
    }
    MarketPlan few = subject.market;
    few.kinds = few.kinds & subject.consumes;
    few.count = std::min<std::uint32_t>(few.count, 120);
    const Script script = made_up_market(few);
    // Tables of names and pools of memory fill up in the first lives, and go on to breathe. A leak
    // grows in every round.
    constexpr int warm_up = 4, most_rounds = 30, lives = 3, quiet_enough = 3;
    detail::live(subject, script, warm_up, findings);
    const std::size_t files = detail::open_files();
    const std::size_t start = detail::bytes_in_use();
    int rounds = 0, quiet = 0;
    while (rounds < most_rounds && quiet < quiet_enough && !findings.failed()) {
        ++rounds;
        const std::size_t before = detail::bytes_in_use();
        detail::live(subject, script, lives, findings);
        if (detail::bytes_in_use() <= before) ++quiet;
    }
    if (findings.failed()) return;
    if (quiet < quiet_enough) {
        const std::size_t grown = detail::bytes_in_use() - start;
        findings.fail("an object frees all that it allocated",
                      "about " + std::to_string(grown / (most_rounds * lives)) +
                          " bytes remain of each object that was created, used and destroyed");
    }
    if (const std::size_t now = detail::open_files(); now > files) {
        findings.fail("an object closes all files that it opened",
                      std::to_string(now - files) + " more are open after " +
                          std::to_string(rounds * lives) + " objects");
    }
}

}  // namespace spillway::testing
