#pragma once

#include <optional>
#include <string_view>

#include <spillway/kind.hpp>
#include <spillway/time.hpp>

namespace spillway::binance {

/// The name of a frame's channel, taken apart. Two forms:
///
///     btcusdt@depth20@100ms  !forceOrder@arr          a stream
///     openInterestHist?period=5m&symbol=BTCUSDT       a poll: the last part of the REST path, then
///                                                     its parameters in alphabetical order
class Channel {
public:
    explicit Channel(std::string_view text) noexcept : text_(text) {}

    /// Name of the poll: all up to the `?`, without the path before it.
    [[nodiscard]] std::string_view poll() const noexcept;
    /// Name of the stream: `depth20`, `forceOrder`; empty if the text has no `@`.
    [[nodiscard]] std::string_view stream() const noexcept;
    /// Value of a parameter of a poll; empty if it has none of that name.
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
    /// Time between the values of a poll with `period=5m`; 0 if it has no period.
    [[nodiscard]] Duration period() const noexcept;
    /// The kind of data that comes over it, if that is known.
    [[nodiscard]] std::optional<Kind> kind() const noexcept;

private:
    std::string_view text_;
};

}  // namespace spillway::binance
