#pragma once

#include <spillway/transform.hpp>

#include "memory.hpp"

namespace spillway::dedupe {

struct Options {
    Duration window = day;
    std::int64_t max_entries = 4'000'000;
};

/// Drops records that were seen before.
class Dedupe : public Filter<Dedupe> {
public:
    static constexpr About about = {
        .name = "dedupe",
        .version = "1.0.0",
        .summary = "Drops records that were seen before",
        .consumes = KindSet::all(),
        .emits = KindSet::all(),
        .traits = Trait::in_place | Trait::any_kind | Trait::needs_ids,
    };
    static constexpr auto option_list = spillway::options(
        option::duration<&Options::window>("window",
                                           "How long a record is remembered, in event time.")
            .otherwise("24h")
            .at_least(1e9),
        option::integer<&Options::max_entries>(
            "max_entries", "Records remembered at most, about 32 bytes each; the oldest go first.")
            .otherwise("4000000")
            .at_least(2)
            .at_most(1e9));
    Options options;

    Status begin(const NodeSetup&) {
        memory_.limit(options.window, static_cast<std::size_t>(options.max_entries));
        return {};
    }
    Verdict on(const Event& event, const Batch&) {
        const Entry entry = entry_of(event);
        if (!entry.id || memory_.admit(entry, event.event_time)) return Verdict::keep;
        return Verdict::duplicate;
    }

    Status snapshot(StateSink& sink, bool all) noexcept override {
        return detail::guarded([&]() -> Status {
            memory_.snapshot(sink, about.state_version, all);
            return {};
        });
    }
    Status restore(std::string_view, std::string_view part, std::uint32_t version,
                   std::span<const std::byte> bytes) noexcept override {
        return detail::guarded([&]() -> Status {
            if (version > about.state_version) {
                return {Code::unsupported, "state was written by a newer version", part};
            }
            StateReader reader(bytes);
            if (!memory_.restore(part, reader)) return {Code::io, "state row is damaged", part};
            return {};
        });
    }

private:
    Memory memory_;
};

}  // namespace spillway::dedupe
