#pragma once

#include <mutex>
#include <string_view>

namespace spillway::cli {

/// The last line of the terminal behind standard error, kept apart from what scrolls above it:
/// whoever prints lines meanwhile, to standard output or error, needs to know nothing of it.
/// Thread-safe.
class BottomLine {
public:
    /// Whether standard error is a terminal that understands this.
    [[nodiscard]] static bool available();

    BottomLine() = default;
    ~BottomLine() { release(); }
    BottomLine(const BottomLine&) = delete;
    BottomLine& operator=(const BottomLine&) = delete;

    /// Columns to draw into now.
    [[nodiscard]] static unsigned columns();
    /// `text` has no line break and no more than `columns()` characters.
    void draw(std::string_view text);
    /// Clears the line and gives it back; nothing is drawn afterwards.
    void release() noexcept;

private:
    std::mutex mutex_;
    unsigned rows_ = 0;  ///< of the terminal when the line was reserved
    bool reserved_ = false;
    bool released_ = false;
};

}  // namespace spillway::cli
