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
    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return folder.path() / name;
    }

    TemporaryFolder folder;
};

inline std::string kind(std::string_view name) { return R"("kind":")" + std::string(name) + '"'; }
inline std::string venue(std::string_view name) { return R"("venue":")" + std::string(name) + '"'; }

}  // namespace spillway::testing
