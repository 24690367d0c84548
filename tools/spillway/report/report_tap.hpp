#pragma once

#include <set>
#include <string>
#include <vector>

#include <spillway/sink.hpp>

#include "report/collector.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::report {

/// Hands what flows through a pipeline to the collector of its report. Called from the thread of
/// its sink queue; read the collector when the run has ended.
class ReportTap final : public Sink {
public:
    /// `collector` is not owned and must outlive the tap. It is emptied when a run restarts.
    explicit ReportTap(Collector& collector) : collector_{collector} {}

    Status configure(std::span<const OptionValue> values) noexcept override;
    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t epoch) noexcept override;
    Status close() noexcept override;

private:
    void add(const Event& event, const Batch& batch);
    void add_price(const Event& event);
    void add_bar(const Event& event);
    void add_open_interest(const Event& event);
    void add_liquidation(const Event& event);
    void add_liquidation_sum(const Event& event);
    void add_input(const Event& event, InputKind kind);
    void add_score(const Event& event, const Batch& batch);
    void add_cascade(const Event& event, const Batch& batch);
    void add_alert(const Event& event);
    void add_source_status(const Event& event, const Batch& batch);

    std::string_view stream_of(const Event& event);
    bool begins(const Event& alert);

    Collector& collector_;
    bool opened_ = false;
    std::string stream_;
    std::vector<ContributionView> contributions_;
    std::set<Id> announced_;  ///< firing alerts of which only the first message counts
};

/// What a report listens to: market data as the first scorer takes it (without scorers: cascades,
/// alerts), and what scorers, cascades and alerts say. Each output of a node once. Empty for a
/// pipeline that assesses nothing: it has no market report.
[[nodiscard]] std::vector<runtime::InputSpec> report_inputs(const runtime::PipelineSpec& spec);

}  // namespace spillway::report
