#pragma once

#include <string_view>

#include <spillway/status.hpp>

#include "force_order.hpp"

namespace spillway::binance {

// Forced orders from the venue's archive of COIN-M `liquidationSnapshot` files (2023-06-25 to
// 2024-10-14). A row does not name its contract: the frame's channel does, as
// `liquidationSnapshot?symbol=BTCUSD_PERP`. The archive holds every row twice.

/// A row as an object with the header of the file as keys.
[[nodiscard]] Status read_snapshot(ondemand::object row, std::string_view symbol,
                                   ForceOrder& order);

/// A line of the file itself:
///     time,side,order_type,time_in_force,original_quantity,price,average_price,order_status,
///     last_fill_quantity,accumulated_fill_quantity
[[nodiscard]] Status read_snapshot_line(std::string_view line, std::string_view symbol,
                                        ForceOrder& order);
/// Whether the line is the header of such a file.
[[nodiscard]] bool is_snapshot_header(std::string_view line) noexcept;

}  // namespace spillway::binance
