#pragma once

#include <set>
#include <string>
#include <tuple>

#include <spillway/sink.hpp>

#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// Tells the log when a live feed fails and when it is well again, each failure once. Written on
/// the thread of its sink queue.
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
    void tell(const Event& event, const Batch& batch);

    /// Venue, what it concerns, why.
    std::set<std::tuple<std::string, std::string, std::string>> failing_;
};

}  // namespace spillway::cli
