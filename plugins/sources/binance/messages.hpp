#pragma once

#include <string_view>

#include <simdjson.h>

#include <spillway/kind.hpp>
#include <spillway/status.hpp>

#include "channels.hpp"
#include "common/venues/json_fields.hpp"
#include "writer.hpp"

namespace spillway::binance {

using venues::is_plausible;
using venues::json_problem;
using venues::JsonFields;
namespace ondemand = simdjson::ondemand;

// One function for each message of a stream and each row of a REST answer. A row that names a
// contract which is not quoted in dollars emits nothing: lists of the whole venue hold such, too.

// ---- mark_price.cpp ----
[[nodiscard]] Status decode_mark_price(ondemand::object message, const Writer& writer);
[[nodiscard]] Status decode_index_price(ondemand::object message, const Writer& writer);
[[nodiscard]] Status decode_premium_index(ondemand::object row, const Writer& writer);

// ---- funding.cpp ----
/// A settled rate. `previous` is when the row before it was settled: what lies between is what the
/// rate covers; it is 0 for the first row of an answer and is moved on.
[[nodiscard]] Status decode_funding_rate(ondemand::object row, const Writer& writer,
                                         Time& previous);
[[nodiscard]] Status decode_funding_info(ondemand::object row, const Writer& writer);

// ---- trades.cpp ----
[[nodiscard]] Status decode_aggregate_trade(ondemand::object message, const Writer& writer);
[[nodiscard]] Status decode_trade(ondemand::object message, const Writer& writer);

// ---- tickers.cpp ----
[[nodiscard]] Status decode_ticker(ondemand::object message, const Writer& writer);
[[nodiscard]] Status decode_kline(ondemand::object message, const Writer& writer);

// ---- depth.cpp ----
/// A whole book: the answer of `depth`, or a message of `depth5`, `depth10`, `depth20`.
[[nodiscard]] Status decode_depth(ondemand::object book, const Channel& channel,
                                  const Writer& writer);

// ---- statistics.cpp ----
[[nodiscard]] Status decode_open_interest(ondemand::object row, const Writer& writer);
[[nodiscard]] Status decode_open_interest_history(ondemand::object row, const Channel& channel,
                                                  const Writer& writer);
[[nodiscard]] Status decode_long_short_ratio(ondemand::object row, const Channel& channel,
                                             Population population, const Writer& writer);

// ---- instruments.cpp ----
/// The whole answer of `exchangeInfo`; the writer's contracts learn from it.
[[nodiscard]] Status decode_exchange_info(ondemand::object answer, const Writer& writer);
[[nodiscard]] Status decode_contract_info(ondemand::object message, const Writer& writer);

}  // namespace spillway::binance
