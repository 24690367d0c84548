#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/live_pipeline.hpp"
#include "support/mock_exchange.hpp"

namespace spillway::testing {

/// pipelines/live.yaml against mock venues.
class LiveTest : public ::testing::Test {
protected:
    [[nodiscard]] PipelineRun live(const MockExchange& exchange,
                                   const std::string& data = "data") const {
        PipelineRun run;
        run.file = std::filesystem::path(SPILLWAY_SOURCE_DIR) / "pipelines/live.yaml";
        run.variables = {{"SPILLWAY_GATEWAY", exchange.gateway()}};
        run.settings.data_dir = folder.path() / data;
        run.taps = {"events", "risk", "cascades", "alerts"};
        return run;
    }
    /// The same with a value of the scores at once, and alerts of the slightest risk.
    [[nodiscard]] PipelineRun scored(const MockExchange& exchange,
                                     const std::string& data = "data") const {
        PipelineRun run = live(exchange, data);
        run.overrides = {{"scorers.risk.profile", "monotone"},
                         {"transforms.alerts.profile", "monotone"},
                         {"transforms.alerts.act_on", "emission"},
                         {"transforms.alerts.info_risk", "0.2"},
                         {"transforms.alerts.info_leave", "0.1"}};
        return run;
    }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return folder.path() / name;
    }

    TemporaryFolder folder;
};

inline std::string kind(std::string_view name) { return R"("kind":")" + std::string(name) + '"'; }
inline std::string venue(std::string_view name) { return R"("venue":")" + std::string(name) + '"'; }

}  // namespace spillway::testing
