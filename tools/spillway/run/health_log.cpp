#include "run/health_log.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <spillway/fields.hpp>

#include "report/feed_stop.hpp"

namespace spillway::cli {
namespace {

/// A feed that fails in ever new words is told no more than this often.
constexpr std::size_t most_failures = 64;
/// Failures of a venue that follow each other this closely are one outage.
constexpr Duration outage_spread = minute;

bool reads_live(const runtime::NodeSpec& node) {
    return node.category == Category::source && node.plugin->is(Trait::live);
}

std::string subject_of(std::string_view venue, const std::string& about) {
    return about.empty() ? std::string(venue) : fmt::format("{} {}", venue, about);
}

bool is_outage(const Event& event) {
    return event.kind() == Kind::source_status &&
           event.source_status.state == FeedState::disconnected &&
           !event.has(field::source_status::about);
}

/// Whether rows behind this one say that the venue is out as a whole: that is told, and not what
/// it means for one kind.
bool is_overtaken(const SinkRows& rows, std::uint32_t at) {
    const Event& event = rows.batch[rows.rows[at]];
    if (!event.has(field::source_status::about)) return false;
    for (std::uint32_t k = at + 1; k < rows.rows.count; ++k) {
        const Event& later = rows.batch[rows.rows[k]];
        if (later.venue == event.venue && is_outage(later)) return true;
    }
    return false;
}

std::vector<runtime::InputSpec> live_sources(const runtime::PipelineSpec& spec) {
    std::vector<runtime::InputSpec> inputs;
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (!reads_live(node)) continue;
        runtime::InputSpec input;
        input.from = node.id;
        input.kinds = {Kind::source_status};
        inputs.push_back(std::move(input));
    }
    return inputs;
}

}  // namespace

bool is_live(const runtime::PipelineSpec& spec) {
    return std::any_of(spec.nodes.begin(), spec.nodes.end(), reads_live);
}

runtime::Tap HealthLog::tap() { return {"spillway.health", this, {}, live_sources}; }

Status HealthLog::write(const SinkRows& rows) noexcept {
    return detail::guarded([&]() -> Status {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            const Event& event = rows.batch[rows.rows[k]];
            if (event.kind() != Kind::source_status || is_overtaken(rows, k)) continue;
            hear(event, rows.batch);
        }
        return {};
    });
}

void HealthLog::hear(const Event& event, const Batch& batch) {
    namespace f = field::source_status;
    const SourceStatusPayload& status = event.source_status;
    if (report::is_stop(event, batch)) return;
    const std::string_view venue = text_of(event.venue);
    const std::string about(event.has(f::about) ? to_string(status.about) : "");
    if (status.state == FeedState::connected || status.state == FeedState::resumed) {
        return recover(venue, about, status.state);
    }
    const std::string reason(event.has(f::reason) ? batch.text(event, status.reason) : "");
    fail(venue, about, status.state, reason, event.event_time);
}

void HealthLog::fail(std::string_view venue, const std::string& about, FeedState state,
                     const std::string& reason, Time now) {
    Outage& outage = outages_[std::string(venue)];
    if (outage.failures.size() >= most_failures || !outage.failures.emplace(about, reason).second) {
        return;
    }
    const Scope scope = !about.empty()                     ? Scope::one_kind
                        : state == FeedState::disconnected ? Scope::connection
                                                           : Scope::some_data;
    const bool repeats = !outage.words.empty() && reason.find(outage.words) != std::string::npos;
    const bool known = outage.told_at != time_before_all && now < outage.told_at + outage_spread &&
                       (scope <= outage.told || repeats);
    spdlog::log(known ? spdlog::level::debug : spdlog::level::warn, "{}: {}{}{}",
                subject_of(venue, about), name_in(feed_state_names, state),
                reason.empty() ? "" : ": ", reason);
    if (known) return;
    outage.told_at = now;
    outage.told = scope;
    outage.words = reason;
}

void HealthLog::recover(std::string_view venue, const std::string& about, FeedState state) {
    const auto found = outages_.find(venue);
    if (found == outages_.end()) return;
    auto& failures = found->second.failures;
    const auto ended = std::erase_if(
        failures, [&](const auto& one) { return about.empty() || one.first == about; });
    if (ended == 0) return;
    spdlog::info("{}: {}", subject_of(venue, about), name_in(feed_state_names, state));
    if (failures.empty()) outages_.erase(found);
}

}  // namespace spillway::cli
