#pragma once

#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/load_tests.hpp"
#include "test/result.hpp"
#include "test/verdict.hpp"

namespace spillway::cli {

/// A test as it ran: its result, and what came in the first run for `--update`.
struct TestRun {
    TestResult result;
    TestOutcome first;
};

/// What is wrong with the pipeline as the test changes it; nothing is run.
[[nodiscard]] runtime::Diagnostics check_test(const runtime::TestFile& file,
                                              const runtime::TestSpec& test,
                                              const runtime::Catalogue& catalogue);

/// Runs the test with each of its executors until one does not give what is expected. An error:
/// the pipeline cannot be run so (a mistake in `set`, an option that only its plugin understands).
[[nodiscard]] tl::expected<TestRun, runtime::Diagnostics> run_test(
    const runtime::TestFile& file, const runtime::TestSpec& test,
    const runtime::Catalogue& catalogue);

}  // namespace spillway::cli
