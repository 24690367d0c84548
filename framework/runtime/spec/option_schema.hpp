#pragma once

#include <span>

#include "runtime/load/description.hpp"
#include "runtime/spec/schema_writer.hpp"

namespace spillway::runtime {

/// Adds the option as a property: documentation, default and the forms that its value may have.
/// Refers to the definitions `reference`, `scalar` and `texts`.
void write_option(SchemaWriter& out, const OptionDescription& option);

/// A map with these options as keys and no others.
void write_options(SchemaWriter& out, std::span<const OptionDescription> options);

/// The definitions that options refer to.
void write_value_definitions(SchemaWriter& out);

}  // namespace spillway::runtime
