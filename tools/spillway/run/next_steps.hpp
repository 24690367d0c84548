#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::cli {

/// A file that a sink writes.
struct Output {
    std::string sink;  ///< node id
    std::string type;  ///< plugin
    std::filesystem::path path;
    KindSet kinds = {};   ///< what may reach the sink
    bool secret = false;  ///< `path` ends in *** in place of what a secret file says
};

/// What the sinks of a pipeline write, where its user finds it.
[[nodiscard]] std::vector<Output> outputs_of(const runtime::PipelineSpec& spec,
                                             const std::filesystem::path& data_dir);

/// `sqlite  spillway-demo/spillway.db`.
[[nodiscard]] std::string describe(const Output& output);

/// A run that is over, as far as the commands worth trying after it depend on it.
struct EndedRun {
    std::string program;  ///< as the user called it
    std::filesystem::path file;
    std::filesystem::path data_dir = ".";
    std::filesystem::path replay;     ///< the recording that it read
    std::filesystem::path recording;  ///< the recording that it made
    bool live = false;                ///< it followed the market as it is now
    bool paced = false;               ///< it was slowed down to be watched
    bool resumable = false;           ///< the next run goes on where it stopped
    bool failed = false;
    bool has_dead_letters = false;
};

/// Three things worth trying after a run, as commands to paste.
[[nodiscard]] std::vector<std::string> next_steps(const EndedRun& run,
                                                  const std::vector<Output>& outputs);

}  // namespace spillway::cli
