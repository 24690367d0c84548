#pragma once

#include <string>

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "report/report.hpp"

namespace spillway::report {

using JsonWriter = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

// Writes the report as members of the object that is open in `out`, so that the caller can add
// members of its own (books, rates). The order of keys is fixed. Times are ISO 8601 UTC strings,
// durations seconds, changes and shares fractions; what is not known is null, never 0.
void write_members(JsonWriter& out, const RunReport& report);

// The report alone, as one indented object with a line end.
std::string render_json(const RunReport& report);

}  // namespace spillway::report
