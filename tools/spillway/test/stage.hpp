#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/run/runner.hpp"
#include "runtime/spec/load_tests.hpp"
#include "test/line_sink.hpp"
#include "test/scratch_folder.hpp"

namespace spillway::cli {

/// A pipeline with its outside taken away: sources read what the test gives, sinks and outputs are
/// listened to, and nothing outside of the scratch folder is touched. One run each.
class Stage {
public:
    /// Loads the pipeline as the test wants it and prepares its input. Mistakes in `set` are
    /// reported where they stand in the file of the test.
    [[nodiscard]] static tl::expected<Stage, runtime::Diagnostics> prepare(
        const runtime::TestFile& file, const runtime::TestSpec& test,
        const runtime::Catalogue& catalogue);

    [[nodiscard]] const runtime::PipelineSpec& pipeline() const noexcept { return pipeline_; }
    [[nodiscard]] std::vector<runtime::Tap> taps();
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_->path(); }

    /// What came out: of an output `id` or `id.port`, or what reached a sink. In dead letters,
    /// lines of the input are `source:2`.
    [[nodiscard]] std::vector<std::string> lines(const std::string& output) const;
    /// Input that the sources themselves refused, as dead letters.
    [[nodiscard]] std::vector<std::string> refused() const;

private:
    struct Listener {
        std::string id;  ///< of its node in the graph
        std::vector<runtime::InputSpec> inputs;
        std::unique_ptr<LineSink> sink;
    };

    Stage() : folder_(std::make_unique<ScratchFolder>()) {}
    [[nodiscard]] runtime::Diagnostics replace_source(runtime::NodeSpec& node,
                                                      const runtime::TestFile& file,
                                                      const runtime::TestSpec& test,
                                                      const runtime::Catalogue& catalogue);
    void replace_sinks();
    void listen_to_outputs(const runtime::TestSpec& test);
    void add_clock(const runtime::TestSpec& test, const runtime::PluginDescription& replay);
    void listen(const std::string& output, std::string id, std::vector<runtime::InputSpec> inputs);
    [[nodiscard]] std::vector<std::string> lines_of(const Listener& listener) const;

    std::unique_ptr<ScratchFolder> folder_;
    runtime::PipelineSpec pipeline_;
    std::map<std::string, Listener> listeners_;  ///< by output
};

}  // namespace spillway::cli
