#pragma once

#include <spillway/sink.hpp>

namespace spillway::cli {

/// Stands in front of a sink, and of its checkpoint store if it is one: hands everything on but
/// what a class derived from it does otherwise.
class SinkFront : public Sink, protected CheckpointStore {
public:
    /// `sink` must outlive it.
    explicit SinkFront(Sink& sink) noexcept : sink_(sink) {}

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

protected:
    Result<EpochInfo> load(StateRowVisitor* rows) noexcept override {
        return sink_.checkpoint_store()->load(rows);
    }
    Result<EpochInfo> look(const SinkSetup& setup, StateRowVisitor* rows) noexcept override {
        return sink_.checkpoint_store()->look(setup, rows);
    }
    Status commit(const EpochCommit& commit) noexcept override {
        return sink_.checkpoint_store()->commit(commit);
    }
    [[nodiscard]] Sink& behind() noexcept { return sink_; }

private:
    Sink& sink_;
};

}  // namespace spillway::cli
