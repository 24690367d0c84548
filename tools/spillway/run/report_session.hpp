#pragma once

#include <string>
#include <vector>

#include "report/collector.hpp"
#include "report/report_tap.hpp"
#include "run/counted_part.hpp"
#include "run/next_steps.hpp"
#include "run/run_arguments.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// The report of one run: what listens while it runs, and what is told when it has ended.
class ReportSession {
public:
    ReportSession(const runtime::PipelineSpec& spec, const RunArguments& arguments);

    /// For Runner::create; empty for a pipeline that assesses no market.
    [[nodiscard]] std::vector<runtime::Tap> taps();
    /// After the run: for people, and for programs. `counted`: the part that `result` counts.
    [[nodiscard]] std::string text(const runtime::RunResult& result, const CountedPart& counted,
                                   bool colour) const;
    [[nodiscard]] std::string json(const runtime::RunResult& result,
                                   const CountedPart& counted) const;
    /// "57,394 records in 1.42 s"
    [[nodiscard]] std::string records(const runtime::RunResult& result,
                                      const CountedPart& counted) const;

private:
    [[nodiscard]] report::RunFacts facts(const runtime::RunResult& result,
                                         const CountedPart& counted) const;

    std::string pipeline_;
    std::vector<Output> outputs_;
    EndedRun run_;  ///< as far as it is known before
    bool checkpointed_;
    std::string cascade_rule_;
    std::vector<runtime::InputSpec> inputs_;
    report::Collector collector_;
    report::ReportTap tap_{collector_};
};

}  // namespace spillway::cli
