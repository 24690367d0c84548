#pragma once

#include <string>

#include <rapidjson/document.h>

#include <spillway/time.hpp>

namespace spillway::cli {

/// Why an event is not the expected one; empty if it is. Expected fields must be there and alike,
/// others may be there, too; lists must be equally long.
///
///     null                 the field is absent
///     1.5                  numbers may differ by one part in a thousand million
///     ">= 60"              a number compared with >, >=, < or <=
///     "+5s"                a time, counted from the start of the test
///     2026-02-05T20:25:00Z the same time however many digits it is written with
[[nodiscard]] std::string difference(const rapidjson::Value& expected,
                                     const rapidjson::Value& actual, Time start);

}  // namespace spillway::cli
