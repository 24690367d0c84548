#include <algorithm>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "common/venues/iso_time.hpp"
#include "plugin.hpp"
#include "reply_error.hpp"

namespace spillway::coingecko {
namespace {

namespace dom = venues::dom;
using venues::Found;
using venues::wrong_field;

constexpr std::string_view simple_price = "simple/price";
constexpr std::string_view coins_markets = "coins/markets";
/// Ids come from the channel, which we wrote: a bound against nonsense only.
constexpr std::size_t most_missing = 1024;

/// A number of 0 or more. Zero is what the venue writes for a coin that nobody trades.
Status read_amount(dom::object row, std::string_view message, std::string_view key,
                   std::optional<double>& amount) {
    double number = 0;
    const Found found = venues::find_number(row, key, number);
    if (found == Found::wrong || number < 0) return wrong_field(message, key, "a number or null");
    if (found == Found::present && number > 0) amount = number;
    return {};
}

}  // namespace

Status CoinGecko::begin(const NodeSetup&) {
    coins_.emplace(options.ids);
    return {};
}

Status CoinGecko::on(const Frame& frame, Emitter& out) {
    const auto on_any = [&] { return on_response(frame, out); };
    return health_.route(frame, out, on_any, on_any);
}

Status CoinGecko::on_response(const Frame& frame, Emitter& out) {
    const std::string_view name = venues::Poll(text_of(frame.channel)).name_after("/api/v3/");
    Frame shown = frame;
    dom::object reply;
    if (frame.http_status != 200 && venues::read_message(parser_, frame.bytes, reply).ok()) {
        if (const auto error = read_error(reply)) shown.bytes = error->text;
    }
    if (health_.on_bad_status(shown, Kind::price, name, out)) return {};
    return on_reply(frame, out);
}

Status CoinGecko::on_reply(const Frame& frame, Emitter& out) {
    const venues::Poll poll(text_of(frame.channel));
    const std::string_view name = poll.name_after("/api/v3/");
    dom::element document;
    rows_.clear();
    if (const auto code =
            parser_.parse(frame.bytes.data(), frame.bytes.size(), false).get(document)) {
        return bad_record(fmt::format("not a JSON message: {}", simdjson::error_message(code)));
    }
    dom::object reply;
    dom::array list;
    if (document.get_object().get(reply) == simdjson::SUCCESS) {
        if (const auto error = read_error(reply)) {
            health_.on_failed_poll(frame, Kind::price, error->text, out);
            return {};
        }
    }
    Status status;
    if (name == simple_price) {
        if (!document.is_object()) return bad_record("simple/price: no JSON object");
        status = read_simple_prices(reply);
    } else if (name == coins_markets) {
        if (document.get_array().get(list)) return bad_record("coins/markets: no JSON array");
        status = read_markets(list);
    } else {
        return bad_record(
            fmt::format("poll '{}' is not decoded; expected simple/price or "
                        "coins/markets",
                        poll.name().substr(0, 64)));
    }
    if (!status.ok()) return status;
    for (const Row& row : rows_) emit_price(row, frame, out);
    tell_missing(poll["ids"], frame, out);
    health_.on_poll(frame, out);
    return {};
}

/// `{"bitcoin":{"usd":3461.27,"usd_24h_vol":..,"last_updated_at":..},..}`
Status CoinGecko::read_simple_prices(dom::object coins) {
    for (const auto& [id, value] : coins) {
        dom::object coin;
        Row row;
        row.id = id;
        if (value.get_object().get(coin)) {
            return bad_record(fmt::format("simple/price: {}: expected an object", id));
        }
        if (Status status = read_amount(coin, simple_price, "usd", row.price); !status.ok()) {
            return status;
        }
        if (Status status = read_amount(coin, simple_price, "usd_24h_vol", row.volume);
            !status.ok()) {
            return status;
        }
        dom::element updated;
        std::int64_t seconds = 0;
        if (venues::find_value(coin, "last_updated_at", updated) == Found::present) {
            const Found found = venues::read_integer(updated, seconds);
            const bool is_time =
                seconds >= earliest_event_time / second && seconds < latest_event_time / second;
            if (found == Found::wrong || (found == Found::present && !is_time)) {
                return wrong_field(simple_price, "last_updated_at", "seconds since 1970");
            }
            if (found == Found::present) row.time = seconds * second;
        }
        rows_.push_back(row);
    }
    return {};
}

/// `[{"id":"bitcoin","current_price":27328,"total_volume":..,"last_updated":"2023-04-22T.."},..]`
Status CoinGecko::read_markets(dom::array coins) {
    for (const dom::element value : coins) {
        dom::object coin;
        Row row;
        std::string_view updated;
        if (value.get_object().get(coin)) return venues::no_object();
        if (venues::find_text(coin, "id", row.id) != Found::present) {
            return wrong_field(coins_markets, "id", "the id of a coin");
        }
        if (Status status = read_amount(coin, coins_markets, "current_price", row.price);
            !status.ok()) {
            return status;
        }
        if (Status status = read_amount(coin, coins_markets, "total_volume", row.volume);
            !status.ok()) {
            return status;
        }
        const Found found = venues::find_text(coin, "last_updated", updated);
        if (found == Found::present) row.time = venues::read_iso_time(updated);
        if (found == Found::wrong || (found == Found::present && !row.time)) {
            return wrong_field(coins_markets, "last_updated", "a time like 2023-04-22T04:30:36Z");
        }
        rows_.push_back(row);
    }
    return {};
}

void CoinGecko::emit_price(const Row& row, const Frame& frame, Emitter& out) {
    const std::string_view market = coins_->market_of(row.id);
    if (market.empty() || !row.price) return;
    Event& event = out.emit(Kind::price);
    event.event_time = row.time.value_or(frame.receive_time);
    event.venue = frame.venue;
    event.instrument = instrument_id(market);
    event.price.last = *row.price;
    event.set_present(field::price::last);
    if (row.volume) {
        event.price.volume_usd = *row.volume;
        event.set_present(field::price::volume_usd);
    }
    if (setup().needs_ids) {
        venues::set_row_id(event, hash_text("price"), hash_text(row.id), *row.price,
                           row.volume.value_or(0));
    }
}

bool CoinGecko::has_price(std::string_view id) const {
    return std::any_of(rows_.begin(), rows_.end(),
                       [&](const Row& row) { return row.id == id && row.price; });
}

void CoinGecko::tell_missing(std::string_view asked, const Frame& frame, Emitter& out) {
    while (!asked.empty()) {
        const std::string_view id = asked.substr(0, asked.find(','));
        asked.remove_prefix(std::min(asked.size(), id.size() + 1));
        const auto known = std::find(missing_.begin(), missing_.end(), id);
        const bool is_missing = !id.empty() && !has_price(id);
        if (is_missing == (known != missing_.end())) continue;
        const std::string_view market = coins_->market_of(id);
        if (market.empty()) continue;
        if (is_missing) {
            if (missing_.size() >= most_missing) continue;
            missing_.emplace_back(id);
            venues::emit_status(frame, FeedState::gap, Kind::price, market,
                                fmt::format("CoinGecko has no price of '{}'", id), out);
        } else {
            missing_.erase(known);
            venues::emit_status(frame, FeedState::resumed, Kind::price, market,
                                fmt::format("CoinGecko has a price of '{}' again", id), out);
        }
    }
}

}  // namespace spillway::coingecko
