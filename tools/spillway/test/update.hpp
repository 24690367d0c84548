#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/spec/source_text.hpp"
#include "runtime/spec/test_spec.hpp"
#include "test/verdict.hpp"

namespace spillway::cli {

/// A test that failed, and what came instead of what it expects.
struct Correction {
    const runtime::TestSpec* test;
    const TestOutcome* outcome;
};

struct UpdatedText {
    std::string text;                   ///< of the whole file
    std::vector<std::string> changed;   ///< expectations that were rewritten, "file:line: which"
    std::vector<std::string> left_out;  ///< "file:line: why"
    std::vector<bool> complete;         ///< by correction: nothing of it was left out
};

/// The file with the events and counts that came in place of those expected. Only the values of
/// expectations that do not hold are rewritten; comments and layout around them stay. An event
/// keeps the fields that were expected of the one in its place.
[[nodiscard]] UpdatedText updated(const runtime::SourceText& source,
                                  const std::vector<Correction>& corrections);

}  // namespace spillway::cli
