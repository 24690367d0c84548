#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::cli {

/// A file that a sink writes.
struct Output {
    std::string sink;  ///< node id
    std::string type;  ///< plugin
    std::filesystem::path path;
};

/// What the sinks of a pipeline write, where its user finds it.
[[nodiscard]] std::vector<Output> outputs_of(const runtime::PipelineSpec& spec,
                                             const std::filesystem::path& data_dir);

/// `sqlite  spillway-demo/spillway.db`.
[[nodiscard]] std::string describe(const Output& output);

/// Three things worth trying after a run, as commands to paste. `program` is how the user called
/// us, `paced` whether the run was slowed down to be watched.
[[nodiscard]] std::vector<std::string> next_steps(const std::filesystem::path& pipeline_file,
                                                  const std::vector<Output>& outputs,
                                                  std::string_view program, bool paced);

}  // namespace spillway::cli
