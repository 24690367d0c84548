#pragma once

#include <filesystem>

#include <spillway/testing/state_rows.hpp>

namespace spillway::testing {

/// Rows of a node's state as a text file, one JSON object a line:
///
///     {"key":"BTC","part":"","version":1,"bytes":"0100..."}
///
/// A file that cannot be read, or a line that cannot, fails the test.
[[nodiscard]] StateRows read_rows(const std::filesystem::path& file);

/// Makes a file; one that exists stays as it is, for it is what a released version wrote.
void write_new_rows(const std::filesystem::path& file, const StateRows& rows);

}  // namespace spillway::testing
