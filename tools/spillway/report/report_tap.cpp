#include "report/report_tap.hpp"

#include <optional>
#include <utility>

#include <spillway/fields.hpp>

#include "report/feed_stop.hpp"

namespace spillway::report {
namespace {

/// Lending protocols: their liquidations are calls on a chain, not forced orders of an exchange.
constexpr std::string_view on_chain_prefix = "aave";

Direction direction_of(spillway::Direction direction) {
    switch (direction) {
        case spillway::Direction::down:
            return Direction::down;
        case spillway::Direction::up:
            return Direction::up;
        case spillway::Direction::none:
            break;
    }
    return Direction::none;
}

Side side_of(spillway::Side side) {
    return side == spillway::Side::long_position ? Side::longs : Side::shorts;
}

Severity severity_of(spillway::Severity severity) {
    switch (severity) {
        case spillway::Severity::critical:
            return Severity::critical;
        case spillway::Severity::warning:
            return Severity::warning;
        case spillway::Severity::info:
        case spillway::Severity::none:
            break;
    }
    return Severity::info;
}

SourceStatusRecord::Status status_of(FeedState state) {
    using enum SourceStatusRecord::Status;
    switch (state) {
        case FeedState::gap:
        case FeedState::disconnected:
            return gap;
        case FeedState::stale:
            return stale;
        case FeedState::resumed:
            return resumed;
        case FeedState::dropped:
            return dropped;
        case FeedState::connected:
            break;
    }
    return connected;
}

std::optional<double> given(const Event& event, unsigned field, double value) {
    return event.has(field) ? std::optional{value} : std::nullopt;
}

}  // namespace

Status ReportTap::configure(std::span<const OptionValue>) noexcept { return {}; }
/// After a restart the rows since the last epoch come again: the report covers what follows.
Status ReportTap::open(const SinkSetup&) noexcept {
    return detail::guarded([&]() -> Status {
        if (std::exchange(opened_, true)) collector_ = Collector();
        return {};
    });
}
Status ReportTap::flush(std::uint64_t) noexcept { return {}; }
Status ReportTap::close() noexcept { return {}; }

Status ReportTap::write(const SinkRows& rows) noexcept {
    return detail::guarded([&]() -> Status {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            add(rows.batch[rows.rows[k]], rows.batch);
        }
        return {};
    });
}

void ReportTap::add(const Event& event, const Batch& batch) {
    switch (event.kind()) {
        case Kind::price:
            return add_price(event);
        case Kind::bar:
            return add_bar(event);
        case Kind::open_interest:
            return add_open_interest(event);
        case Kind::liquidation:
            return add_liquidation(event);
        case Kind::liquidation_sum:
            return add_liquidation_sum(event);
        case Kind::funding_rate:
            return add_input(event, InputKind::funding_rate);
        case Kind::long_short_ratio:
            return add_input(event, InputKind::long_short_ratio);
        case Kind::stablecoin_flow:
            return add_input(event, InputKind::stablecoin_flow);
        case Kind::score:
            return add_score(event, batch);
        case Kind::cascade:
            return add_cascade(event, batch);
        case Kind::alert:
            return add_alert(event);
        case Kind::source_status:
            return add_source_status(event, batch);
        case Kind::trade:
        case Kind::depth:
        case Kind::instrument:
        case Kind::extension:
            break;
    }
}

std::string_view ReportTap::stream_of(const Event& event) {
    stream_ = text_of(event.venue);
    stream_ += ' ';
    stream_ += text_of(event.instrument);
    return stream_;
}

void ReportTap::add_price(const Event& event) {
    const PricePayload& price = event.price;
    const bool has_mark = event.has(field::price::mark);
    if (!has_mark && !event.has(field::price::last)) return;
    PriceRecord record{event.event_time, text_of(event.market), stream_of(event)};
    record.interval = event.has(field::price::interval) ? price.interval : 0;
    record.price = has_mark ? price.mark : price.last;
    collector_.add(record);
}

void ReportTap::add_bar(const Event& event) {
    const BarPayload& bar = event.bar;
    if (!event.has(field::bar::close)) return;
    PriceRecord record{event.event_time, text_of(event.market), stream_of(event)};
    record.interval = event.has(field::bar::interval) ? bar.interval : 0;
    record.price = bar.close;
    record.high = given(event, field::bar::high, bar.high);
    record.low = given(event, field::bar::low, bar.low);
    collector_.add(record);
}

void ReportTap::add_open_interest(const Event& event) {
    const OpenInterestPayload& interest = event.open_interest;
    OpenInterestRecord record{event.event_time, text_of(event.market), stream_of(event)};
    record.interval = event.has(field::open_interest::interval) ? interest.interval : 0;
    record.base = given(event, field::open_interest::base, interest.base);
    collector_.add(record);
}

void ReportTap::add_liquidation(const Event& event) {
    const std::string_view venue = text_of(event.venue);
    collector_.add(LiquidationRecord{
        event.event_time, text_of(event.market), venue, side_of(event.liquidation.side),
        given(event, field::liquidation::notional, event.liquidation.notional),
        venue.starts_with(on_chain_prefix)});
}

void ReportTap::add_liquidation_sum(const Event& event) {
    const LiquidationSumPayload& sum = event.liquidation_sum;
    collector_.add(LiquidationSumRecord{
        event.event_time, text_of(event.market), text_of(event.venue),
        event.has(field::liquidation_sum::interval) ? sum.interval : 0,
        event.has(field::liquidation_sum::long_notional) ? sum.long_notional : 0,
        event.has(field::liquidation_sum::short_notional) ? sum.short_notional : 0});
}

void ReportTap::add_input(const Event& event, InputKind kind) {
    collector_.add(
        InputRecord{event.event_time, text_of(event.market), text_of(event.venue), kind});
}

void ReportTap::add_score(const Event& event, const Batch& batch) {
    const ScorePayload& score = event.score;
    ScoreRecord record{event.event_time, text_of(event.market), text_of(score.name),
                       direction_of(score.direction)};
    record.trial = (event.flags & flag_trial) != 0;
    record.warming_up = score.warming_up;
    record.value = given(event, field::score::value, score.value);
    record.coverage = score.coverage;
    contributions_.clear();
    if (const auto* parts = batch.blob_as<spillway::Contribution>(event, 0, score.contributions)) {
        for (std::uint32_t i = 0; i < score.contributions; ++i) {
            contributions_.push_back(
                {text_of(parts[i].component),
                 parts[i].missing ? std::nullopt : std::optional{parts[i].points}});
        }
    }
    record.contributions = contributions_;
    // Episodes follow the headline of `risk`; coverage follows the directions that it repeats.
    if (score.headline && record.name == "risk") {
        record.headline = true;
        collector_.add(record);
    }
    if (!score.headline || score.direction == spillway::Direction::none) {
        record.headline = false;
        collector_.add(record);
    }
}

void ReportTap::add_cascade(const Event& event, const Batch& batch) {
    const CascadePayload& cascade = event.cascade;
    const auto* detail = batch.blob_as<CascadeDetail>(event);
    CascadeRecord record{{cascade.cascade.high, cascade.cascade.low}, text_of(event.market)};
    if (event.has(field::cascade::side)) record.side = side_of(cascade.side);
    record.start = cascade.start;
    record.last = cascade.last;
    record.liquidations = std::uint64_t{cascade.long_count} + cascade.short_count;
    record.notional = cascade.long_notional + cascade.short_notional;
    record.venues = detail != nullptr ? detail->venues : 1;
    record.closed = cascade.state == CascadeState::closed;
    collector_.add(record);
}

/// The first message of an alert; later ones repeat it or name more markets.
bool ReportTap::begins(const Event& alert) {
    if (alert.alert.state == AlertState::resolved) {
        announced_.erase(alert.alert.episode);
        return false;
    }
    return announced_.insert(alert.alert.episode).second;
}

void ReportTap::add_alert(const Event& event) {
    const AlertPayload& alert = event.alert;
    AlertRecord record{event.event_time, text_of(event.market), direction_of(alert.direction),
                       severity_of(alert.severity)};
    record.resolved = alert.state == AlertState::resolved;
    record.degraded_data = alert.type == AlertType::data;
    const bool counted_once = record.degraded_data || event.market == market_wide();
    if (!counted_once || begins(event)) collector_.add(record);
}

void ReportTap::add_source_status(const Event& event, const Batch& batch) {
    if (is_stop(event, batch)) return;
    const SourceStatusPayload& status = event.source_status;
    const std::string_view venue = text_of(event.venue);
    collector_.add(SourceStatusRecord{
        event.event_time, venue.empty() ? std::string_view("source") : venue,
        status_of(status.state), event.has(field::source_status::dropped) ? status.dropped : 0});
}

}  // namespace spillway::report
