#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <spillway/sink.hpp>

#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// Whether a pipeline follows the market as it is now.
[[nodiscard]] bool is_live(const runtime::PipelineSpec& spec);

/// Tells the log when a live feed fails and when it is well again. One outage is one warning: what
/// fails at a venue within a minute of a failure that was told, and is no worse, goes to the debug
/// log. Stopping is no failure. Written on the thread of its sink queue.
class HealthLog final : public Sink {
public:
    /// For Runner::create: listens to what live sources say of themselves. Must outlive the runner.
    [[nodiscard]] runtime::Tap tap();

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

private:
    /// What is wrong; the later, the worse.
    enum class Scope { one_kind, some_data, connection };
    struct Outage {
        std::set<std::pair<std::string, std::string>> failures;  ///< what each concerns, and why
        Time told_at = time_before_all;
        Scope told = Scope::one_kind;
        std::string words;
    };
    void hear(const Event& event, const Batch& batch);
    void fail(std::string_view venue, const std::string& about, FeedState state,
              const std::string& reason, Time now);
    void recover(std::string_view venue, const std::string& about, FeedState state);

    std::map<std::string, Outage, std::less<>> outages_;  ///< by venue
};

}  // namespace spillway::cli
