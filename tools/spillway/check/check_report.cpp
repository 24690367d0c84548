#include "check/check_report.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <spillway/event_json.hpp>

namespace spillway::cli {
namespace {

constexpr std::array<std::string_view, 4> outcome_words = {"ok", "warning", "FAILED", "-"};
constexpr std::array<std::string_view, 4> outcome_names = {"ok", "warning", "failed",
                                                           "not_applicable"};

template <std::size_t Count>
std::string_view word(const std::array<std::string_view, Count>& words, Outcome outcome) {
    return words[static_cast<std::size_t>(outcome)];
}

/// One line of text, whatever a plugin printed.
std::string line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code >= ' ' && code != 0x7f) {
            out += c;
        } else {
            out += c == '\n' || c == '\t' ? std::string(" ") : fmt::format("\\x{:02x}", code);
        }
    }
    return out;
}

std::string json(std::string_view text) {
    PodVector<char> out;
    append_json_string(out, text);
    return std::string(view(out));
}

std::string summary(const PluginReport& report) {
    const auto part = [&](Outcome outcome, std::string_view one, std::string_view many) {
        const std::size_t count = report.count(outcome);
        return fmt::format("{} {}", count, count == 1 ? one : many);
    };
    return fmt::format("{}, {}, {}, {}\n", part(Outcome::ok, "property holds", "properties hold"),
                       part(Outcome::failed, "fails", "fail"),
                       part(Outcome::warning, "has a warning", "have a warning"),
                       part(Outcome::not_applicable, "does not apply", "do not apply"));
}

}  // namespace

void PropertyReport::take(std::vector<testing::Finding> found) {
    findings = std::move(found);
    outcome = Outcome::ok;
    for (const testing::Finding& finding : findings) {
        if (!finding.warning) outcome = Outcome::failed;
    }
    if (outcome == Outcome::ok && !findings.empty()) outcome = Outcome::warning;
    if (outcome == Outcome::ok && !reason.empty()) outcome = Outcome::not_applicable;
}

std::size_t PluginReport::count(Outcome outcome) const {
    return static_cast<std::size_t>(
        std::ranges::count(properties, outcome, &PropertyReport::outcome));
}

std::string report_text(const std::vector<PluginReport>& reports) {
    std::string out;
    for (const PluginReport& report : reports) {
        out += fmt::format("{}{}{}\n", report.title, report.title.empty() ? "" : ", ", report.file);
        if (!report.case_file.empty()) out += fmt::format("with {}\n", report.case_file);
        out += '\n';
        for (const PropertyReport& property : report.properties) {
            out += fmt::format("  {:<8} {:<12} {}\n", word(outcome_words, property.outcome),
                               property.name,
                               property.outcome == Outcome::not_applicable
                                   ? "does not apply: " + line(property.reason)
                                   : property.summary);
            for (const testing::Finding& finding : property.findings) {
                out += fmt::format("           expected     {}\n           happened     {}\n",
                                   line(finding.expected), line(finding.happened));
                if (!finding.place.empty()) {
                    out += fmt::format("           where        {}\n", line(finding.place));
                }
            }
            if (!property.findings.empty()) {
                out += fmt::format("           again        {}\n", property.again);
            }
        }
        out += "\n  " + summary(report) + '\n';
    }
    return out;
}

std::string report_json(const std::vector<PluginReport>& reports) {
    const bool passed = std::ranges::all_of(reports, &PluginReport::passed);
    std::string out = fmt::format(R"({{"passed":{},"plugins":[)", passed);
    const auto separate = [&](bool first) { out += first ? "\n" : ",\n"; };
    for (const PluginReport& report : reports) {
        separate(&report == reports.data());
        out += fmt::format(R"({{"file":{},"plugin":{},"case":{},"passed":{},"properties":[)",
                           json(report.file), json(report.title), json(report.case_file),
                           report.passed());
        for (const PropertyReport& property : report.properties) {
            separate(&property == report.properties.data());
            out += fmt::format(
                R"(  {{"name":{},"summary":{},"outcome":{},"reason":{},"again":{},"findings":[)",
                json(property.name), json(property.summary),
                json(word(outcome_names, property.outcome)), json(property.reason),
                json(property.again));
            for (const testing::Finding& finding : property.findings) {
                separate(&finding == property.findings.data());
                out += fmt::format(
                    R"(    {{"severity":{},"expected":{},"happened":{},"where":{}}})",
                    json(finding.warning ? "warning" : "failure"), json(finding.expected),
                    json(finding.happened), json(finding.place));
            }
            out += "]}";
        }
        out += "]}";
    }
    return out + "]}\n";
}

}  // namespace spillway::cli
