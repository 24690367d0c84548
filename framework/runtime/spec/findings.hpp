#pragma once

#include <string>

#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"
#include "runtime/spec/secret_mask.hpp"
#include "runtime/spec/source_text.hpp"

namespace spillway::runtime {

/// Collects every mistake of a pipeline file while the checks go on.
class Findings {
public:
    Findings(const SourceText& source, const Catalogue& catalogue)
        : source_(source), mask_(catalogue) {}

    void error(const Location& where, std::string path, std::string message,
               std::string suggestion = {});
    void warning(const Location& where, std::string path, std::string message,
                 std::string suggestion = {});
    /// A value that no finding may show, whenever it is reported.
    void hide(std::string_view secret) { mask_.hide(secret); }

    [[nodiscard]] bool failed() const noexcept { return !errors_.empty(); }
    /// In the order of the file, each once, with excerpts and without secrets.
    [[nodiscard]] Diagnostics errors() const { return finished(errors_); }
    [[nodiscard]] Diagnostics warnings() const { return finished(warnings_); }

private:
    [[nodiscard]] Diagnostics finished(Diagnostics found) const;

    const SourceText& source_;
    SecretMask mask_;
    Diagnostics errors_;
    Diagnostics warnings_;
};

}  // namespace spillway::runtime
