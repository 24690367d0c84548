#include "support/live_pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>

#include "runtime/spec/load_pipeline.hpp"

namespace spillway::testing {

/// Keeps every event as a line of JSON, and tells who waits for one.
class LivePipeline::Watch final : public Sink {
public:
    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        {
            const std::lock_guard lock(mutex_);
            for (std::uint32_t i = 0; i < rows.rows.count; ++i) {
                PodVector<char> text;
                append_json(text, rows.batch[rows.rows[i]], rows.batch);
                lines_.emplace_back(view(text));
            }
        }
        changed_.notify_all();
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

    bool wait_for(const Wanted& wanted, std::size_t from) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] {
            for (; from < lines_.size(); ++from) {
                if (wanted(lines_[from])) return true;
            }
            return false;
        });
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;  // guarded by mutex_
};

/// Tells who waits for a reload.
class LivePipeline::Listener final : public runtime::RunListener {
public:
    void reloaded(const Status& status) override {
        {
            const std::lock_guard lock(mutex_);
            reloaded_ = status;
        }
        changed_.notify_all();
    }
    Status wait_for_reload() {
        std::unique_lock lock(mutex_);
        const bool told = changed_.wait_for(lock, std::chrono::seconds(30),
                                            [&] { return reloaded_.has_value(); });
        if (!told) return {Code::io, "no reload within half a minute"};
        return *std::exchange(reloaded_, std::nullopt);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Status> reloaded_;  // guarded by mutex_
};

namespace {

runtime::PipelineSpec load(const PipelineRun& run) {
    runtime::LoadOptions options;
    options.overrides = run.overrides;
    options.environment = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = run.variables.find(std::string(name));
        return found != run.variables.end() ? std::optional(found->second) : std::nullopt;
    };
    auto spec = runtime::load_pipeline(run.file, built_plugins(), options);
    if (!spec) throw std::runtime_error(to_text(spec.error()));
    return std::move(*spec);
}

}  // namespace

LivePipeline::LivePipeline(const PipelineRun& run) : listener_(std::make_unique<Listener>()) {
    std::vector<runtime::Tap> taps;
    for (const std::string& output : run.taps) {
        auto& watch = watches_[output] = std::make_unique<Watch>();
        taps.push_back(tap_of(output, taps.size(), *watch));
    }
    auto runner =
        runtime::Runner::create(load(run), built_plugins(), run.settings, std::move(taps));
    if (!runner) throw std::runtime_error(to_text(runner.error()));
    runner_ = std::move(*runner);
    thread_ = std::thread([this] { result_ = runner_->run(*listener_); });
}

LivePipeline::~LivePipeline() {
    if (!thread_.joinable()) return;
    runner_->request_stop();
    thread_.join();
}

bool LivePipeline::wait_for(const std::string& tap, const Wanted& wanted, std::size_t from) {
    return watches_.at(tap)->wait_for(wanted, from);
}

bool LivePipeline::wait_for(const std::string& tap, const std::vector<std::string>& texts,
                            std::size_t from) {
    return wait_for(
        tap,
        [&](std::string_view line) {
            return std::ranges::all_of(texts, [&](const std::string& text) {
                return line.find(text) != std::string_view::npos;
            });
        },
        from);
}

std::vector<std::string> LivePipeline::lines(const std::string& tap) const {
    return watches_.at(tap)->lines();
}

Status LivePipeline::reload(const PipelineRun& run) {
    if (Status status = request_reload(run); !status.ok()) return status;
    return wait_for_reload();
}

Status LivePipeline::request_reload(const PipelineRun& run) {
    return runner_->request_reload(load(run));
}

Status LivePipeline::wait_for_reload() { return listener_->wait_for_reload(); }

runtime::RunResult LivePipeline::stop() {
    runner_->request_stop();
    thread_.join();
    return result_;
}

}  // namespace spillway::testing
