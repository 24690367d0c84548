#pragma once

#include <filesystem>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/load_pipeline.hpp"
#include "runtime/spec/source_text.hpp"
#include "runtime/spec/test_spec.hpp"

namespace spillway::runtime {

/// The tests of one file and the pipeline that they are of.
struct TestFile {
    SourceText source;
    std::filesystem::path pipeline;  ///< the file itself, or the one that it names
    std::vector<TestSpec> tests;     ///< empty if the file has no key `tests`
};

/// Reads the tests of a pipeline file, or of a file with the keys `pipeline` (path of a pipeline
/// file, relative to this one) and `tests`. The pipeline is checked as well: all mistakes at once.
[[nodiscard]] tl::expected<TestFile, Diagnostics> load_tests(const std::filesystem::path& file,
                                                             const Catalogue& catalogue);

/// How the pipeline of a test is loaded: with its `set` and `variables`, and without what says
/// where to read and write. The environment of the process is not seen.
[[nodiscard]] LoadOptions load_options(const TestSpec& test);

}  // namespace spillway::runtime
