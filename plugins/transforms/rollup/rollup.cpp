#include <algorithm>

#include <spillway/fields.hpp>

#include "common/fields/number_reader.hpp"
#include "plugin.hpp"

namespace spillway::rollup {

Status Rollup::check() {
    wanted_.fill(false);
    for (std::size_t i = 0; i < options.tables.size(); ++i) {
        const auto found = std::find(table_names.begin(), table_names.end(), options.tables[i]);
        if (found == table_names.end()) {
            return bad_option("tables[" + std::to_string(i) + "]",
                              "there is no rollup '" + options.tables[i] + "'" +
                                  fields::suggest(options.tables[i], table_names));
        }
        wanted_[static_cast<std::size_t>(found - table_names.begin())] = true;
    }
    for (const auto& [market, step] : options.step) {
        if (!(step > 0)) return bad_option("step", "the step of " + market + " is not above 0");
    }
    return {};
}

Status Rollup::on(Book& book, const Event& event, Context& context) {
    bool late = false;
    switch (event.kind()) {
        case Kind::funding_rate: {
            if (!event.has(field::funding_rate::rate)) break;
            const RowKey key{.table = Table::funding_rates_1h,
                             .venue = event.venue,
                             .instrument = event.instrument};
            if (Bucket* bucket = row(book, key, event.event_time, context, late)) {
                bucket->figures.add(event.funding_rate.rate, event.event_time);
            }
            break;
        }
        case Kind::open_interest:
            late = add_open_interest(book, event, context);
            break;
        case Kind::liquidation:
            late = add_liquidation(book, event, context);
            break;
        case Kind::cascade:
            late = add_members(book, event, context);
            break;
        default:
            break;
    }
    if (late) context.late(event);
    return {};
}

Bucket* Rollup::row(Book& book, RowKey key, Time time, Context& context, bool& late) const {
    if (!wanted_[static_cast<std::size_t>(key.table)]) return nullptr;
    key.start = floor_to(time, bucket_length(key.table));
    if (context.watermark() >= key.end() + options.keep_open) {
        late = true;
        return nullptr;
    }
    const std::size_t rows = book.rows().size();
    Bucket& bucket = book.at(key);
    if (book.rows().size() > rows) {
        context.set_event_timer(close_timer, book.first_end() + options.keep_open);
    }
    if (!context.timer_set(write_timer)) {
        context.set_timer(write_timer, floor_to(context.now(), options.every) + options.every);
    }
    return &bucket;
}

/// Coins, else USD: a row sticks to what its first record carried. Contracts alone say nothing
/// without their size: such records are in no row.
bool Rollup::add_open_interest(Book& book, const Event& event, Context& context) const {
    using namespace field::open_interest;
    constexpr std::array<unsigned, 2> units = {base, notional};
    const std::array<double, 2> values = {event.open_interest.base, event.open_interest.notional};
    std::uint8_t unit = 0;
    while (unit < units.size() && !event.has(units[unit])) ++unit;
    if (unit == units.size()) return false;
    bool late = false;
    const RowKey key{
        .table = Table::oi_changes_1h, .venue = event.venue, .instrument = event.instrument};
    Bucket* bucket = row(book, key, event.event_time, context, late);
    if (bucket == nullptr) return late;
    if (bucket->figures.count == 0) bucket->unit = unit;
    if (event.has(units[bucket->unit])) {
        bucket->figures.add(values[bucket->unit], event.event_time);
    }
    return late;
}

/// A liquidation whose USD value is unknown is in no row: sums of USD would be wrong with it.
bool Rollup::add_liquidation(Book& book, const Event& event, Context& context) {
    const LiquidationPayload& order = event.liquidation;
    if (!event.has(field::liquidation::notional)) return false;
    const bool is_long = order.side == Side::long_position;
    bool late = false;
    const auto add = [&](RowKey key) {
        Bucket* bucket = row(book, key, event.event_time, context, late);
        if (bucket == nullptr) return;
        bucket->figures.add(order.notional, event.event_time);
        if (event.has(field::liquidation::quantity)) bucket->quantity += order.quantity;
        ++(is_long ? bucket->longs : bucket->shorts);
    };
    const RowKey whole{.table = Table::liquidation_exchange_comparison,
                       .venue = event.venue,
                       .instrument = event.instrument};
    add(whole);
    RowKey by_side = whole;
    by_side.table = Table::liquidations_hourly;
    by_side.side = order.side;
    add(by_side);
    if (event.has(field::liquidation::price) && order.price > 0) {
        if (!book.step.known()) {
            const auto chosen = options.step.find(std::string(current_key()));
            book.step = chosen != options.step.end() ? PriceStep(chosen->second)
                                                     : PriceStep::for_price(order.price);
        }
        by_side.table = Table::liquidation_price_levels;
        by_side.level = book.step.level_of(order.price);
        add(by_side);
    }
    add({.table = Table::liquidations_1h, .side = order.side, .instrument = event.instrument});
    return late;
}

/// Marks the rows of a cascade's new members, and adds them to its own; a member is told of once.
bool Rollup::add_members(Book& book, const Event& event, Context& context) const {
    const Batch& batch = context.batch();
    const auto* detail = batch.blob_as<CascadeDetail>(event);
    if (detail == nullptr) return false;
    const std::size_t at = sizeof(CascadeDetail) + detail->venues * sizeof(CascadeVenue);
    const auto* members = batch.blob_as<CascadeMember>(event, at, detail->members);
    bool late = false;
    for (std::uint32_t i = 0; members != nullptr && i < detail->members; ++i) {
        RowKey key{.table = Table::liquidation_exchange_comparison,
                   .venue = members[i].venue,
                   .instrument = members[i].instrument};
        if (Bucket* bucket = row(book, key, members[i].time, context, late)) {
            bucket->add_cascade(event.cascade.cascade);
        }
        key.table = Table::liquidations_hourly;
        key.side = members[i].side;
        if (Bucket* bucket = row(book, key, members[i].time, context, late)) {
            bucket->add_cascade(event.cascade.cascade);
            bucket->add_risk(detail->risk);
        }
        const RowKey own{.table = Table::liquidation_cascades,
                         .instrument = members[i].instrument,
                         .cascade = event.cascade.cascade};
        if (Bucket* bucket = row(book, own, members[i].time, context, late)) {
            bucket->figures.add(members[i].notional, members[i].time);
            ++(members[i].side == Side::long_position ? bucket->longs : bucket->shorts);
            bucket->add_venue(members[i].venue);
            bucket->add_risk(detail->risk);
        }
    }
    return late;
}

void Rollup::write(Bucket& bucket, const Book& book, Context& context) const {
    if (!bucket.changed || !RowWriter::complete(bucket)) return;
    bucket.changed = false;
    writer_.write(bucket, market_id(current_key()), book.step, context.out());
}

void Rollup::on_timer(Book& book, TimerId, Time, Context& context) {
    for (Bucket& bucket : book.rows()) write(bucket, book, context);
}

void Rollup::on_event_timer(Book& book, TimerId, Time due, Context& context) {
    const Time closed = due - options.keep_open;
    for (Bucket& bucket : book.rows()) {
        if (bucket.key.end() <= closed) write(bucket, book, context);
    }
    book.close_until(closed);
    if (const Time next = book.first_end(); next != time_never) {
        context.set_event_timer(close_timer, next + options.keep_open);
    }
}

}  // namespace spillway::rollup
