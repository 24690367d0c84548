#include <cmath>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::okx {
namespace {

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
Status Okx::on_liquidation_orders(ondemand::object row, std::uint32_t first, const Frame& frame,
                                  Emitter& out) {
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    auto details = fields.array("details");
    if (!details) fields.refuse("details", "expected an array of orders");
    if (!fields.ok()) return fields.problem();
    for (auto element : *details) {
        ondemand::object order;
        if (element.get_object().get(order)) return venues::no_object();
        if (Status status = on_liquidation(order, id, *known, first, frame, out); !status.ok()) {
            return status;
        }
    }
    return {};
}

Status Okx::on_liquidation(ondemand::object order, std::string_view id, const Known& known,
                           std::uint32_t first, const Frame& frame, Emitter& out) {
    JsonFields fields(name, order);
    Liquidated liquidated;
    liquidated.price = fields.positive("bkPx");
    const std::string_view position = fields.text_or_none("posSide");
    const std::string_view closing = fields.text("side");
    liquidated.contracts = fields.positive("sz");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    const std::optional<Side> side = read_side(closing, position);
    if (!side) {
        return bad_record(fmt::format("{}: side '{}' and posSide '{}' name no liquidated position; "
                                      "expected sell of a long or buy of a short",
                                      name, closing.substr(0, 16), position.substr(0, 16)),
                          "side");
    }
    liquidated.side = *side;
    return emit_liquidation(liquidated, time, id, known, first, frame, out);
}

Status Okx::emit_liquidation(const Liquidated& order, Time time, std::string_view id,
                             const Known& known, std::uint32_t first, const Frame& frame,
                             Emitter& out) {
    if (!known.contract.sized()) return size_not_known(name, id);
    const bool inverse = known.contract.settlement == Settlement::inverse;
    const double sized = order.contracts * known.contract.size;
    const double notional = inverse ? sized : sized * order.price;
    const double quantity = inverse ? sized / order.price : sized;
    if (!std::isfinite(notional) || !std::isfinite(quantity)) {
        return wrong_field(name, "sz", "a size and a price that a value can be made of");
    }

    Event& event = begin_event(Kind::liquidation, time, known, frame, out);
    event.flags = flag_raw_in_block;
    event.kind_and_presence |= liquidation_fields;
    LiquidationPayload& liquidation = event.liquidation;
    liquidation.price = order.price;
    liquidation.quantity = quantity;
    liquidation.notional = notional;
    liquidation.raw = raw_range(out, frame.bytes);
    liquidation.side = order.side;
    liquidation.price_kind = PriceKind::bankruptcy;
    liquidation.completeness = Completeness::sampled;
    if (needs_ids()) {
        // Of the contracts as sent: a size that the list corrects later changes no id.
        venues::set_row_id(event, hash_text(name), known.hash, order.price, order.contracts,
                           static_cast<double>(order.side),
                           venues::equal_liquidations_before(out.batch(), first, event));
    }
    return {};
}

}  // namespace spillway::okx
