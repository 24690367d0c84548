#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// The text of a pipeline file (or of a `--set` value), line by line.
class SourceText {
public:
    /// A byte order mark is skipped.
    SourceText(std::string name, std::string text);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] int line_count() const noexcept { return static_cast<int>(starts_.size()); }
    /// Line `number` (from 1) without its line end; empty if there is no such line.
    [[nodiscard]] std::string_view line(int number) const noexcept;
    /// The place at a line and byte of it (both from 0), its column counted in characters.
    [[nodiscard]] Location at(int line, int byte) const;
    /// Everything from a line and byte of it (both from 0) to the end.
    [[nodiscard]] std::string_view from(int line, int byte) const noexcept;
    /// The first byte that no UTF-8 text has, NUL included.
    [[nodiscard]] std::optional<Location> first_bad_byte() const;

private:
    std::string name_;
    std::string text_;
    std::vector<std::size_t> starts_;  ///< of every line
};

}  // namespace spillway::runtime
