#include <cmath>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::okx {
namespace {

using venues::Found;
using venues::presence;
using venues::wrong_field;

constexpr std::string_view name = "liquidation-orders";

constexpr std::uint32_t liquidation_fields =
    presence(field::liquidation::price, field::liquidation::quantity, field::liquidation::notional,
             field::liquidation::side, field::liquidation::price_kind,
             field::liquidation::completeness, field::liquidation::raw);

/// `posSide` is the position, `side` the order that closed it: a sale closes a long. In net mode
/// only the order tells.
std::optional<Side> read_side(std::string_view order, std::string_view position) {
    if (order != "buy" && order != "sell") return std::nullopt;
    const Side closed = order == "sell" ? Side::long_position : Side::short_position;
    if (position.empty() || position == "net") return closed;
    if (position == (closed == Side::long_position ? "long" : "short")) return closed;
    return std::nullopt;
}

}  // namespace

/// All orders of one instrument. The stream brings the whole market: what is not decoded is left
/// out.
Status Okx::on_liquidation_orders(dom::object row, std::uint32_t first, const Frame& frame,
                                  Emitter& out) {
    std::string_view id;
    if (Status status = read_id(name, row, id); !status.ok()) return status;
    if (!ids_[id].contract.decoded()) return {};
    dom::array details;
    if (venues::find_array(row, "details", details) != Found::present) {
        return wrong_field(name, "details", "an array of orders");
    }
    for (auto element : details) {
        dom::object order;
        if (element.get_object().get(order)) return venues::no_object();
        if (Status status = on_liquidation(order, id, first, frame, out); !status.ok()) {
            return status;
        }
    }
    return {};
}

Status Okx::on_liquidation(dom::object fields, std::string_view id, std::uint32_t first,
                           const Frame& frame, Emitter& out) {
    std::string_view order, position;
    double price = 0, contracts = 0;
    Time time = 0;
    for (const auto& [key, value] : fields) {
        if (key == "bkPx") {
            if (venues::read_number(value, price) != Found::present || !(price > 0)) {
                return wrong_field(name, "bkPx", "a number above 0");
            }
        } else if (key == "sz") {
            if (venues::read_number(value, contracts) != Found::present || !(contracts > 0)) {
                return wrong_field(name, "sz", "a number above 0");
            }
        } else if (key == "side") {
            if (venues::read_text(value, order) != Found::present) {
                return wrong_field(name, "side", "buy or sell");
            }
        } else if (key == "posSide") {
            if (venues::read_text(value, position) == Found::wrong) {
                return wrong_field(name, "posSide", "long, short, net or nothing");
            }
        } else if (key == "ts") {
            if (venues::read_millis(value, time) != Found::present) {
                return wrong_field(name, "ts", "milliseconds since 1970");
            }
        }
    }
    if (price == 0) return wrong_field(name, "bkPx", "a number above 0");
    if (contracts == 0) return wrong_field(name, "sz", "a number above 0");
    if (time == 0) return wrong_field(name, "ts", "milliseconds since 1970");
    const std::optional<Side> side = read_side(order, position);
    if (!side) {
        return bad_record(fmt::format("{}: side '{}' and posSide '{}' name no liquidated position; "
                                      "expected sell of a long or buy of a short",
                                      name, order.substr(0, 16), position.substr(0, 16)),
                          "side");
    }
    const Known& known = ids_[id];
    if (!known.contract.decoded()) return {};
    if (!known.contract.sized()) return size_not_known(name, id);
    const bool inverse = known.contract.settlement == Settlement::inverse;
    const double sized = contracts * known.contract.size;
    const double notional = inverse ? sized : sized * price;
    const double quantity = inverse ? sized / price : sized;
    if (!std::isfinite(notional) || !std::isfinite(quantity)) {
        return wrong_field(name, "sz", "a size and a price that a value can be made of");
    }

    Event& event = begin_event(Kind::liquidation, time, known, frame, out);
    event.flags = flag_raw_in_block;
    event.kind_and_presence |= liquidation_fields;
    LiquidationPayload& liquidation = event.liquidation;
    liquidation.price = price;
    liquidation.quantity = quantity;
    liquidation.notional = notional;
    liquidation.raw = raw_range(out, frame.bytes);
    liquidation.side = *side;
    liquidation.price_kind = PriceKind::bankruptcy;
    liquidation.completeness = Completeness::sampled;
    if (needs_ids()) {
        // Of the contracts as sent: a size that the list corrects later changes no id.
        venues::set_row_id(event, hash_text(name), known.hash, price, contracts,
                           static_cast<double>(*side),
                           venues::equal_liquidations_before(out.batch(), first, event));
    }
    return {};
}

}  // namespace spillway::okx
