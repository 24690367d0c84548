#pragma once

#include "runtime/spec/schema_writer.hpp"

namespace spillway::runtime {

/// Adds the keys that only files with tests have: `tests`, `pipeline`.
void write_test_properties(SchemaWriter& out);

/// The definitions that these refer to. Refers to the definition `scalar`.
void write_test_definitions(SchemaWriter& out);

}  // namespace spillway::runtime
