#pragma once

#include <string>

#include "report/report.hpp"

namespace spillway::report {

// The report for a terminal: ASCII, lines of at most 100 columns (unless a word is longer), times
// in UTC. With `colour`, ANSI codes set headings in bold and severities and signs in colour; the
// text is the same without them.
std::string render_text(const RunReport& report, bool colour);

}  // namespace spillway::report
