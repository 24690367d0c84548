#include "test/execution.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "runtime/run/runner.hpp"
#include "test/stage.hpp"

namespace spillway::cli {
namespace {

using runtime::TestExecutor;

runtime::RunSettings settings_for(TestExecutor executor, const Stage& stage) {
    runtime::RunSettings settings;
    settings.fresh = true;
    settings.speed = 0;
    settings.data_dir = stage.folder();
    if (executor == TestExecutor::inline_only) {
        settings.executor = runtime::ExecutorKind::inline_only;
        return settings;
    }
    settings.executor = executor == TestExecutor::tbb ? runtime::ExecutorKind::tbb
                                                      : runtime::ExecutorKind::automatic;
    settings.threads = 2;
    // Results must not show where steps are cut: cut them as no run would.
    settings.step_records = 4;
    settings.random_steps = 1;
    return settings;
}

tl::expected<TestOutcome, runtime::Diagnostics> run_once(const runtime::TestFile& file,
                                                         const runtime::TestSpec& test,
                                                         TestExecutor executor,
                                                         const runtime::Catalogue& catalogue) {
    auto stage = Stage::prepare(file, test, catalogue);
    if (!stage) return tl::unexpected(std::move(stage.error()));
    auto runner = runtime::Runner::create(stage->pipeline(), catalogue,
                                          settings_for(executor, *stage), stage->taps());
    if (!runner) return tl::unexpected(std::move(runner.error()));
    TestOutcome outcome;
    outcome.run = (*runner)->run();
    for (const runtime::TestExpectation& one : test.expectations) {
        outcome.lines[one.output] = stage->lines(one.output);
    }
    outcome.refused = stage->refused();
    return outcome;
}

}  // namespace

runtime::Diagnostics check_test(const runtime::TestFile& file, const runtime::TestSpec& test,
                                const runtime::Catalogue& catalogue) {
    auto stage = Stage::prepare(file, test, catalogue);
    if (!stage) return std::move(stage.error());
    auto runner = runtime::Runner::create(stage->pipeline(), catalogue, {}, stage->taps());
    return runner ? runtime::Diagnostics() : std::move(runner.error());
}

tl::expected<TestRun, runtime::Diagnostics> run_test(const runtime::TestFile& file,
                                                     const runtime::TestSpec& test,
                                                     const runtime::Catalogue& catalogue) {
    const auto start = std::chrono::steady_clock::now();
    TestRun run;
    run.result.name = test.name;
    run.result.where = test.where;
    for (std::size_t i = 0; i < test.executors.size() && run.result.passed(); ++i) {
        auto outcome = run_once(file, test, test.executors[i], catalogue);
        if (!outcome) return tl::unexpected(std::move(outcome.error()));
        run.result.failures = judge(test, *outcome);
        if (i == 0) {
            run.first = std::move(*outcome);
            continue;
        }
        const auto name = [&](std::size_t executor) {
            return runtime::test_executor_names[static_cast<std::size_t>(test.executors[executor])];
        };
        for (TestFailure& failure : run.result.failures) {
            failure.what += fmt::format(" (with the executor '{}'; '{}' gave what is expected)",
                                        name(i), name(0));
        }
    }
    run.result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return run;
}

}  // namespace spillway::cli
