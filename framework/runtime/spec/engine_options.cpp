#include "runtime/spec/engine_options.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <spillway/time.hpp>

namespace spillway::runtime {
namespace {

/// More shards than cores do not help, and there are only so many key groups.
constexpr double most_shards = key_groups;

OptionDescription make(std::string name, OptionType type, std::string fallback, std::string doc) {
    OptionDescription option;
    option.name = std::move(name);
    option.type = type;
    option.fallback = std::move(fallback);
    option.doc = std::move(doc);
    return option;
}

OptionDescription on_error() {
    auto option = make("on_error", OptionType::choice, "dead_letter",
                       "What becomes of a record that cannot be handled.");
    option.choices.assign(on_error_names.begin(), on_error_names.end());
    return option;
}

OptionDescription was() {
    return make("was", OptionType::text, "",
                "Earlier id of the node: its state in the checkpoint becomes that of this one.");
}

std::vector<OptionDescription> source_options() {
    auto idle = make("idle_after", OptionType::duration, "0s",
                     "Without a record for this long the source no longer holds back event time; "
                     "0 = never.");
    auto order = make("out_of_order", OptionType::duration, "5s",
                      "How far events may come behind the latest one and still be in time.");
    auto journal =
        make("journal", OptionType::path, "",
             "Live sources: folder where raw frames are written before anything else "
             "sees them; a run that goes on after a crash reads them back. Empty: none.");
    auto keep_for = make("journal_keep_for", OptionType::duration, "1d",
                         "Older files of the journal are removed; 0 = none for its age.");
    auto keep_bytes =
        make("journal_keep_bytes", OptionType::size, "4GiB",
             "The oldest files of a larger journal are removed; 0 = none for its size.");
    return {on_error(),
            std::move(idle),
            std::move(order),
            std::move(journal),
            std::move(keep_for),
            std::move(keep_bytes),
            was()};
}

std::vector<OptionDescription> worker_options() {
    auto parallelism = make("parallelism", OptionType::integer, "1",
                            "Number of shards that the keys are spread over.");
    parallelism.minimum = 1;
    parallelism.maximum = most_shards;
    return {std::move(parallelism), on_error(), was()};
}

std::vector<OptionDescription> sink_options() {
    auto full = make("when_full", OptionType::choice, "auto",
                     "When the queue is full: wait, or drop the oldest rows and count them. auto: "
                     "wait if every source can be replayed, else drop.");
    full.choices = {"auto", "block", "drop_oldest"};
    return {std::move(full), was()};
}

const OptionSetting* find(std::span<const OptionSetting> settings, std::string_view name) {
    const auto found = std::find_if(
        settings.begin(), settings.end(),
        [&](const OptionSetting& setting) { return setting.description->name == name; });
    return found != settings.end() ? &*found : nullptr;
}

}  // namespace

std::span<const OptionDescription> run_options(Category category) {
    static const std::vector<OptionDescription> sources = source_options();
    static const std::vector<OptionDescription> workers = worker_options();
    static const std::vector<OptionDescription> sinks = sink_options();
    switch (category) {
        case Category::source:
            return sources;
        case Category::transform:
        case Category::scorer:
            return workers;
        case Category::sink:
            return sinks;
        case Category::venue:
            break;
    }
    return {};
}

std::string run_option_owners(std::string_view key) {
    std::string owners;
    for (const NodeMap& map : node_maps) {
        const auto options = run_options(map.category);
        const bool has = std::any_of(options.begin(), options.end(),
                                     [&](const auto& option) { return option.name == key; });
        if (!has) continue;
        if (!owners.empty()) owners += ", ";
        owners += map.key;
    }
    return owners;
}

NodeRunOptions to_run_options(std::span<const OptionSetting> settings) {
    NodeRunOptions run;
    if (const auto* set = find(settings, "parallelism")) {
        run.parallelism = static_cast<std::uint32_t>(set->integer);
    }
    if (const auto* set = find(settings, "on_error")) {
        run.on_error = static_cast<OnError>(set->integer);
    }
    if (const auto* set = find(settings, "idle_after")) run.idle_after = set->integer;
    if (const auto* set = find(settings, "out_of_order")) run.out_of_order = set->integer;
    if (const auto* set = find(settings, "when_full"); set != nullptr && set->integer > 0) {
        run.when_full = set->text == "block" ? WhenFull::block : WhenFull::drop_oldest;
    }
    if (const auto* set = find(settings, "was")) run.was = set->text;
    run.journal.at_once = true;
    run.journal.file_bytes = std::uint64_t{32} << 20U;
    if (const auto* set = find(settings, "journal")) run.journal.folder = set->text;
    if (const auto* set = find(settings, "journal_keep_for")) run.journal.keep_for = set->integer;
    if (const auto* set = find(settings, "journal_keep_bytes")) {
        run.journal.keep_bytes = static_cast<std::uint64_t>(set->integer);
    }
    return run;
}

std::span<const OptionDescription> pipeline_options() {
    static const std::vector<OptionDescription> options = {
        make("name", OptionType::text, "",
             "Name of the pipeline in stores, metrics and ids; default: the file's name.")};
    return options;
}

std::span<const OptionDescription> checkpoint_options() {
    static const std::vector<OptionDescription> options = [] {
        auto interval =
            make("interval", OptionType::duration, "1s", "Wall time between two checkpoints.");
        interval.minimum = static_cast<double>(10 * millisecond);
        interval.maximum = static_cast<double>(hour);
        return std::vector<OptionDescription>{
            make("store", OptionType::text, "", "The sink that holds the checkpoint."),
            std::move(interval)};
    }();
    return options;
}

std::span<const OptionDescription> dead_letter_options() {
    static const std::vector<OptionDescription> options = {
        make("store", OptionType::text, "",
             "The sink that holds dead letters; default: the checkpoint store."),
        make("file", OptionType::path, "", "The JSON-lines file that dead letters are added to.")};
    return options;
}

bool is_id(std::string_view text) noexcept {
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && text.size() <= 63 && letter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace spillway::runtime
