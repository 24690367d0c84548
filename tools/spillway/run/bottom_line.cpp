#include "run/bottom_line.hpp"

#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Control sequences of the VT100, which every terminal emulator knows: ESC 7 and ESC 8 save and
// restore the cursor, CSI r sets the lines that scroll.
namespace spillway::cli {
namespace {

constexpr unsigned fewest_rows = 3;

winsize size_of_terminal() {
    winsize size{};
    static_cast<void>(ioctl(STDERR_FILENO, TIOCGWINSZ, &size));
    return size;
}

/// In one call, so that it does not mingle with what other threads print.
void put(std::string_view text) noexcept {
    static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

}  // namespace

bool BottomLine::available() {
    const char* const terminal = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && terminal != nullptr && *terminal != '\0' &&
           std::string_view(terminal) != "dumb";
}

unsigned BottomLine::columns() {
    const unsigned columns = size_of_terminal().ws_col;
    return columns > 0 ? columns : 80;
}

void BottomLine::draw(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (released_) return;
    const unsigned rows = size_of_terminal().ws_row;
    if (rows < fewest_rows) {  // size unknown: share the current line
        rows_ = 0;
        reserved_ = true;
        put(fmt::format("\r\x1b[2K{}\r", text));
        return;
    }
    if (!reserved_ || rows != rows_) {
        put(
            fmt::format("\n\x1b"
                        "7\x1b[1;{}r\x1b"
                        "8\x1b[1A",
                        rows - 1));
        rows_ = rows;
        reserved_ = true;
    }
    put(
        fmt::format("\x1b"
                    "7\x1b[{};1H\x1b[2K{}\x1b"
                    "8",
                    rows, text));
}

void BottomLine::release() noexcept {
    const std::lock_guard lock(mutex_);
    released_ = true;
    if (!reserved_) return;
    reserved_ = false;
    if (rows_ == 0) {
        put("\r\x1b[2K");
    } else {
        put("\x1b"
            "7\x1b[r\x1b[9999;1H\x1b[2K\x1b"
            "8");
    }
}

}  // namespace spillway::cli
