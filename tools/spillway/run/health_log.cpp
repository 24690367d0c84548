#include "run/health_log.hpp"

#include <spdlog/spdlog.h>

#include <spillway/fields.hpp>

namespace spillway::cli {
namespace {

/// A feed that fails in ever new words is told no more than this often.
constexpr std::size_t most_failures = 64;

std::vector<runtime::InputSpec> live_sources(const runtime::PipelineSpec& spec) {
    std::vector<runtime::InputSpec> inputs;
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (node.category != Category::source || !node.plugin->is(Trait::live)) continue;
        runtime::InputSpec input;
        input.from = node.id;
        input.kinds = {Kind::source_status};
        inputs.push_back(std::move(input));
    }
    return inputs;
}

}  // namespace

runtime::Tap HealthLog::tap() { return {"spillway.health", this, {}, live_sources}; }

Status HealthLog::write(const SinkRows& rows) noexcept {
    return detail::guarded([&]() -> Status {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            const Event& event = rows.batch[rows.rows[k]];
            if (event.kind() == Kind::source_status) tell(event, rows.batch);
        }
        return {};
    });
}

void HealthLog::tell(const Event& event, const Batch& batch) {
    namespace f = field::source_status;
    const SourceStatusPayload& status = event.source_status;
    const std::string venue(text_of(event.venue));
    const std::string about(event.has(f::about) ? to_string(status.about) : "");
    const std::string reason(event.has(f::reason) ? batch.text(event, status.reason) : "");
    const bool well = status.state == FeedState::connected || status.state == FeedState::resumed;
    const std::string subject = about.empty() ? venue : venue + ' ' + about;
    if (!well) {
        if (failing_.size() >= most_failures || !failing_.emplace(venue, about, reason).second)
            return;
        spdlog::warn("{}: {}{}{}", subject, name_in(feed_state_names, status.state),
                     reason.empty() ? "" : ": ", reason);
        return;
    }
    const auto ended = std::erase_if(failing_, [&](const auto& one) {
        return std::get<0>(one) == venue && (about.empty() || std::get<1>(one) == about);
    });
    if (ended > 0) spdlog::info("{}: {}", subject, name_in(feed_state_names, status.state));
}

}  // namespace spillway::cli
