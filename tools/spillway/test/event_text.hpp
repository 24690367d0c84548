#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include <spillway/time.hpp>

namespace spillway::cli {

/// Events as JSON documents, in the order in which they came.
using Events = std::vector<rapidjson::Document>;

/// Parses one JSON object a line; what is none becomes `{"raw": line}`.
[[nodiscard]] rapidjson::Document parse_event(std::string_view line);

/// The event in YAML's flow style, as people write expectations: `{kind: price, last: 70000}`.
[[nodiscard]] std::string flow_text(const rapidjson::Value& value);

/// Of an event, the fields that `pattern` names, in its order; `null` for those that it wants to be
/// absent and are. Times are offsets from `start` where the pattern has them so.
[[nodiscard]] std::string flow_text_like(const rapidjson::Value& event,
                                         const rapidjson::Value& pattern, Time start);

/// An event that nothing was expected of: without ids and times that tell a reader little.
[[nodiscard]] std::string flow_text_of_new(const rapidjson::Value& event);

}  // namespace spillway::cli
