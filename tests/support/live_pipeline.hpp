#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <spillway/sink.hpp>

#include "runtime/run/runner.hpp"
#include "support/run_pipeline.hpp"

namespace spillway::testing {

/// A pipeline that runs inside the test's process until the test has seen what it waited for.
class LivePipeline {
public:
    /// Starts it on a thread of its own. `run.taps` are what can be watched.
    explicit LivePipeline(const PipelineRun& run);
    ~LivePipeline();
    LivePipeline(const LivePipeline&) = delete;
    LivePipeline& operator=(const LivePipeline&) = delete;

    using Wanted = std::function<bool(std::string_view line)>;
    /// Until a line of a tap is wanted, looking at all lines since `from`; false after half a
    /// minute.
    [[nodiscard]] bool wait_for(const std::string& tap, const Wanted& wanted, std::size_t from = 0);
    /// The same with a text that a line has.
    [[nodiscard]] bool wait_for(const std::string& tap, const std::vector<std::string>& texts,
                                std::size_t from = 0);
    [[nodiscard]] std::vector<std::string> lines(const std::string& tap) const;
    [[nodiscard]] runtime::RunStatus status() const { return runner_->status(); }
    [[nodiscard]] std::string metrics() const { return runner_->metrics_text(); }
    /// Puts another file, or other overrides, in force; answers when that is done, or why it is
    /// not.
    [[nodiscard]] Status reload(const PipelineRun& run);
    /// The same, and does not wait for it.
    [[nodiscard]] Status request_reload(const PipelineRun& run);
    [[nodiscard]] Status wait_for_reload();
    /// As Ctrl-C does; answers when everything has drained.
    [[nodiscard]] runtime::RunResult stop();

private:
    class Watch;
    class Listener;
    std::unique_ptr<Listener> listener_;
    std::map<std::string, std::unique_ptr<Watch>> watches_;
    std::unique_ptr<runtime::Runner> runner_;
    std::thread thread_;
    runtime::RunResult result_;
};

}  // namespace spillway::testing
