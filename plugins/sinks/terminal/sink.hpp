#pragma once

#include <string>
#include <vector>

#include <spillway/sink.hpp>

namespace spillway::terminal {

struct Options {
    std::vector<std::string> show;
};

/// Tells people what happens, a line each on standard output, with colour only on a terminal.
class TerminalSink : public SinkPlugin<TerminalSink> {
public:
    static constexpr About about = {
        .name = "terminal",
        .version = "1.0.0",
        .summary = "One readable line per alert, cascade and score on standard output",
        .consumes = {Kind::alert, Kind::cascade, Kind::score},
        .traits = Trait::alerting,
    };
    static constexpr auto option_list = spillway::options(
        option::texts<&Options::show>("show", "What gets a line: alerts, cascades, scores.")
            .otherwise("alerts,cascades"));
    Options options;

    TerminalSink() = default;
    /// For tests: lines go to that file descriptor instead of standard output.
    explicit TerminalSink(int descriptor) noexcept : descriptor_(descriptor) {}

    Status check();
    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

private:
    [[nodiscard]] Status put() noexcept;

    int descriptor_ = 1;
    bool colour_ = false;
    bool gone_ = false;  ///< nobody reads any more
    KindSet shown_;
    PodVector<char> pending_;
};

}  // namespace spillway::terminal
