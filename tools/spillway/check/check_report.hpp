#pragma once

#include <string>
#include <vector>

#include <spillway/testing/conformance/findings.hpp>

namespace spillway::cli {

enum class Outcome { ok, warning, failed, not_applicable };

/// What one property says about a plugin.
struct PropertyReport {
    std::string name;
    std::string summary;
    Outcome outcome = Outcome::ok;
    std::string reason;  ///< why it does not apply
    std::vector<testing::Finding> findings;
    std::string again;  ///< command that shows the same again

    /// Takes findings over and draws the outcome from them.
    void take(std::vector<testing::Finding> found);
};

/// What the kit says about a plugin file.
struct PluginReport {
    std::string file;
    std::string title;      ///< "window 1.0.0 (transform)"; empty if it has no manifest
    std::string case_file;  ///< empty: none
    std::vector<PropertyReport> properties;

    [[nodiscard]] std::size_t count(Outcome outcome) const;
    [[nodiscard]] bool passed() const { return count(Outcome::failed) == 0; }
};

[[nodiscard]] std::string report_text(const std::vector<PluginReport>& reports);
/// {"passed": bool, "plugins": [{file, plugin, case, passed, properties: [{name, summary, outcome,
/// reason, findings: [{severity, expected, happened, where}], again}]}]}
[[nodiscard]] std::string report_json(const std::vector<PluginReport>& reports);

}  // namespace spillway::cli
