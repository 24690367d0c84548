#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <spillway/sink.hpp>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::cli {

/// Stands in front of the checkpoint store while letters of a file are replayed. Two files cannot
/// change at one moment: what became of the letters is written down first, under the name of the
/// replay, and means nothing until the epoch of the replay is there, which holds that name.
class MarkingStore final : public Sink, private CheckpointStore {
public:
    /// `prepare` writes down what became of the letters, given the time of the epoch.
    MarkingStore(Sink& sink, std::string replay, std::function<Status(Time)> prepare);

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup& setup) noexcept override { return sink_.open(setup); }
    Status write(const SinkRows& rows) noexcept override { return sink_.write(rows); }
    Status flush(std::uint64_t epoch) noexcept override { return sink_.flush(epoch); }
    void position(StateWriter& out) noexcept override { sink_.position(out); }
    [[nodiscard]] CheckpointStore* checkpoint_store() noexcept override {
        return sink_.checkpoint_store() != nullptr ? this : nullptr;
    }
    Status idle() noexcept override { return sink_.idle(); }
    Status close() noexcept override { return sink_.close(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return sink_.dropped(); }

private:
    Result<EpochInfo> load(StateRowVisitor* rows) noexcept override {
        return sink_.checkpoint_store()->load(rows);
    }
    Result<EpochInfo> look(const SinkSetup& setup, StateRowVisitor* rows) noexcept override {
        return sink_.checkpoint_store()->look(setup, rows);
    }
    Status commit(const EpochCommit& commit) noexcept override;

    Sink& sink_;
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
