#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "letters/sink_front.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::cli {

/// Stands in front of the checkpoint store while letters of a file are replayed. Two files cannot
/// change at one moment: what became of the letters is written down first, under the name of the
/// replay, and means nothing until the epoch of the replay is there, which holds that name.
class MarkingStore final : public SinkFront {
public:
    /// `prepare` writes down what became of the letters, given the time of the epoch.
    MarkingStore(Sink& sink, std::string replay, std::function<Status(Time)> prepare);

private:
    Status commit(const EpochCommit& commit) noexcept override;

    std::string replay_;
    std::function<Status(Time)> prepare_;
};

/// A name that no other replay has.
[[nodiscard]] std::string new_replay_name();
/// The name of the newest replay of a pipeline that was committed; empty if there is none. The
/// store is not opened.
[[nodiscard]] Result<std::string> newest_replay(const runtime::PipelineSpec& spec,
                                                const std::filesystem::path& data_dir);

}  // namespace spillway::cli
