#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <spillway/time.hpp>

namespace spillway::live::testing {

/// What servers say, in the order in which somebody reads: the next piece goes to the connection
/// that reads next. Any text is a script. "\n@" and a character stand between two pieces, and say
/// how the second comes:
///
///     @+        with the next read
///     @0 .. @7  after 1 ms, 10 ms, .. 3 hours
///     @e        not before the server closed in order: a part of what the next connection reads
///     @r        the same, but it broke off
///     @s        the same, but it fell silent
class Script {
public:
    struct Piece {
        enum class What : std::uint8_t { bytes, end, reset, silence };
        What what = What::end;
        Duration delay = 0;
        std::string_view bytes = {};
    };

    explicit Script(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_over() const noexcept { return over_; }
    /// After the last it is the end, for ever.
    [[nodiscard]] Piece next();

private:
    std::string_view rest_;
    Duration delay_ = 0;  ///< of the next bytes
    bool over_ = false;
    Piece::What then_ = Piece::What::bytes;  ///< before the next bytes
};

}  // namespace spillway::live::testing
