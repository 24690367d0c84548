#pragma once

#include <string>

#include "report/render_json.hpp"
#include "run/counted_part.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// Whether every node and edge accounts for all that went in:
/// in = processed + filtered + duplicate + late + dropped + dead-lettered, and
/// emitted = delivered + dropped + queued.
[[nodiscard]] bool books_balance(const runtime::RunStatus& status);

/// One line: the books balance, or where they do not; and what was lost or refused, if any.
[[nodiscard]] std::string books_line(const runtime::RunStatus& status,
                                     const CountedPart& counted = {});

/// Adds the members `books_balance`, `books`, `edges` and `rates` to the object open in `out`.
void write_books(report::JsonWriter& out, const runtime::RunResult& result,
                 const CountedPart& counted = {});

}  // namespace spillway::cli
