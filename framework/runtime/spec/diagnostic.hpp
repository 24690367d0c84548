#pragma once

#include <string>
#include <vector>

namespace spillway::runtime {

enum class DiagnosticLevel { error, warning };

/// One mistake in a pipeline file, with all that a person or an editor needs to mend it.
struct Diagnostic {
    std::string file;
    int line = 0;      ///< from 1; 0 = the file as a whole
    int column = 0;    ///< from 1
    std::string path;  ///< YAML path, `scorers.risk.profile`
    DiagnosticLevel level = DiagnosticLevel::error;
    std::string message;     ///< what is wrong and what was expected
    std::string suggestion;  ///< "did you mean 'scaled'?"; may be empty
    std::string excerpt;     ///< the source line
};

using Diagnostics = std::vector<Diagnostic>;

/// file:line:col: message, the line with a caret, the suggestion.
[[nodiscard]] std::string to_text(const Diagnostics& diagnostics);
/// A list of objects with file, line, column, path, severity, message, suggestion.
[[nodiscard]] std::string to_json(const Diagnostics& diagnostics);

}  // namespace spillway::runtime
