#include "check/check_plugin.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <spillway/testing/conformance.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "check/file_checks.hpp"
#include "check/plugin_subject.hpp"
#include "check/shared_place.hpp"
#include "runtime/load/child_process.hpp"
#include "runtime/load/elf_section.hpp"
#include "runtime/load/library.hpp"
#include "runtime/load/manifest_reader.hpp"
#include "runtime/load/names_in.hpp"
#include "runtime/load/read_file.hpp"

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;
using runtime::ChildOutcome;
using runtime::PluginDescription;
using testing::Finding;
using testing::Findings;
using testing::Subject;

/// Properties of the file itself; no code of the plugin runs.
struct FileProperty {
    std::string_view name;
    std::string_view summary;
    void (*check)(const PluginDescription&, Findings&);
};
constexpr std::array<FileProperty, 3> file_properties = {{
    {"manifest", "readable, complete and without contradictions", &check_manifest},
    {"symbols", "needs the SDK and nothing else of the program", &check_symbols},
    {"initialisers", "no code runs while the file is loaded", &check_initialisers},
}};
constexpr std::string_view loads_name = "loads";

// What a child answers: the reason, then four texts a finding, each ended by a zero byte.
std::string packed(const Findings& findings) {
    std::string text = findings.not_applicable() + '\0';
    for (const Finding& finding : findings.items()) {
        for (const std::string_view part :
             {finding.warning ? std::string_view("warning") : std::string_view("failure"),
              std::string_view(finding.expected), std::string_view(finding.happened),
              std::string_view(finding.place)}) {
            text += part;
            text += '\0';
        }
    }
    return text;
}

void unpack(std::string_view text, PropertyReport& report) {
    const auto next = [&] {
        const std::size_t end = std::min(text.find('\0'), text.size());
        std::string part(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        return part;
    };
    report.reason = next();
    std::vector<Finding> findings;
    while (!text.empty()) {
        Finding& finding = findings.emplace_back();
        finding.warning = next() == "warning";
        finding.expected = next();
        finding.happened = next();
        finding.place = next();
    }
    report.take(std::move(findings));
}

/// What a child's end says when it is not an answer.
Finding finding_of(const ChildOutcome& child, std::chrono::milliseconds deadline,
                   std::string place) {
    using Ending = ChildOutcome::Ending;
    Finding finding{false, "the plugin returns from every call", {}, std::move(place)};
    const bool threw = child.output.find("terminate called") != std::string::npos;
    switch (child.ending) {
        case Ending::timed_out:
            finding.happened = fmt::format("it hung: no answer within {} ms", deadline.count());
            break;
        case Ending::signalled:
            if (threw) finding.expected = "nothing is thrown across the plugin boundary";
            finding.happened = threw ? "it threw an exception, which ended the process"
                                     : fmt::format("it crashed with signal {} ({})", child.code,
                                                   ::sigdescr_np(child.code));
            break;
        case Ending::exited:
            finding.happened = fmt::format("it ended the process with exit code {}", child.code);
            break;
        default:
            finding.happened =
                fmt::format("no process could be started for it: {}",
                            std::error_code(child.code, std::generic_category()).message());
    }
    if (!child.output.empty()) finding.happened += "; the last words: " + child.output;
    return finding;
}

class Bench {
public:
    /// `defect`: why there is no subject.
    Bench(PluginDescription plugin, Subject subject, std::string defect,
          const CheckSettings& settings)
        : plugin_(std::move(plugin)),
          subject_(std::move(subject)),
          defect_(std::move(defect)),
          settings_(settings) {
        subject_.seed = settings.seed;
        subject_.cuttings = settings.cuttings;
        subject_.folder = scratch_.path();
        subject_.place = place_.get();
    }

    void check(PluginReport& report) {
        for (const FileProperty& property : file_properties) {
            if (!wanted(property.name)) continue;
            Findings findings;
            property.check(plugin_, findings);
            PropertyReport& made = add(report, property.name, property.summary);
            made.reason = findings.not_applicable();
            made.take(findings.items());
        }
        PropertyReport loads = named(loads_name, "loads, makes an object, takes its options");
        check_loads(loads);
        const bool loaded = loads.outcome == Outcome::ok;
        if (wanted(loads_name) || !loaded) report.properties.push_back(std::move(loads));
        for (const testing::Property& property : testing::conformance_properties) {
            if (!property.concerns(plugin_.category) || !wanted(property.name)) continue;
            PropertyReport& made = add(report, property.name, property.summary);
            if (loaded) {
                run(made, property.check);
            } else {
                made.reason = "it does not come so far";
                made.outcome = Outcome::not_applicable;
            }
        }
    }

private:
    void check_loads(PropertyReport& report) {
        if (!defect_.empty()) {
            return report.take({{false, "every option has a value that it takes", defect_, {}}});
        }
        const CheckCase& with = settings_.with;
        // Read here: the child has a current folder of its own.
        const std::string place = place_of_options(with, plugin_.name);
        run(report, [&](const Subject& subject, Findings& findings) {
            const auto plugin = subject.create();
            if (!plugin) return findings.fail("the constructor succeeds", "it threw an exception");
            const Status status = plugin->configure(subject.options);
            if (status.ok()) return;
            if (!with.options.empty()) {
                return findings.fail("configure with the options given succeeds",
                                     Findings::described(status));
            }
            findings.fail("configure with the defaults succeeds, or options are given",
                          fmt::format("{}; none was given: use --set NAME=VALUE, or {}",
                                      Findings::described(status), place));
        });
    }
    [[nodiscard]] bool wanted(std::string_view name) const {
        return settings_.only.empty() ||
               std::ranges::find(settings_.only, name) != settings_.only.end();
    }
    [[nodiscard]] PropertyReport named(std::string_view name, std::string_view summary) const {
        PropertyReport made;
        made.name = name;
        made.summary = summary;
        made.again = fmt::format("{} --only {}", settings_.command, name);
        return made;
    }
    PropertyReport& add(PluginReport& report, std::string_view name, std::string_view summary) {
        return report.properties.emplace_back(named(name, summary));
    }

    template <class Check>
    void run(PropertyReport& report, const Check& check) {
        place_.get()->at("while the file is loaded");
        const runtime::ChildLimits limits{std::size_t{64} << 10U, std::size_t{256} << 20U};
        const ChildOutcome child = runtime::run_in_child(
            [&] {
                Findings findings;
                try {
                    fs::current_path(scratch_.path());
                    const auto library = runtime::Library::load(plugin_.file);
                    if (!library) {
                        findings.fail("the file loads", library.error().reason);
                        return packed(findings);
                    }
                    subject_.create = [&]() -> std::unique_ptr<Plugin> {
                        auto made = library->create();
                        return made ? std::move(*made) : nullptr;
                    };
                    subject_.at("the first object");
                    check(subject_, findings);
                } catch (const std::exception& error) {
                    findings.fail("the check comes to an end", error.what(), place_.text());
                }
                return packed(findings);
            },
            settings_.deadline, limits);
        if (child.ending == ChildOutcome::Ending::finished) {
            unpack(child.answer, report);
        } else {
            report.take({finding_of(child, settings_.deadline, place_.text())});
        }
    }

    PluginDescription plugin_;
    Subject subject_;
    std::string defect_;
    const CheckSettings& settings_;
    SharedPlace place_;
    testing::TemporaryFolder scratch_;  ///< for what the plugin writes
};

runtime::Checked<PluginDescription> describe(const fs::path& file) {
    const auto bytes = runtime::read_file(file);
    if (!bytes) return tl::unexpected(bytes.error());
    return runtime::manifest_section(*bytes)
        .and_then(
            [](std::span<const std::byte> section) { return runtime::read_manifest(section); })
        .map([&](PluginDescription plugin) {
            plugin.file = file;
            return plugin;
        });
}

}  // namespace

std::vector<std::string_view> property_names() {
    std::vector<std::string_view> names;
    names.reserve(file_properties.size() + 1 + testing::conformance_properties.size());
    for (const FileProperty& property : file_properties) names.push_back(property.name);
    names.push_back(loads_name);
    for (const auto& property : testing::conformance_properties) names.push_back(property.name);
    return names;
}

tl::expected<PluginReport, std::string> check_plugin(const fs::path& file,
                                                     const CheckSettings& settings) {
    PluginReport report;
    report.file = file.string();
    report.case_file = settings.with.file.string();
    std::error_code error;
    const fs::path real = fs::canonical(file, error);
    if (error) return tl::unexpected(fmt::format("{}: {}", file.string(), error.message()));
    auto plugin = describe(real);
    if (!plugin) {
        PropertyReport& manifest = report.properties.emplace_back();
        manifest.name = file_properties.front().name;
        manifest.summary = file_properties.front().summary;
        manifest.again = settings.command;
        manifest.take({{false,
                        "the file has a readable manifest",
                        plugin.error().reason + ": " + plugin.error().fix,
                        {}}});
        return report;
    }
    report.title = fmt::format("{} {} ({})", plugin->name, plugin->version,
                               runtime::name_of(plugin->category));
    // Options point into the description: it stays where it is.
    const auto described = std::make_unique<PluginDescription>(std::move(*plugin));
    auto subject = subject_of(*described, settings.with);
    std::string defect;
    if (!subject) {
        if (!subject.error().defect) return tl::unexpected(subject.error().message);
        defect = subject.error().message;
        subject.emplace();
    }
    Bench(*described, std::move(*subject), std::move(defect), settings).check(report);
    return report;
}

}  // namespace spillway::cli
