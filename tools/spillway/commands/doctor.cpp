#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <spillway/examination.hpp>
#include <spillway/time.hpp>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "report/render_json.hpp"
#include "run/signals.hpp"
#include "runtime/run/examine.hpp"
#include "runtime/run/secrets.hpp"

namespace spillway::cli {
namespace {

struct DoctorArguments {
    PipelineArguments pipeline;
    std::string format = "text";
};

struct Row {
    std::string endpoint, check, detail, fix;
    Outcome outcome = Outcome::good;
    Duration took = 0;
};

/// As sources call what concerns no single address.
constexpr std::string_view the_venue = "the venue";

constexpr std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::good:
            return "ok";
        case Outcome::warning:
            return "warning";
        case Outcome::failed:
            return "FAILED";
        case Outcome::skipped:
            return "skipped";
    }
    return "";
}

/// Collects what is found about one source.
class Patient final : public Examiner {
public:
    Patient(std::string node, const runtime::PipelineSpec& spec, const std::atomic<bool>& stopped)
        : node_(std::move(node)), spec_(spec), stopped_(stopped) {}

    void report(const Finding& finding) noexcept override {
        const std::lock_guard lock(mutex_);
        const auto shown = [this](std::string_view text) {
            return without_secrets(spec_, std::string(text));
        };
        rows_.push_back({shown(finding.endpoint), shown(finding.check), shown(finding.detail),
                         shown(finding.fix), finding.outcome, finding.took});
    }
    [[nodiscard]] bool stopped() const noexcept override { return stopped_.load(); }

    [[nodiscard]] const std::string& node() const noexcept { return node_; }
    /// By endpoint, in the order in which these were tried first.
    [[nodiscard]] std::vector<Row> rows() const {
        std::vector<Row> sorted = rows_;
        const auto place = [this](const Row& row) {
            return std::find_if(rows_.begin(), rows_.end(),
                                [&](const Row& one) { return one.endpoint == row.endpoint; });
        };
        std::stable_sort(sorted.begin(), sorted.end(),
                         [&](const Row& a, const Row& b) { return place(a) < place(b); });
        return sorted;
    }

private:
    std::string node_;
    const runtime::PipelineSpec& spec_;
    const std::atomic<bool>& stopped_;
    std::mutex mutex_;
    std::vector<Row> rows_;  // guarded by mutex_ while the source is examined
};

using Patients = std::deque<Patient>;

/// How many checks there were, by outcome.
struct Tally {
    std::array<std::size_t, 4> by_outcome{};

    explicit Tally(const Patients& patients) {
        for (const Patient& patient : patients) {
            for (const Row& row : patient.rows()) {
                ++by_outcome[static_cast<std::size_t>(row.outcome)];
            }
        }
    }
    [[nodiscard]] std::size_t of(Outcome outcome) const {
        return by_outcome[static_cast<std::size_t>(outcome)];
    }
    [[nodiscard]] std::size_t all() const {
        return std::accumulate(by_outcome.begin(), by_outcome.end(), std::size_t{0});
    }
    [[nodiscard]] bool healthy() const { return of(Outcome::failed) == 0; }
};

std::string summary(const Tally& tally) {
    if (tally.all() == 0) {
        return "No source of this pipeline talks to anything outside: nothing to examine.";
    }
    return fmt::format("{}{} checks: {} ok, {} with a warning, {} failed, {} skipped.",
                       tally.healthy() ? "Everything that was tried works. " : "", tally.all(),
                       tally.of(Outcome::good), tally.of(Outcome::warning),
                       tally.of(Outcome::failed), tally.of(Outcome::skipped));
}

void print_text(const Patients& patients, const Tally& tally) {
    for (const Patient& patient : patients) {
        std::string endpoint;
        const auto rows = patient.rows();
        if (!rows.empty()) fmt::print("{}\n", patient.node());
        for (const Row& row : rows) {
            if (row.endpoint != endpoint) fmt::print("  {}\n", endpoint = row.endpoint);
            const std::string took =
                row.took > 0 ? fmt::format(" ({:.0f} ms)", to_seconds(row.took) * 1e3) : "";
            fmt::print("    {:<8} {:<12} {}{}\n", name_of(row.outcome), row.check, row.detail,
                       took);
            if (!row.fix.empty()) fmt::print("             -> {}\n", row.fix);
        }
    }
    fmt::print("{}{}\n", tally.all() > 0 ? "\n" : "", summary(tally));
}

void print_json(const std::string& pipeline, const Patients& patients, const Tally& tally) {
    rapidjson::StringBuffer text;
    report::JsonWriter out(text);
    out.StartObject();
    out.Key("pipeline");
    out.String(pipeline.c_str());
    out.Key("healthy");
    out.Bool(tally.healthy());
    out.Key("findings");
    out.StartArray();
    for (const Patient& patient : patients) {
        for (const Row& row : patient.rows()) {
            out.StartObject();
            const auto put = [&](const char* key, std::string_view value) {
                out.Key(key);
                out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
            };
            put("source", patient.node());
            put("endpoint", row.endpoint);
            put("check", row.check);
            put("outcome", row.outcome == Outcome::failed ? "failed" : name_of(row.outcome));
            put("detail", row.detail);
            put("fix", row.fix);
            out.Key("milliseconds");
            out.Double(to_seconds(row.took) * 1e3);
            out.EndObject();
        }
    }
    out.EndArray();
    out.EndObject();
    fmt::print("{}\n", text.GetString());
}

/// Whether the venue gets a key. Of one that it gets, its replies say whether they accept it.
void report_key(const runtime::NodeSpec& node, Examiner& out) {
    if (node.venue == nullptr || !node.plugin->is(Trait::live)) return;
    bool takes_one = false;
    for (const runtime::OptionSetting& setting : node.venue_options) {
        if (setting.description->type != OptionType::secret) continue;
        takes_one = true;
        if (!setting.text.empty()) continue;
        const std::string why =
            setting.origin_detail.empty() ? "" : fmt::format(" ({})", setting.origin_detail);
        out.report({the_venue, "key", Outcome::skipped,
                    fmt::format("keyless: `{}` is empty{}. {}", setting.description->name, why,
                                setting.description->doc)});
    }
    if (!takes_one) {
        out.report({the_venue, "key", Outcome::good, "none is needed: its data are public"});
    }
}

int doctor(const DoctorArguments& arguments) {
    const runtime::Catalogue catalogue = scan_plugins(arguments.pipeline.plugin_dirs);
    auto spec =
        load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options());
    if (!spec) {
        fmt::print(stderr, "{}", to_text(spec.error()));
        return exit_usage;
    }
    RunSignals signals;  // before the sources start threads
    std::atomic<bool> stopped{false};
    signals.watch({.stop = [&stopped] { stopped.store(true); }, .leave = [] {}, .reload = [] {}});
    Patients patients;
    if (isatty(STDERR_FILENO) == 1) fmt::print(stderr, "examining, up to half a minute ...\n");
    const auto problems =
        runtime::examine_sources(*spec, [&](const runtime::NodeSpec& node) -> Examiner& {
            return patients.emplace_back(node.id, *spec, stopped);
        });
    signals.unwatch();
    if (!problems.empty()) {
        fmt::print(stderr, "{}", to_text(problems));
        return exit_usage;
    }
    for (Patient& patient : patients) report_key(*spec->find(patient.node()), patient);
    const Tally tally(patients);
    if (arguments.format == "json") {
        print_json(spec->name, patients, tally);
    } else {
        print_text(patients, tally);
    }
    return tally.healthy() ? exit_ok : exit_failed;
}

}  // namespace

void add_doctor(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "doctor", "Try every endpoint that a pipeline names, and say what to do about each");
    command->footer(
        "Examples:\n"
        "  spillway doctor pipelines/live.yaml\n"
        "  spillway doctor pipelines/live.yaml --format json\n"
        "\n"
        "For each endpoint: name, TCP, TLS, handshake, subscription, first data, clock, key, "
        "limits.\n"
        "Takes up to half a minute. Nothing is written, no sink is opened.\n"
        "\n"
        "Exit codes: 0 nothing failed (there may be warnings), 1 a check failed, 2 wrong usage or\n"
        "pipeline file.");
    const auto arguments = std::make_shared<DoctorArguments>();
    arguments->pipeline.add_to(*command);
    command->add_option("--format", arguments->format, "For people or for programs")
        ->type_name("text|json")
        ->check(CLI::IsMember({"text", "json"}).description(""))
        ->capture_default_str();
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return doctor(*arguments); }; });
}

}  // namespace spillway::cli
