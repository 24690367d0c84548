#include "run/next_steps.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace spillway::cli {
namespace {

/// As a POSIX shell reads it back.
std::string shell_word(std::string_view text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:@%,";
    if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

bool on_path(std::string_view program) {
    const char* const variable = std::getenv("PATH");
    std::string_view folders = variable != nullptr ? variable : "";
    std::error_code ignored;
    while (!folders.empty()) {
        const std::size_t colon = std::min(folders.find(':'), folders.size());
        if (std::filesystem::exists(std::filesystem::path(folders.substr(0, colon)) / program,
                                    ignored)) {
            return true;
        }
        folders.remove_prefix(std::min(colon + 1, folders.size()));
    }
    return false;
}

/// What is worth asking a store that has rows of a kind.
struct Question {
    Kind kind;
    std::string_view select;
};
constexpr std::array<Question, 5> questions = {{
    {Kind::alert,
     "select time, symbol, severity, message from cascade_alerts_utc order by time limit 10"},
    {Kind::cascade,
     "select start, market, side, event_count, total_usd from cascade_episodes_utc order by start "
     "limit 10"},
    {Kind::score,
     "select time, market, name, direction, value from scores_utc order by time desc limit 10"},
    {Kind::liquidation,
     "select time, venue, symbol, side, usd_value from liquidations_utc order by time limit 10"},
    {Kind::price,
     "select venue, symbol, price, max(time) as time from prices_utc group by venue, symbol"},
}};

std::string ask(const Output& store, std::string_view select) {
    return fmt::format("sqlite3 -box {} \"{}\"{}", shell_word(store.path.string()), select,
                       on_path("sqlite3") ? "" : "   # apt-get install sqlite3");
}

/// Of a market as it is now the first alerts may be a day away, the prices are there at once.
std::string query(const Output& store, bool live) {
    const auto fits = [&](const Question& one) { return store.kinds.has(one.kind); };
    if (live && fits(questions.back())) return ask(store, questions.back().select);
    const auto* const found = std::ranges::find_if(questions, fits);
    return ask(store, found != questions.end() ? found->select : ".tables");
}

/// Commands of this program about one run.
class Commands {
public:
    explicit Commands(const EndedRun& run)
        : self_(shell_word(run.program)), file_(shell_word(run.file.string())) {
        if (run.data_dir != ".") data_dir_ = " --data-dir " + shell_word(run.data_dir.string());
        if (!run.replay.empty()) replay_ = " --replay " + shell_word(run.replay.string());
    }

    [[nodiscard]] std::string about(std::string_view command, std::string_view options = {}) const {
        return fmt::format("{} {} {}{}", self_, command, file_, options);
    }
    [[nodiscard]] std::string stored(std::string_view command) const {
        return about(command, data_dir_);
    }
    [[nodiscard]] std::string run_again(std::string_view more) const {
        return about("run", replay_ + data_dir_ + std::string(more));
    }
    [[nodiscard]] std::string list_plugins() const { return self_ + " plugins list"; }

private:
    std::string self_, file_, data_dir_, replay_;
};

}  // namespace

std::vector<Output> outputs_of(const runtime::PipelineSpec& spec,
                               const std::filesystem::path& data_dir) {
    std::vector<Output> outputs;
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (node.category != Category::sink || node.plugin == nullptr) continue;
        for (const runtime::OptionSetting& option : node.options) {
            if (option.description == nullptr || option.text.empty() ||
                option.description->type != OptionType::path) {
                continue;
            }
            // A part of a secret path would tell how long the rest is, and where it begins.
            const std::filesystem::path path = option.secret ? "***" : option.text;
            Output output{node.id, node.plugin->name, (data_dir / path).lexically_normal()};
            for (const runtime::InputSpec& input : node.inputs) {
                output.kinds = output.kinds | input.kinds;
            }
            output.secret = option.secret;
            outputs.push_back(std::move(output));
        }
    }
    return outputs;
}

std::string describe(const Output& output) {
    return fmt::format("{:<8} {}", output.type, output.path.string());
}

std::vector<std::string> next_steps(const EndedRun& run, const std::vector<Output>& outputs) {
    constexpr std::size_t wanted = 3;
    const Commands commands(run);
    std::vector<std::string> steps;
    if (run.failed && run.live) steps.push_back(commands.about("doctor"));
    if (run.has_dead_letters) steps.push_back(commands.stored("dead-letters list"));
    if (run.resumable && run.failed) {
        steps.push_back(commands.run_again("   # goes on from the last epoch"));
    }
    if (!run.recording.empty() && !run.failed) {
        steps.push_back(commands.about(
            "run", fmt::format(" --replay {} --data-dir again   # the same scores, byte for byte",
                               shell_word(run.recording.string()))));
    }
    const auto store = std::ranges::find_if(
        outputs, [](const Output& output) { return output.type == "sqlite" && !output.secret; });
    if (store != outputs.end()) steps.push_back(query(*store, run.live));
    if (run.resumable && !run.failed) {
        steps.push_back(commands.run_again("   # goes on where this run stopped"));
    }
    if (run.live && !run.failed) steps.push_back(commands.about("doctor"));
    steps.push_back(commands.about("validate", " --graph mermaid"));
    if (!run.live && !run.paced && !run.failed) {
        steps.push_back(commands.run_again(" --speed 3600"));
    }
    steps.push_back(commands.about("validate", " --explain"));
    steps.push_back(commands.list_plugins());
    steps.resize(std::min(steps.size(), wanted));
    return steps;
}

}  // namespace spillway::cli
