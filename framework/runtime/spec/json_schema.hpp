#pragma once

#include <string>

#include "runtime/load/catalogue.hpp"

namespace spillway::runtime {

/// JSON Schema of pipeline files with the plugins of the catalogue, for completion in editors
/// (`# yaml-language-server: $schema=schemas/pipeline.schema.json`). Only keywords of draft 4.
/// It knows types, ranges of plain numbers, choices, keys; what takes two places of the file to
/// see (ids, kinds, cycles) is left to `validate`. Plugins stand in alphabetical order, so that
/// equal catalogues give equal text.
[[nodiscard]] std::string json_schema(const Catalogue& catalogue);

}  // namespace spillway::runtime
