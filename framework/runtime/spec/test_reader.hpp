#pragma once

#include <vector>

#include "runtime/spec/pipeline_spec.hpp"
#include "runtime/spec/test_spec.hpp"
#include "runtime/spec/value_reader.hpp"
#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

/// Reads the key `tests` of a file for this pipeline: nodes, outputs and counts that it names must
/// exist there. Mistakes go to the reader's findings. Variables (`${NAME}`) mean nothing in tests.
[[nodiscard]] std::vector<TestSpec> read_tests(const YamlEntry& tests, const PipelineSpec& pipeline,
                                               const ValueReader& reader);

}  // namespace spillway::runtime
