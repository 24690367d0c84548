#include "liquidation_snapshot.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <spillway/time.hpp>

#include "common/venues/json_fields.hpp"

namespace spillway::binance {
namespace {

using venues::JsonFields;

enum Column : std::size_t { time, side, quantity = 4, price, average_price, filled = 9, count };

Status problem(std::string_view column, std::string_view what) {
    return bad_record(fmt::format("liquidationSnapshot: {}: {}", column, what), column);
}

template <class Number>
bool read(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

bool read_amount(std::string_view text, double& amount) {
    return read(text, amount) && std::isfinite(amount) && amount >= 0;
}

/// What was filled and at which price, else what was ordered.
struct Amounts {
    double price = 0, average_price = 0, quantity = 0, filled = 0;
};

Status fill(const Amounts& amounts, std::string_view side, std::string_view symbol,
            ForceOrder& order) {
    if (symbol.empty()) {
        return problem("symbol",
                       "the channel names no contract; expected "
                       "liquidationSnapshot?symbol=BTCUSD_PERP");
    }
    if (side != "SELL" && side != "BUY") return problem("side", "expected SELL or BUY");
    order.symbol = symbol;
    order.side = side == "SELL" ? Side::long_position : Side::short_position;
    order.price_kind = amounts.average_price > 0 ? PriceKind::fill : PriceKind::limit;
    order.price = amounts.average_price > 0 ? amounts.average_price : amounts.price;
    order.quantity = amounts.filled > 0 ? amounts.filled : amounts.quantity;
    if (!(order.price > 0)) return problem("average_price", "no value above 0, nor in 'price'");
    if (!(order.quantity > 0)) {
        return problem("accumulated_fill_quantity", "no value above 0, nor in 'original_quantity'");
    }
    return {};
}

}  // namespace

Status read_snapshot(ondemand::object row, std::string_view symbol, ForceOrder& order) {
    order = ForceOrder();
    JsonFields fields("liquidationSnapshot", row);
    order.time_ms = fields.time("time") / millisecond;
    const std::string_view ordered_side = fields.text("side");
    Amounts amounts;
    amounts.quantity = fields.number("original_quantity").value_or(0);
    amounts.price = fields.number("price").value_or(0);
    amounts.average_price = fields.number("average_price").value_or(0);
    amounts.filled = fields.number("accumulated_fill_quantity").value_or(0);
    if (!fields.ok()) return fields.problem();
    return fill(amounts, ordered_side, symbol, order);
}

bool is_snapshot_header(std::string_view line) noexcept { return line.starts_with("time,"); }

Status read_snapshot_line(std::string_view line, std::string_view symbol, ForceOrder& order) {
    order = ForceOrder();
    while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
    std::array<std::string_view, Column::count> cells;
    std::size_t found = 0;
    for (bool more = true; more; ++found) {
        const auto comma = line.find(',');
        if (found < cells.size()) cells[found] = line.substr(0, comma);
        more = comma != std::string_view::npos;
        line.remove_prefix(more ? comma + 1 : line.size());
    }
    if (found != cells.size()) {
        return problem("line", fmt::format("{} columns; expected {}", found, cells.size()));
    }
    Amounts amounts;
    if (!read(cells[Column::time], order.time_ms)) return problem("time", "not an integer");
    if (!read_amount(cells[Column::quantity], amounts.quantity)) {
        return problem("original_quantity", "not a number of 0 or more");
    }
    if (!read_amount(cells[Column::price], amounts.price)) {
        return problem("price", "not a number of 0 or more");
    }
    if (!read_amount(cells[Column::average_price], amounts.average_price)) {
        return problem("average_price", "not a number of 0 or more");
    }
    if (!read_amount(cells[Column::filled], amounts.filled)) {
        return problem("accumulated_fill_quantity", "not a number of 0 or more");
    }
    return fill(amounts, cells[Column::side], symbol, order);
}

}  // namespace spillway::binance
