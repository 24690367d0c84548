#include "letters/replay.hpp"

#include <algorithm>
#include <deque>

#include "letters/letter_keeper.hpp"
#include "letters/marking_store.hpp"

namespace spillway::cli {
namespace {

/// Longer than any replay: it is one epoch, so that its letters are settled with all of its rows.
constexpr Duration one_epoch = 3650 * day;

}  // namespace

tl::expected<ReplayResult, runtime::Diagnostics> replay_letters(
    const runtime::PipelineSpec& spec, const runtime::Catalogue& catalogue,
    const std::filesystem::path& data_dir, const LetterBox& box, const ReplayPlan& plan) {
    ReplayResult result;
    result.status = box.resolve();
    if (!result.status.ok()) return result;
    const std::string name = new_replay_name();
    std::deque<LetterKeeper> keepers;  // one more whenever the pipeline restarts
    std::deque<MarkingStore> stores;
    runtime::Reentry reentry = plan.reentry();
    reentry.sink = [&](const runtime::NodeSpec& node, Sink& sink) -> Sink* {
        if (node.id == box.node()) {
            return &keepers.emplace_back(sink, plan.letters(), box.in_checkpoint_store());
        }
        if (node.id != spec.checkpoint_store || !box.in_file()) return &sink;
        return &stores.emplace_back(sink, name, [&](Time time) {
            return box.prepare(keepers.back().outcomes(time), name);
        });
    };
    runtime::RunSettings settings;
    settings.data_dir = data_dir;
    settings.speed = 0;
    settings.reentry = &reentry;
    runtime::PipelineSpec once = spec;
    once.checkpoint_interval = one_epoch;
    auto runner = runtime::Runner::create(std::move(once), catalogue, settings);
    if (!runner) return tl::unexpected(std::move(runner.error()));
    const runtime::RunResult run = (*runner)->run();

    result.status = run.status;
    result.node = run.node;
    result.epoch = run.final.epoch;
    if (!result.status.ok()) return result;
    const Time time = std::max(run.final.engine_time, run.final.resumed_from.time);
    result.outcomes = keepers.back().outcomes(time);
    for (const LetterOutcome& outcome : result.outcomes) {
        result.reasons.emplace_back(outcome.reason);
    }
    for (std::size_t i = 0; i < result.outcomes.size(); ++i) {
        result.outcomes[i].reason = result.reasons[i];
    }
    runner->reset();  // its sinks have the store
    if (!box.in_checkpoint_store()) {
        result.status = box.settle(result.outcomes, result.epoch, name);
    }
    return result;
}

}  // namespace spillway::cli
